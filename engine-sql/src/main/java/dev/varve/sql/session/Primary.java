// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.List;
import java.util.Optional;

/// Where statements run that change what several servers share: one server takes the writes of all.
/// Safe for threads.
public interface Primary {
  /// Nobody else is there.
  Primary HERE =
      new Primary() {
        @Override
        public Optional<Done> run(Order order, Waiting waiting) {
          return Optional.empty();
        }

        @Override
        public void dropReplica(String replica) {
          throw new VarveException(
              ErrorCode.BAD_ARGUMENTS, "this server is alone; it has no replicas");
        }
      };

  /// A statement on its way.
  ///
  /// @param user who asks, and has said so to this server
  /// @param request its settings are those of session and statement together
  record Order(String user, String database, Request request) {}

  /// What came of it. Statements that change something give texts, if they give rows.
  record Done(
      long writtenRows, Result.Progress progress, List<String> columns, List<List<String>> rows) {}

  /// Who waits for a statement.
  interface Waiting {
    /// @throws dev.varve.storage.error.VarveException QUERY_WAS_CANCELLED
    void check();

    /// The statement has come so far.
    void told(Result.Progress progress);
  }

  /// Runs a statement at the primary and waits until this server has what it changed.
  ///
  /// @return nothing where the primary is this server, which is to run it itself
  /// @throws dev.varve.storage.error.VarveException what the primary said; TABLE_IS_READ_ONLY where
  ///   there is none in time, UNKNOWN_STATUS_OF_INSERT where it was lost while it ran
  Optional<Done> run(Order order, Waiting waiting);

  /// Takes a server out of the cluster for good.
  ///
  /// @throws dev.varve.storage.error.VarveException BAD_ARGUMENTS where it runs or is unknown
  void dropReplica(String replica);
}
