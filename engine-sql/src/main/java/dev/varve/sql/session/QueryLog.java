// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// The last statements that ended, newest last. Safe for threads.
final class QueryLog {
  private static final int CAPACITY = 10_000;

  /// The setting by which a client says who it is. It changes no answer, so whoever only reads may
  /// set it too.
  static final String COMMENT = "log_comment";

  /// @param comment what the client said about itself
  /// @param error the message of what it failed with, or empty
  record Entry(
      String id,
      String user,
      String database,
      String sql,
      String comment,
      long startedMillis,
      long durationNanos,
      long readRows,
      long readBytes,
      long writtenRows,
      long resultRows,
      int errorNumber,
      String error) {}

  private final Deque<Entry> entries = new ArrayDeque<>();

  synchronized void add(Entry entry) {
    if (entries.size() == CAPACITY) {
      entries.removeFirst();
    }
    entries.addLast(entry);
  }

  synchronized List<Entry> all() {
    return new ArrayList<>(entries);
  }
}
