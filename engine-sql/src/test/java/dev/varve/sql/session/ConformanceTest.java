// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Cases that users of ClickHouse rely on, kept beside the project: statements of `NAME.sql`, the
/// answers of `NAME.expected`. The folder is `../shared/conformance/clickhouse` from the project's
/// root, or what `-Dvarve.conformance=` names; without it the test is skipped.
///
/// Not all of them hold yet. [#FLOOR] is how many did when last counted: raise it when more do, so
/// that none is lost unseen.
final class ConformanceTest {
  private static final int FLOOR = 182;
  private static final String TIME_LIMIT = "10";
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?\\d+(\\.\\d*)?([eE][-+]?\\d+)?|nan|inf");
  private static final double TOLERANCE = 1e-9;

  @TempDir Path directory;

  private record Expected(int statement, String mode, List<String> rows) {}

  @Test
  void casesThatHeldStillHold() throws IOException {
    hold("conformance", List.of());
  }

  /// Everything that can go to disk does, and operators meet batches of any size.
  @Test
  void theyHoldInLittleMemoryAndSmallBatches() throws IOException {
    hold(
        "conformance-small",
        List.of(
            "SET max_memory_usage = 67108864",
            "SET batch_rows = 1023",
            "SET max_bytes_before_external_sort = 1",
            "SET max_bytes_before_external_group_by = 1",
            "SET max_bytes_before_external_join = 1"));
  }

