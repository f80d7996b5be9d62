// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.suite;

/// The figures of one query; times in milliseconds, the median of the hot runs.
///
/// @param clickhouse not a number where ClickHouse is missing, refuses or answers otherwise
/// @param first the first run
/// @param floor what reading the bytes of its columns takes at the memory's bandwidth
/// @param wrong what is wrong with our answer; empty where nothing is
/// @param note why ClickHouse's time does not count; empty where it does
record Figure(
    String query,
    double varve,
    double duckdb,
    double clickhouse,
    double first,
    double floor,
    String wrong,
    String note) {
  static Figure wrong(String query, double first, String wrong) {
    return new Figure(query, 0, 0, Double.NaN, first, 0, wrong, "");
  }

  boolean isRight() {
    return wrong.isEmpty();
  }

  boolean hasClickHouse() {
    return !Double.isNaN(clickhouse);
  }

  /// Of the better peer.
  double better() {
    return hasClickHouse() ? Math.min(duckdb, clickhouse) : duckdb;
  }

  double ratio() {
    return varve / better();
  }
}
