// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.sql.session.HistoryModel.Row;
import java.util.List;
import java.util.Optional;

/// The merge rules, each with the plainest code that finds the row it shows of a key.
enum HistoryRule {
  PLAIN("MergeTree") {
    @Override
    Optional<Row> shown(List<Row> rows) {
      throw new IllegalStateException("rows of a key do not meet");
    }
  },
  LATEST("ReplacingMergeTree") {
    @Override
    Optional<Row> shown(List<Row> rows) {
      return Optional.of(rows.getLast()).filter(row -> !row.deleted());
    }
  },
  VERSIONED("ReplacingMergeTree(version)") {
    @Override
    Optional<Row> shown(List<Row> rows) {
      return Optional.of(newest(rows)).filter(row -> !row.deleted());
    }
  },
  TOMBSTONES("ReplacingMergeTree(version, gone)") {
    @Override
    Optional<Row> shown(List<Row> rows) {
      return Optional.of(newest(rows)).filter(row -> !row.deleted() && row.gone() == 0);
    }
  },
  COLLAPSING("CollapsingMergeTree(sign)") {
    @Override
    Optional<Row> shown(List<Row> rows) {
      return collapsed(rows, true);
    }
  },
  VERSIONED_COLLAPSING("VersionedCollapsingMergeTree(sign, version)") {
    @Override
    Optional<Row> shown(List<Row> rows) {
      return collapsed(rows, false);
    }
  },
  SUMMING("SummingMergeTree(value)") {
    @Override
    Optional<Row> shown(List<Row> rows) {
      return summed(rows).filter(row -> row.value() != 0);
    }
  },
  AGGREGATING("AggregatingMergeTree") {
    @Override
    Optional<Row> shown(List<Row> rows) {
      return summed(rows);
    }
  },
  STATES("AggregatingMergeTree") {
    @Override
    Optional<Row> shown(List<Row> rows) {
      return summed(rows);
    }
  };

  private final String engine;

  HistoryRule(String engine) {
    this.engine = engine;
  }

  String engine() {
    return engine;
  }

  /// @param rows of one key, in the order in which they were acknowledged, at least one
  abstract Optional<Row> shown(List<Row> rows);

  /// Whether a deleted row goes on to beat rows of its key.
  boolean keepsDeleted() {
    return this == LATEST || this == VERSIONED || this == TOMBSTONES;
  }

  /// Whether it shows rows that were never inserted.
  boolean combines() {
    return this == SUMMING || this == AGGREGATING || this == STATES;
  }

  /// The type of the column `value`.
  String valueType() {
    return switch (this) {
      case AGGREGATING -> "SimpleAggregateFunction(sum, Int64)";
      case STATES -> "AggregateFunction(sum, Int64)";
      default -> "Int64";
    };
  }

  /// What `value` stands for, in SQL.
  String value() {
    return this == STATES ? "finalizeAggregation(value)" : "value";
  }

  /// The sum of what `value` stands for, in SQL.
  String sum() {
    return this == STATES ? "sumMerge(value)" : "sum(value)";
  }

  /// A value as it is inserted, in SQL.
  String inserted(long value) {
    return this == STATES
        ? "initializeAggregation('sumState', toInt64(" + value + "))"
        : String.valueOf(value);
  }

  private static Row newest(List<Row> rows) {
    Row winner = rows.getFirst();
    for (Row row : rows) {
      winner = row.version() >= winner.version() ? row : winner;
    }
    return winner;
  }

  /// @param inOrder whether the order in which signs came means something
  private static Optional<Row> collapsed(List<Row> rows, boolean inOrder) {
    long net = rows.stream().mapToLong(Row::sign).sum();
    Optional<Row> plus = rows.stream().filter(row -> row.sign() > 0).reduce((_, b) -> b);
    boolean counts = net > 0 || (inOrder && net == 0 && rows.getLast().sign() > 0);
    return counts ? plus : Optional.empty();
  }

  private static Optional<Row> summed(List<Row> rows) {
    return Optional.of(rows.getLast().withValue(rows.stream().mapToLong(Row::value).sum()));
  }
}
