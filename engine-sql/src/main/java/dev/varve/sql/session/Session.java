// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import java.util.List;
import java.util.Optional;

/// One client's state: current database, settings, temporary tables. One thread at a time; another
/// may call [#cancel()].
public interface Session extends AutoCloseable {
  /// Runs one statement.
  ///
  /// @throws dev.varve.storage.error.VarveException with code, place and remedy
  Result execute(Request request);

  /// Columns that the statement would give, without running it; empty if it gives none.
  List<ResultColumn> describe(String sql);

  /// The `?` of a statement by their numbers, with the types that are wanted there.
  List<ResultColumn> parameters(String sql);

  /// How many `?` the statement has.
  int parameterCount(String sql);

  /// Stops the statement that runs in this session, if any.
  void cancel();

  /// How far the statement that runs in this session has come; empty where none does.
  Optional<Result.Progress> progress();

  String database();

  /// A number that grows with the changes that several servers share: who names it at another one
  /// (`after_change`) sees there what this session has seen and changed. 0 where a server is alone.
  long change();

  void useDatabase(String database);

  @Override
  void close();
}