  private void hold(String name, List<String> settings) throws IOException {
    Path folder = folder();
    assumeTrue(Files.isDirectory(folder), "no conformance cases in " + folder);
    List<String> failures = new ArrayList<>();
    int passed = 0;
    int cases = 0;
    try (EngineFixture engine = new EngineFixture(directory);
        Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".sql")).sorted().toList()) {
        String failure = run(engine, file, "c" + cases++, settings);
        if (failure.isEmpty()) {
          passed++;
        } else {
          failures.add(file.getFileName() + " " + failure);
        }
      }
    }
    Path report = Path.of("target", name + ".txt");
    Files.createDirectories(report.getParent());
    Files.write(report, failures);
    System.out.println("conformance: " + passed + " of " + cases + " cases hold; see " + report);
    assertThat(passed)
        .as("cases that hold; the failures are in %s", report)
        .isGreaterThanOrEqualTo(FLOOR);
  }

  private static Path folder() {
    String given = System.getProperty("varve.conformance", "");
    return given.isEmpty()
        ? Path.of(
            System.getProperty("varve.root", ".."), "..", "shared", "conformance", "clickhouse")
        : Path.of(given);
  }

  /// What failed first, or an empty text.
  private static String run(EngineFixture engine, Path file, String database, List<String> settings)
      throws IOException {
    List<String> statements = statements(Files.readAllLines(file));
    String name = file.getFileName().toString().replace(".sql", ".expected");
    List<Expected> expected = expected(Files.readAllLines(file.resolveSibling(name)));
    try (Session session = engine.session()) {
      EngineFixture.lines(session, "CREATE DATABASE " + database);
      session.useDatabase(database);
      EngineFixture.lines(session, "SET max_execution_time = " + TIME_LIMIT);
      settings.forEach(setting -> EngineFixture.lines(session, setting));
      for (int i = 0; i < statements.size(); i++) {
        int number = i + 1;
        Expected check =
            expected.stream().filter(e -> e.statement() == number).findFirst().orElse(null);
        String failure = step(session, statements.get(i), check);
        if (!failure.isEmpty()) {
          return "#" + number + " " + failure + " << " + statements.get(i).replace('\n', ' ');
        }
      }
    }
    return "";
  }

  private static String step(Session session, String sql, Expected expected) {
    boolean mayFail = expected != null && expected.mode().equals("error");
    List<String> rows;
    try {
      rows = EngineFixture.lines(session, sql);
    } catch (VarveException e) {
      return mayFail ? "" : e.code() + ": " + e.getMessage();
    } catch (RuntimeException | AssertionError | StackOverflowError e) {
      return "!!! " + e;
    }
    if (mayFail) {
      return "an error was expected";
    }
    return expected == null ? "" : compare(expected, rows);
  }

  private static List<String> statements(List<String> lines) {
    List<String> statements = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      if (text.isEmpty() && (line.isBlank() || line.startsWith("--"))) {
        continue;
      }
      text.append(text.isEmpty() ? "" : "\n").append(line);
      if (line.endsWith(";")) {
        statements.add(text.substring(0, text.length() - 1));
        text.setLength(0);
      }
    }
    return statements;
  }

  private static List<Expected> expected(List<String> lines) {
    List<Expected> all = new ArrayList<>();
    int i = 0;
    while (i < lines.size() && lines.get(i).startsWith("#")) {
      String[] head = lines.get(i++).substring(1).split(" ");
      int rows = head[1].equals("error") ? 0 : Integer.parseInt(head[2]);
      all.add(new Expected(Integer.parseInt(head[0]), head[1], lines.subList(i, i + rows)));
      i += rows;
    }
    return all;
  }

  private static String compare(Expected expected, List<String> found) {
    if (found.size() != expected.rows().size()) {
      return "expected " + expected.rows().size() + " rows, found " + found.size();
    }
    List<String> left = new ArrayList<>(found);
    for (int i = 0; i < expected.rows().size(); i++) {
      String wanted = expected.rows().get(i);
      boolean ordered = expected.mode().equals("ordered");
      String match =
          ordered
              ? (sameRow(wanted, left.getFirst()) ? left.getFirst() : null)
              : left.stream().filter(row -> sameRow(wanted, row)).findFirst().orElse(null);
      if (match == null) {
        return "row " + (i + 1) + ": expected " + wanted + ", found " + left.getFirst();
      }
      left.remove(match);
    }
    return "";
  }

  private static boolean sameRow(String wanted, String found) {
    String[] a = wanted.split("\t", -1);
    String[] b = found.split("\t", -1);
    if (a.length != b.length) {
      return false;
    }
    for (int i = 0; i < a.length; i++) {
      if (!a[i].equals(b[i]) && !sameNumbers(plain(a[i]), plain(b[i]))) {
        return false;
      }
    }
    return true;
  }

  /// Booleans as numbers, and no blanks behind commas: spellings that say the same.
  private static String plain(String cell) {
    return switch (cell) {
      case "true" -> "1";
      case "false" -> "0";
      default -> cell.replace(", ", ",");
    };
  }

  /// Whether two texts differ at most in how the numbers in them are written.
  private static boolean sameNumbers(String wanted, String found) {
    Matcher a = NUMBER.matcher(wanted);
    Matcher b = NUMBER.matcher(found);
    int endA = 0;
    int endB = 0;
    while (a.find()) {
      if (!b.find()
          || !wanted.substring(endA, a.start()).equals(found.substring(endB, b.start()))
          || !sameNumber(a.group(), b.group())) {
        return false;
      }
      endA = a.end();
      endB = b.end();
    }
    return wanted.substring(endA).equals(found.substring(endB));
  }

  private static boolean sameNumber(String wanted, String found) {
    if (wanted.equals(found) || !Character.isDigit(wanted.charAt(wanted.length() - 1))) {
      return wanted.equals(found);
    }
    if (!Character.isDigit(found.charAt(found.length() - 1))) {
      return false;
    }
    BigDecimal a = new BigDecimal(wanted);
    BigDecimal b = new BigDecimal(found);
    boolean exact = !(wanted + found).matches(".*[.eE].*");
    double distance = Math.abs(a.doubleValue() - b.doubleValue());
    return a.compareTo(b) == 0
        || !exact && distance <= TOLERANCE * Math.max(1e-3, Math.abs(a.doubleValue()));
  }
}
