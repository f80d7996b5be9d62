// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.shell;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/// Completes keywords, functions, the tables and columns of the current database, and settings
/// behind `SET` and `SETTINGS`. Names are read again when they are older than a few seconds, so
/// that a table just made is known.
final class SqlCompleter implements Completer {
  private static final long FRESH_NANOS = 5_000_000_000L;

  /// Where only the name of a setting can follow.
  private static final Pattern SETTING_NEXT =
      Pattern.compile(
          "\\b(SET|SETTINGS)\\s+([A-Za-z_]\\w*\\s*=\\s*[^,;]+,\\s*)*$", Pattern.CASE_INSENSITIVE);

  private static final List<String> KEYWORDS =
      List.of(
          "ALTER TABLE",
          "AND",
          "AS",
          "BETWEEN",
          "BY",
          "CASE",
          "CAST",
          "COUNT",
          "CREATE DATABASE",
          "CREATE TABLE",
          "CREATE VIEW",
          "DELETE FROM",
          "DESC",
          "DESCRIBE TABLE",
          "DISTINCT",
          "DROP TABLE",
          "ELSE",
          "END",
          "ENGINE",
          "EXISTS",
          "EXPLAIN",
          "FINAL",
          "FORMAT",
          "FROM",
          "GROUP BY",
          "HAVING",
          "IN",
          "INNER JOIN",
          "INSERT INTO",
          "IS NOT NULL",
          "IS NULL",
          "JOIN",
          "LEFT JOIN",
          "LIKE",
          "LIMIT",
          "NOT",
          "NULL",
          "ON",
          "OPTIMIZE TABLE",
          "OR",
          "ORDER BY",
          "PARTITION BY",
          "PRIMARY KEY",
          "SELECT",
          "SET",
          "SETTINGS",
          "SHOW DATABASES",
          "SHOW TABLES",
          "THEN",
          "TRUNCATE TABLE",
          "UNION ALL",
          "USE",
          "USING",
          "VALUES",
          "WHEN",
          "WHERE",
          "WITH");

  private final Connection connection;
  private TreeSet<String> names = new TreeSet<>();
  private long readAt = System.nanoTime() - FRESH_NANOS;
  private List<String> functions;
  private List<String> settings;

  SqlCompleter(Connection connection) {
    this.connection = connection;
  }

  /// The words of all keywords.
  static Set<String> keywords() {
    return KEYWORDS.stream()
        .flatMap(keyword -> Arrays.stream(keyword.split(" ")))
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    String word = line.word().substring(0, line.wordCursor());
    String before = line.line().substring(0, line.cursor() - line.wordCursor());
    if (before.endsWith("\\")) {
      return;
    }
    if (SETTING_NEXT.matcher(before).find()) {
      settings().stream().filter(s -> s.startsWith(word)).forEach(s -> add(s, candidates));
      return;
    }
    if (!before.endsWith(".")) {
      keywords(word, candidates);
      functions(word, candidates);
    }
    for (String name : names()) {
      if (name.startsWith(word)) {
        add(name, candidates);
      }
    }
  }

  private static void add(String name, List<Candidate> candidates) {
    candidates.add(new Candidate(name));
  }

  private static void keywords(String word, List<Candidate> candidates) {
    String upper = word.toUpperCase(Locale.ROOT);
    boolean small = !word.isEmpty() && !word.equals(upper);
    for (String keyword : KEYWORDS) {
      if (keyword.startsWith(upper)) {
        add(small ? keyword.toLowerCase(Locale.ROOT) : keyword, candidates);
      }
    }
  }

  /// Functions only once something is typed: there are more than a thousand. The parenthesis is
  /// part of what is filled in, with no blank behind it.
  private void functions(String word, List<Candidate> candidates) {
    if (word.isEmpty()) {
      return;
    }
    for (String function : functions()) {
      if (function.startsWith(word)) {
        String call = function + "(";
        candidates.add(new Candidate(call, call, null, null, null, null, false));
      }
    }
  }

  private List<String> functions() {
    if (functions == null) {
      functions = read("SELECT DISTINCT name FROM system.functions ORDER BY name");
    }
    return functions;
  }

  private List<String> settings() {
    if (settings == null) {
      settings =
          read(
              "SELECT name FROM system.settings"
                  + " WHERE description <> 'accepted, without effect' ORDER BY name");
    }
    return settings;
  }

  private List<String> read(String query) {
    List<String> read = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        read.add(rows.getString(1));
      }
    } catch (SQLException e) {
      // As of names(): no completion is better than an error in the middle of typing.
      read.clear();
    }
    return read;
  }

  private TreeSet<String> names() {
    if (System.nanoTime() - readAt < FRESH_NANOS) {
      return names;
    }
    readAt = System.nanoTime();
    try (ResultSet columns =
        connection.getMetaData().getColumns(null, connection.getSchema(), "%", "%")) {
      TreeSet<String> read = new TreeSet<>();
      while (columns.next()) {
        read.add(columns.getString("TABLE_NAME"));
        read.add(columns.getString("COLUMN_NAME"));
      }
      names = read;
    } catch (SQLException e) {
      // No completion is better than an error in the middle of typing; the statement will tell.
      names = new TreeSet<>();
    }
    return names;
  }
}
