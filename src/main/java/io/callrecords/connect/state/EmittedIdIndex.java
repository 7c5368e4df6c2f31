package io.callrecords.connect.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells which window owns an emitted id, across all unsettled windows of a task. A record is
 * emitted once because its id has an owner.
 */
public final class EmittedIdIndex {
  private final Map<String, Window> owners = new HashMap<>();

  /** The window that owns an id, or null when the id was not emitted or is settled. */
  @Nullable Window owner(String id) {
    return owners.get(id);
  }

  /** Makes a window the owner of all its ids. */
  void assignAll(Window window) {
    window.offset().ids().forEach((id, fingerprint) -> owners.put(id, window));
  }

  /** Makes a window the owner of an id. */
  void assign(String id, Window window) {
    owners.put(id, window);
  }

  /**
   * Ends a window's ownership of its ids.
   *
   * @return those of its ids that it did not own, since another window had taken them over
   */
  // Comparing by value would compare all ids of the windows, for each id.
  @SuppressWarnings("ReferenceEquality")
  List<String> release(Window window) {
    List<String> notOwned = new ArrayList<>(0);
    window
        .offset()
        .ids()
        .forEach(
            (id, fingerprint) -> {
              if (owners.get(id) == window) {
                owners.remove(id);
              } else {
                notOwned.add(id);
              }
            });
    return notOwned;
  }
}
