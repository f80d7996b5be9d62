// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.logic;

import dev.varve.server.logic.LogicRecord.SortMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Reads the records of a sqllogictest script that are meant for one engine: `skipif` and `onlyif`
/// are resolved here, `halt` ends the script, and `hash-threshold`, which matters only to who
/// writes expected results, is passed over. A line that is none of this is refused.
final class LogicScript {
  private final String engine;
  private final List<String> lines;
  private final List<LogicRecord> records = new ArrayList<>();
  private int at;

  private LogicScript(String engine, List<String> lines) {
    this.engine = engine;
    this.lines = lines;
  }

  static List<LogicRecord> parse(String engine, List<String> lines) {
    LogicScript script = new LogicScript(engine, lines);
    script.readAll();
    return script.records;
  }

  private void readAll() {
    boolean wanted = true;
    boolean halted = false;
    while (at < lines.size() && !halted) {
      int begin = at + 1;
      String[] words = words(lines.get(at++));
      switch (words[0]) {
        case "", "hash-threshold" -> {}
        case "skipif" -> wanted &= !words[1].equals(engine);
        case "onlyif" -> wanted &= words[1].equals(engine);
        case "halt" -> {
          halted = wanted;
          wanted = true;
        }
        case "statement", "query" -> {
          LogicRecord read = words[0].equals("query") ? query(begin, words) : command(begin, words);
          if (wanted) {
            records.add(read);
          }
          wanted = true;
        }
        default -> throw new IllegalArgumentException("line " + begin + ": " + words[0]);
      }
    }
  }

  private static String[] words(String line) {
    int comment = line.indexOf('#');
    return (comment < 0 ? line : line.substring(0, comment)).strip().split("\\s+");
  }

  private LogicRecord command(int begin, String[] words) {
    boolean succeeds =
        switch (words[1]) {
          case "ok" -> true;
          case "error" -> false;
          default -> throw new IllegalArgumentException("line " + begin + ": " + words[1]);
        };
    return new LogicRecord.Command(begin, sql(), succeeds);
  }

  private LogicRecord query(int begin, String[] words) {
    SortMode mode =
        words.length < 3 ? SortMode.NOSORT : SortMode.valueOf(words[2].toUpperCase(Locale.ROOT));
    String sql = sql();
    List<String> expected = new ArrayList<>();
    if (at < lines.size() && lines.get(at).startsWith("----")) {
      at++;
      while (at < lines.size() && !lines.get(at).isEmpty()) {
        expected.add(lines.get(at++));
      }
    }
    return new LogicRecord.Query(begin, sql, words[1], mode, expected);
  }

  private String sql() {
    StringBuilder sql = new StringBuilder();
    while (at < lines.size() && !lines.get(at).isBlank() && !lines.get(at).startsWith("----")) {
      sql.append(sql.isEmpty() ? "" : "\n").append(lines.get(at++));
    }
    return sql.toString();
  }
}
