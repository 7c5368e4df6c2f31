package io.callrecords.cli.check;

/** Finds out one thing that the API does. */
interface FactProbe {
  /** Asks what it has to, beyond what the survey has asked already. */
  Fact examine(Survey survey) throws InterruptedException;
}
