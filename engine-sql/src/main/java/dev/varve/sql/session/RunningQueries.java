// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The statements that run now, by id: for `system.processes`, KILL QUERY and cancel. Safe for
/// threads.
final class RunningQueries {
  private static final int MOST_EARLY = 64;
  private static final long EARLY_NANOS = 1_000_000_000L;

  /// A wish to cancel what had not arrived yet.
  private record Early(String id, long nanoTime) {}

  private final Map<String, Running> running = new ConcurrentHashMap<>();
  private final Deque<Early> early = new ArrayDeque<>();

  /// @throws VarveException QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING if a statement of this id runs
  ///   already
  void add(Running query) {
    if (running.putIfAbsent(query.id(), query) != null) {
      throw new VarveException(
          ErrorCode.QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING,
          "a query with the id \"" + query.id() + "\" runs already; choose another id");
    }
    long now = System.nanoTime();
    synchronized (early) {
      if (early.removeIf(
          wish -> wish.id().equals(query.id()) && now - wish.nanoTime() < EARLY_NANOS)) {
        query.cancel();
      }
    }
  }

  /// Cancels the statement of this id, also one that arrives within a second: who sends it and who
  /// cancels it are two threads. Returns whether it ran.
  boolean cancel(String id) {
    Optional<Running> found = find(id);
    if (found.isEmpty()) {
      synchronized (early) {
        early.addLast(new Early(id, System.nanoTime()));
        if (early.size() > MOST_EARLY) {
          early.removeFirst();
        }
      }
      // It may have arrived between the look and the note.
      found = find(id);
    }
    found.ifPresent(Running::cancel);
    return found.isPresent();
  }

  void remove(Running query) {
    running.remove(query.id(), query);
    query.ended();
  }

  Optional<Running> find(String id) {
    return Optional.ofNullable(running.get(id));
  }

  Collection<Running> all() {
    return List.copyOf(running.values());
  }

  void cancelAll() {
    new ArrayList<>(running.values()).forEach(Running::cancel);
  }
}
