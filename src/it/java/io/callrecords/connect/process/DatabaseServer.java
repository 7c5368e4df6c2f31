package io.callrecords.connect.process;

/** A real database server with a database of calls, gone when it is closed. */
interface DatabaseServer extends AutoCloseable {
  /** Where clients find the database, for JDBC. */
  String jdbcUrl();

  /** The user who may do all in it. */
  String user();

  /** The user's password. */
  String password();

  /** Ends the server as its operator does; its data stays. */
  void stop();

  /** Starts the server again after {@link #stop}. Clients have to wait until it accepts them. */
  void startAgain();

  @Override
  void close();
}
