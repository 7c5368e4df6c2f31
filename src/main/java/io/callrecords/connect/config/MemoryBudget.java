package io.callrecords.connect.config;

/**
 * How much of the worker's heap the records may take that a task has received and not handed over
 * yet, by the weights that {@code RowWeight} estimates. A quarter of it is for the bodies of
 * responses in flight, and a quarter for each of the three queues: the live edge, rechecks and
 * backlog, with all that they are reading or keep ready.
 *
 * @param bytes all of it
 * @param concurrentRequests maximum number of requests that the task has in flight
 */
public record MemoryBudget(long bytes, int concurrentRequests) {
  private static final long MEBIBYTE = 1024 * 1024;

  /** More brings no more speed: twenty full pages of usual records weigh some 6 MiB. */
  private static final long MAX_BYTES = 128 * MEBIBYTE;

  private static final long MIN_BYTES = 4 * MEBIBYTE;

  /**
   * The tasks of a connector share a quarter of the heap: the rest is the worker's and others'. So
   * many tasks that each has the least share take more.
   */
  private static final long PART_OF_HEAP = 4;

  private static final int QUEUES = 3;

  /** One connector among others: a single task does not take that quarter alone. */
  private static final int MIN_TASKS = 4;

  /** A hundred records of the documented lengths take less than a tenth of it. */
  private static final long MAX_RESPONSE_BYTES = MEBIBYTE;

  private static final long MIN_RESPONSE_BYTES = 128 * 1024;

  /**
   * The budget of one task.
   *
   * @param maxHeap bytes that the worker's heap may have
   * @param tasks how many tasks the connector has
   * @param concurrentRequests maximum number of requests that the task has in flight
   */
  public static MemoryBudget ofTask(long maxHeap, int tasks, int concurrentRequests) {
    long share = maxHeap / PART_OF_HEAP / Math.max(MIN_TASKS, tasks);
    return new MemoryBudget(Math.max(MIN_BYTES, Math.min(MAX_BYTES, share)), concurrentRequests);
  }

  /** The budget of a task in a large heap. */
  static MemoryBudget ample(int concurrentRequests) {
    return new MemoryBudget(MAX_BYTES, concurrentRequests);
  }

  /**
   * How much of a heap so many tasks with this budget may take beyond the part that they should, in
   * bytes, if one worker runs them all; 0 or less where they keep to it.
   *
   * @param maxHeap bytes that the worker's heap may have
   * @param tasks how many tasks the connector has
   */
  public long excess(long maxHeap, int tasks) {
    return tasks * mostBytes() - maxHeap / PART_OF_HEAP;
  }

  /** All of it, or what many requests in flight take at least, in bytes. */
  public long mostBytes() {
    return (long) concurrentRequests * maxResponseBytes() + QUEUES * maxQueueWeight();
  }

  /** How long the body of a response may be that holds several records, in bytes. */
  public int maxResponseBytes() {
    long part = bytes / 4 / concurrentRequests;
    return (int) Math.max(MIN_RESPONSE_BYTES, Math.min(MAX_RESPONSE_BYTES, part));
  }

  /** How much the rows of a page may weigh together, if they are several, in bytes. */
  public long maxPageWeight() {
    return 2L * maxResponseBytes();
  }

  /** How much a window may weigh that can be cut, in bytes. */
  public long maxWindowWeight() {
    return bytes / 8;
  }

  /** How much all windows of one queue may weigh that are being read or wait, in bytes. */
  public long maxQueueWeight() {
    return bytes / 4;
  }
}
