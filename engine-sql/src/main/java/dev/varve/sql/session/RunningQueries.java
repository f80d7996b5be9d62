// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The statements that run now, by id: for `system.processes`, KILL QUERY and cancel. Safe for
/// threads.
final class RunningQueries {
  private final Map<String, Running> running = new ConcurrentHashMap<>();

  /// @throws VarveException QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING if a statement of this id runs
  ///   already
  void add(Running query) {
    if (running.putIfAbsent(query.id(), query) != null) {
      throw new VarveException(
          ErrorCode.QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING,
          "a query with the id \"" + query.id() + "\" runs already; choose another id");
    }
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
