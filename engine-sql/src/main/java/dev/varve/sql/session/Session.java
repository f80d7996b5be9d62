// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import java.util.List;

/// One client's state: current database, settings, temporary tables. One thread at a time; another
/// may call [#cancel()].
public interface Session extends AutoCloseable {
  /// Runs one statement.
  ///
  /// @throws dev.varve.storage.error.VarveException with code, place and remedy
  Result execute(Request request);

  /// Columns that the statement would give, without running it; empty if it gives none.
  List<ResultColumn> describe(String sql);

  /// How many `?` the statement has.
  int parameterCount(String sql);

  /// Stops the statement that runs in this session, if any.
  void cancel();

  String database();

  void useDatabase(String database);

  @Override
  void close();
}
