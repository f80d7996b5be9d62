// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What a connection without auto-commit holds back. Statements that change rows wait here until
/// `commit`, so that `rollback` can drop them; a query in between does not see them. Each statement
/// is atomic by itself, several together are not: a commit that fails says how many it had done.
///
/// Inserts that follow each other with the same text become one insert, visible all at once.
final class Transaction {
  private record Pending(String sql, List<Object> parameters) {}

  private final List<Pending> pending = new ArrayList<>();

  /// Holds a statement back; returns how many rows it will write as far as can be said now: one for
  /// an INSERT of values, and for an UPDATE or DELETE the rows that its condition holds for.
  long add(VarveConnection connection, String sql, List<Object> parameters) throws SQLException {
    long rows = InsertTemplate.of(sql).isPresent() ? 1 : 0;
    Optional<ChangedRows> changed = ChangedRows.of(sql);
    if (changed.isPresent()) {
      rows = connection.count(changed.get().sql(), changed.get().values(parameters));
    }
    pending.add(new Pending(sql, parameters));
    return rows;
  }

  boolean isEmpty() {
    return pending.isEmpty();
  }

  void rollback() {
    pending.clear();
  }

  /// Runs what waits, in order. Whatever happens, nothing waits afterwards.
  void commit(VarveConnection connection) throws SQLException {
    List<Pending> all = List.copyOf(pending);
    pending.clear();
    int done = 0;
    while (done < all.size()) {
      int end = endOfGroup(all, done);
      try {
        runGroup(connection, all.subList(done, end));
      } catch (SQLException e) {
        if (done == 0) {
          throw e;
        }
        throw new SQLException(
            done
                + " of "
                + all.size()
                + " statements were committed, then one failed and the rest was dropped: "
                + e.getMessage(),
            e.getSQLState(),
            e.getErrorCode(),
            e);
      }
      done = end;
    }
  }

  private static int endOfGroup(List<Pending> all, int from) {
    String sql = all.get(from).sql();
    int end = from + 1;
    if (InsertTemplate.of(sql).isPresent()) {
      while (end < all.size() && all.get(end).sql().equals(sql)) {
        end++;
      }
    }
    return end;
  }

  private static void runGroup(VarveConnection connection, List<Pending> group)
      throws SQLException {
    String sql = group.get(0).sql();
    insertOrRun(connection, sql, group.stream().map(Pending::parameters).toList(), 0, "");
  }

  /// Runs one statement for each row of parameters, as a single insert where that is possible.
  ///
  /// @return rows written by each
  static long[] insertOrRun(
      VarveConnection connection,
      String sql,
      List<List<Object>> rows,
      int timeoutSeconds,
      String queryId)
      throws SQLException {
    Optional<InsertTemplate> template = InsertTemplate.of(sql);
    long[] counts = new long[rows.size()];
    if (template.isPresent() && template.get().arity() == rows.get(0).size()) {
      ByteArrayOutputStream data = new ByteArrayOutputStream();
      rows.forEach(row -> InsertTemplate.write(data, row));
      connection.run(
          template.get().sql(),
          List.of(),
          new ByteArrayInputStream(data.toByteArray()),
          timeoutSeconds,
          queryId);
      Arrays.fill(counts, 1);
      return counts;
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i] = connection.run(sql, rows.get(i), null, timeoutSeconds, queryId);
    }
    return counts;
  }
}
