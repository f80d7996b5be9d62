// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// What a table shows after inserts, deletes, updates and changes of its columns, by keeping every
/// row of every key in the order of acknowledgement.
final class HistoryModel {
  private final HistoryRule rule;
  private final Map<String, List<Row>> families = new TreeMap<>();
  private final Map<String, List<Row>> detached = new TreeMap<>();
  private final List<String> extras = new ArrayList<>();
  private long plainRows;

  /// A row in the order of the table's columns.
  ///
  /// @param extras values of the columns that come and go, as text
  /// @param family what rows of one key have in common
  /// @param deleted whether it is there only to beat others
  record Row(
      long key,
      long version,
      long sign,
      long gone,
      long value,
      List<String> extras,
      String family,
      boolean deleted) {
    Row withValue(long other) {
      return new Row(key, version, sign, gone, other, extras, family, deleted);
    }

    Row withExtras(List<String> others) {
      return new Row(key, version, sign, gone, value, List.copyOf(others), family, deleted);
    }

    Row withExtra(int at, String text) {
      List<String> others = new ArrayList<>(extras);
      others.set(at, text);
      return withExtras(others);
    }

    private Row asDeleted() {
      return new Row(key, version, sign, gone, value, extras, family, true);
    }

    String text() {
      return text("\t", String.valueOf(value));
    }

    String text(String between, String value) {
      String fixed = String.join(between, key + "", version + "", sign + "", gone + "", value);
      return extras.isEmpty() ? fixed : fixed + between + String.join(between, extras);
    }
  }

  HistoryModel(HistoryRule rule) {
    this.rule = rule;
  }

  HistoryRule rule() {
    return rule;
  }

  /// Names of the columns that come and go.
  List<String> extras() {
    return extras;
  }

  Row row(long key, long version, long sign, long gone, long value, List<String> texts) {
    String family =
        switch (rule) {
          case PLAIN -> "row " + plainRows++;
          case VERSIONED_COLLAPSING -> key + " " + version;
          default -> String.valueOf(key);
        };
    return new Row(key, version, sign, gone, value, List.copyOf(texts), family, false);
  }

  void insert(Row row) {
    families.computeIfAbsent(row.family, _ -> new ArrayList<>()).add(row);
  }

  List<Row> shown() {
    return families.values().stream().map(this::shown).flatMap(Optional::stream).toList();
  }

  private Optional<Row> shown(List<Row> rows) {
    return rule == HistoryRule.PLAIN ? Optional.of(rows.getFirst()) : rule.shown(rows);
  }

  /// Deletes the rows that are shown and wanted.
  ///
  /// @param replacement what comes in the place of each, or null for nothing
  void delete(Predicate<Row> wanted, UnaryOperator<Row> replacement) {
    for (Row row : shown()) {
      if (!wanted.test(row)) {
        continue;
      }
      if (rule.keepsDeleted()) {
        families.get(row.family).replaceAll(Row::asDeleted);
      } else {
        families.remove(row.family);
      }
      if (replacement != null) {
        insert(replacement.apply(row));
      }
    }
  }

  /// As if the rows had never been inserted.
  void drop(Predicate<Row> wanted) {
    families.values().forEach(rows -> rows.removeIf(wanted));
    families.values().removeIf(List::isEmpty);
  }

  /// Takes rows away for a while: of each key all or none.
  void detach(Predicate<Row> wanted) {
    families.forEach((family, rows) -> {
      if (rows.stream().anyMatch(wanted)) {
        detached.put(family, rows);
      }
    });
    families.keySet().removeAll(detached.keySet());
  }

  /// Brings them back, where no row of their keys has come meanwhile.
  void attach() {
    families.putAll(detached);
    detached.clear();
  }

  boolean hasDetached() {
    return !detached.isEmpty();
  }

  /// Makes one row of those of each key, and none of what is hidden.
  void combine() {
    List<Row> rows = shown();
    families.clear();
    rows.forEach(this::insert);
  }

  void addColumn(String name, ToLongFunction<Row> value) {
    extras.add(name);
    everyRow(row -> {
      List<String> texts = new ArrayList<>(row.extras);
      texts.add(value == null ? "" : String.valueOf(value.applyAsLong(row)));
      return row.withExtras(texts);
    });
  }

  void dropColumn(String name) {
    int at = extras.indexOf(name);
    extras.remove(at);
    everyRow(row -> {
      List<String> texts = new ArrayList<>(row.extras);
      texts.remove(at);
      return row.withExtras(texts);
    });
  }

  private void everyRow(UnaryOperator<Row> change) {
    families.values().forEach(rows -> rows.replaceAll(change));
    detached.values().forEach(rows -> rows.replaceAll(change));
  }

  /// What an aggregation of the shown rows gives, a line for each group in the order of groups.
  List<String> groups(Predicate<Row> wanted, ToLongFunction<Row> by) {
    Map<Long, List<Row>> groups =
        shown().stream()
            .filter(wanted)
            .collect(Collectors.groupingBy(by::applyAsLong, TreeMap::new, Collectors.toList()));
    List<String> lines = new ArrayList<>();
    groups.forEach((group, rows) -> lines.add(group + "\t" + totals(rows)));
    return lines;
  }

  private static String totals(List<Row> rows) {
    return rows.size()
        + "\t"
        + rows.stream().mapToLong(Row::value).sum()
        + "\t"
        + rows.stream().mapToLong(Row::value).min().orElseThrow()
        + "\t"
        + rows.stream().mapToLong(Row::version).max().orElseThrow()
        + "\t"
        + rows.stream().mapToLong(Row::key).sum();
  }

  /// The sums of a column over the shown rows, by a group.
  List<String> sums(Predicate<Row> wanted, ToLongFunction<Row> by) {
    Map<Long, Long> sums =
        shown().stream()
            .filter(wanted)
            .collect(
                Collectors.groupingBy(
                    by::applyAsLong, TreeMap::new, Collectors.summingLong(Row::value)));
    List<String> lines = new ArrayList<>();
    sums.forEach((group, sum) -> lines.add(group + "\t" + sum));
    return lines;
  }
}
