// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import java.util.ArrayList;
import java.util.List;

/// A `.test` file: blocks with an empty line between them, `#` for comments.
///
/// ```
/// statement
/// CREATE TABLE t (a UInt8) ORDER BY a
///
/// query
/// SELECT a FROM t
/// ----
/// 1
///
/// query unordered
/// …
///
/// error UNKNOWN_TABLE no table
/// SELECT * FROM nowhere
/// ```
///
/// Rows are tab-separated text. An error block names the code and, if it likes, a piece of the
/// message.
record SqlFile(List<Step> steps) {
  /// @param line where the block begins
  /// @param code of the error expected, else empty
  /// @param message a piece of its message
  record Step(int line, Kind kind, String sql, List<String> rows, String code, String message) {}

  enum Kind {
    STATEMENT,
    ORDERED,
    UNORDERED,
    ERROR
  }

  static SqlFile parse(List<String> lines) {
    List<Step> steps = new ArrayList<>();
    int i = 0;
    while (i < lines.size()) {
      String head = lines.get(i);
      if (head.isBlank() || head.startsWith("#")) {
        i++;
        continue;
      }
      int line = i + 1;
      List<String> sql = new ArrayList<>();
      List<String> rows = new ArrayList<>();
      List<String> into = sql;
      for (i++; i < lines.size() && !lines.get(i).isBlank(); i++) {
        if (lines.get(i).equals("----")) {
          into = rows;
        } else {
          into.add(lines.get(i));
        }
      }
      steps.add(step(line, head, String.join("\n", sql), rows));
    }
    return new SqlFile(steps);
  }

  private static Step step(int line, String head, String sql, List<String> rows) {
    String[] words = head.split(" ", 3);
    return switch (words[0]) {
      case "statement" -> new Step(line, Kind.STATEMENT, sql, rows, "", "");
      case "query" ->
          new Step(line, words.length > 1 ? Kind.UNORDERED : Kind.ORDERED, sql, rows, "", "");
      case "error" ->
          new Step(line, Kind.ERROR, sql, rows, words[1], words.length > 2 ? words[2] : "");
      default -> throw new IllegalArgumentException("line " + line + ": no block \"" + head + "\"");
    };
  }
}
