package io.callrecords.cli.reconcile;

/** Is told how far a reconciliation has come. */
interface ReconcileProgress {
  /** Tells nobody. */
  ReconcileProgress NONE = (what, done, of) -> {};

  /**
   * Called now and then.
   *
   * @param what is being done
   * @param done how much of it
   * @param of how much there is; 0 where that is not known
   */
  void at(String what, long done, long of);
}
