package io.callrecords.simulator;

import java.time.Instant;

/** The time of a call that the API compares with the range of a query. */
public enum FilteredTime {
  CALL_START,
  CALL_END,
  CREATION;

  /** The filtered time of a call, in whole seconds. */
  public Instant of(Call call) {
    return switch (this) {
      case CALL_START -> call.start();
      case CALL_END -> call.end();
      case CREATION -> call.created();
    };
  }
}
