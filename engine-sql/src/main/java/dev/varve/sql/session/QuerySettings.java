// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.sql.operator.QueryMemory;
import dev.varve.sql.plan.PlanContext;
import dev.varve.sql.plan.logical.ScanOptions;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.FormatSettings;
import dev.varve.storage.vector.Batch;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The settings in force for one statement.
///
/// @param exact false shows raw rows (`final = 0`)
/// @param threads threads of the query, 0 for the engine's number
/// @param memoryBytes what it may use, 0 for the engine's limit
/// @param timeoutNanos how long it may run, 0 for no limit
/// @param batchRows rows that one operator hands to another at once, at most
/// @param scans how scans may leave granules out
/// @param appliesTtl whether a new TTL acts on the rows there are, at once
/// @param skipQuarantined leaves the rows of damaged parts out instead of failing
/// @param after records of the log that the query must see
/// @param journalsInserts whether INSERTs of few rows are committed by the journal
/// @param insertToken by which an INSERT is known when it comes again; or empty
/// @param formats how formats read and write
/// @param limits of what it gives and reads
/// @param spills when operators put rows on disk
record QuerySettings(
    boolean exact,
    int threads,
    long memoryBytes,
    long timeoutNanos,
    int batchRows,
    boolean appliesTtl,
    boolean skipQuarantined,
    ScanOptions scans,
    QueryMemory.Thresholds spills,
    PlanContext.Dialect dialect,
    AfterOffset after,
    boolean journalsInserts,
    String insertToken,
    FormatSettings formats,
    ResultLimits limits) {
  private static final String EMPTY_OF_CONSTANTS =
      "empty_result_for_aggregation_by_constant_keys_on_empty_set";
  private static final String RECURSION = "max_recursive_cte_evaluation_depth";
  private static final String ZONE = "session_timezone";
  private static final double NANOS = 1e9;
  private static final int MAX_THREADS = 1024;

  /// @throws VarveException UNKNOWN_SETTING or BAD_ARGUMENTS
  static QuerySettings of(Map<String, String> values) {
    values.keySet().forEach(KnownSettings::check);
    values.forEach(FixedSettings::check);
    return new QuerySettings(
        flag(values, "final", true),
        (int) Math.min(MAX_THREADS, number(values, "max_threads")),
        number(values, "max_memory_usage"),
        (long) (seconds(values, "max_execution_time") * NANOS),
        batchRows(values),
        flag(values, "materialize_ttl_after_modify", true),
        flag(values, "skip_quarantined_parts", false),
        new ScanOptions(
            flag(values, "use_skip_indexes", true),
            names(values, "ignore_data_skipping_indices"),
            names(values, "force_data_skipping_indices"),
            flag(values, "force_primary_key", false),
            flag(values, "force_index_by_date", false)),
        new QueryMemory.Thresholds(
            number(values, "max_bytes_before_external_sort"),
            number(values, "max_bytes_before_external_group_by"),
            number(values, "max_bytes_before_external_join")),
        new PlanContext.Dialect(
            flag(values, "aggregate_functions_null_for_empty", false),
            flag(values, "transform_null_in", false),
            flag(values, "data_type_default_nullable", false),
            !flag(values, EMPTY_OF_CONSTANTS, true),
            values.containsKey(RECURSION)
                ? number(values, RECURSION)
                : PlanContext.Dialect.RECURSION,
            zone(values)),
        AfterOffset.of(
            values.getOrDefault(AfterOffset.NAME, ""),
            values.containsKey(AfterOffset.PATIENCE)
                ? seconds(values, AfterOffset.PATIENCE)
                : AfterOffset.PATIENCE_SECONDS),
        flag(values, "async_insert", false),
        flag(values, "insert_deduplicate", true)
            ? values.getOrDefault("insert_deduplication_token", "")
            : "",
        FormatSettings.of(values),
        ResultLimits.of(values));
  }

  private static String zone(Map<String, String> values) {
    String name = values.getOrDefault(ZONE, "");
    try {
      return name.isEmpty() || name.equals("UTC") ? "" : ZoneId.of(name).getId();
    } catch (DateTimeException e) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "setting " + ZONE + ": \"" + name + "\" is not a time zone; use one like 'Europe/Berlin'",
          e);
    }
  }

  private static int batchRows(Map<String, String> values) {
    long rows = number(values, "batch_rows");
    return rows == 0 ? Batch.MAX_ROWS : (int) Math.min(Batch.MAX_ROWS, rows);
  }

  /// Names parted by commas, quoted or not.
  private static Set<String> names(Map<String, String> values, String name) {
    return Arrays.stream(values.getOrDefault(name, "").split(","))
        .map(part -> part.strip().replaceAll("^[`\"]|[`\"]$", ""))
        .filter(part -> !part.isEmpty())
        .collect(Collectors.toSet());
  }

  private static boolean flag(Map<String, String> values, String name, boolean byDefault) {
    String value = values.get(name);
    return value == null
        ? byDefault
        : switch (value.toLowerCase(Locale.ROOT)) {
          case "1", "true" -> true;
          case "0", "false" -> false;
          default -> throw bad(name, value, "0 or 1", null);
        };
  }

  static long number(Map<String, String> values, String name) {
    String value = values.get(name);
    if (value == null) {
      return 0;
    }
    String digits = value.equals("auto") || value.startsWith("'auto") ? "0" : value;
    try {
      long number = Long.parseUnsignedLong(digits);
      return number < 0 ? Long.MAX_VALUE : number;
    } catch (NumberFormatException e) {
      throw bad(name, value, "a whole number, 0 or more", e);
    }
  }

  private static double seconds(Map<String, String> values, String name) {
    String value = values.get(name);
    if (value == null) {
      return 0;
    }
    try {
      double seconds = Double.parseDouble(value);
      if (seconds >= 0) {
        return seconds;
      }
    } catch (NumberFormatException e) {
      throw bad(name, value, "seconds", e);
    }
    throw bad(name, value, "seconds", null);
  }

  private static VarveException bad(
      String name, String value, String expected, NumberFormatException cause) {
    return new VarveException(
        ErrorCode.BAD_ARGUMENTS,
        "setting " + name + " takes " + expected + ", found \"" + value + "\"",
        cause);
  }
}
