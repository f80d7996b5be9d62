// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.FormatOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The settings of queries: ours with default and meaning, and those of ClickHouse that change no
/// answer here, which are taken and ignored.
final class KnownSettings {
  /// @param type `Bool`, `UInt64`, `Seconds` or `String`
  record Setting(String name, String type, String byDefault, String description) {}

  static final List<Setting> OURS =
      List.of(
          new Setting("final", "Bool", "1", "1: merged rows; 0: raw rows, as inserted"),
          new Setting(
              "max_threads", "UInt64", "0", "threads of a query; 0: as many as the server has"),
          new Setting(
              "max_memory_usage", "UInt64", "0", "bytes a query may use; 0: as the server has"),
          new Setting(
              "max_bytes_before_external_sort",
              "UInt64",
              "0",
              "bytes a worker of a sort holds before it spills; 0: as the query's limit allows"),
          new Setting(
              "max_bytes_before_external_group_by",
              "UInt64",
              "0",
              "bytes a worker of a GROUP BY holds before it spills; 0: as the query's limit"
                  + " allows"),
          new Setting(
              "max_bytes_before_external_join",
              "UInt64",
              "0",
              "bytes of the right side of a join, of each worker, before it spills; 0: as the"
                  + " query's limit allows"),
          new Setting(
              "aggregate_functions_null_for_empty",
              "Bool",
              "0",
              "1: an aggregate of no rows is NULL, whatever its argument"),
          new Setting(
              "transform_null_in", "Bool", "0", "1: NULL is in a list of constants that has NULL"),
          new Setting(
              "session_timezone",
              "String",
              "",
              "the zone of times that have none, in queries and in rows that are inserted; empty:"
                  + " UTC"),
          new Setting(
              "data_type_default_nullable",
              "Bool",
              "0",
              "1: columns of CREATE TABLE are Nullable unless they say NOT NULL"),
          new Setting(
              "max_recursive_cte_evaluation_depth",
              "UInt64",
              "1000",
              "steps that a query of WITH RECURSIVE may take"),
          new Setting(
              "readonly",
              "UInt64",
              "0",
              "1: reading only, without other settings; 2: reading only"),
          new Setting(
              "batch_rows",
              "UInt64",
              "0",
              "rows that one operator hands to another at once; 0: 8192. For tests"),
          new Setting(
              ResultLimits.ROWS, "UInt64", "0", "rows that a result may have; 0: any number"),
          new Setting(
              ResultLimits.OVERFLOW,
              "String",
              "throw",
              "throw: a result with more rows is an error; break: it ends there"),
          new Setting(
              ResultLimits.READ_ROWS,
              "UInt64",
              "0",
              "rows of tables that a query may read; 0: any number"),
          new Setting(
              ResultLimits.READ_BYTES,
              "UInt64",
              "0",
              "bytes of tables that a query may read; 0: any number"),
          new Setting("max_execution_time", "Seconds", "0", "seconds a query may run; 0: no limit"),
          new Setting(
              AfterOffset.NAME,
              "String",
              "",
              "records of the log that the query must see, as offset, partition:offset or"
                  + " table:partition:offset, parted by commas; it waits for them"),
          new Setting(
              AfterOffset.PATIENCE, "Seconds", "10", "seconds that a query waits for after_offset"),
          new Setting(
              "insert_deduplication_token",
              "String",
              "",
              "an INSERT into the same table that has the token of one before changes nothing"),
          new Setting(
              "async_insert",
              "Bool",
              "0",
              "1: INSERTs of few rows share one sync of the journal, and parts are written later;"
                  + " they are answered when they are durable and visible"),
          new Setting("insert_deduplicate", "Bool", "1", "0: tokens of INSERTs are not looked at"),
          new Setting(
              EngineSession.CONSISTENCY,
              "String",
              "local",
              "of a server in a cluster: local reads the last state that it applied; linearizable"
                  + " waits until it has all that was acknowledged before"),
          new Setting(
              EngineSession.AFTER_CHANGE,
              "UInt64",
              "0",
              "of a server in a cluster: a query waits until this server has that change, the"
                  + " number of which an answer told (X-Varve-Token)"),
          new Setting(
              "skip_quarantined_parts",
              "Bool",
              "0",
              "1: read without the rows of damaged parts; 0: fail where they are needed"),
          new Setting("use_skip_indexes", "Bool", "1", "0: scans do not look at skip indexes"),
          new Setting(
              "ignore_data_skipping_indices",
              "String",
              "",
              "names of skip indexes that scans do not look at"),
          new Setting(
              "force_data_skipping_indices",
              "String",
              "",
              "names of skip indexes without which a query fails"),
          new Setting(
              "force_primary_key",
              "Bool",
              "0",
              "1: a query fails whose conditions say nothing of the primary key"),
          new Setting(
              "force_index_by_date",
              "Bool",
              "0",
              "1: a query fails whose conditions say nothing of the partition key"),
          new Setting(
              "materialize_ttl_after_modify",
              "Bool",
              "1",
              "0: a TTL that is new does not act on the rows there are until a merge"));

  private static final Set<String> NAMES =
      OURS.stream().map(Setting::name).collect(Collectors.toUnmodifiableSet());

  /// Settings of ClickHouse that steer how it works, not what it answers.
  private static final Set<String> IGNORED = Words.of("ignored-settings.txt");

  /// How the names of settings begin of which ClickHouse has many and gets more: steps of its
  /// planner, features it thinks unripe, remote storage, clusters. None changes an answer here.
  private static final List<String> FAMILIES =
      List.of(
          "allow_deprecated_",
          "allow_experimental_",
          "allow_suspicious_",
          "async_insert_",
          "azure_",
          "backup_restore_",
          "distributed_",
          "filesystem_",
          "hdfs_",
          "http_",
          "insert_keeper_",
          "keeper_",
          "load_balancing",
          "log_",
          "memory_profiler_",
          "merge_tree_",
          "optimize_",
          "page_cache_",
          "parallel_replicas_",
          "query_cache_",
          "query_plan_",
          "query_profiler_",
          "remote_filesystem_",
          "s3_",
          "temporary_files_",
          "use_page_cache_");

  /// Settings of formats.
  private static final Set<String> FORMATS =
      FormatOption.ALL.stream().map(FormatOption::name).collect(Collectors.toUnmodifiableSet());

  private KnownSettings() {}

  /// Refuses a setting that means nothing here.
  static void check(String name) {
    boolean known =
        NAMES.contains(name)
            || IGNORED.contains(name)
            || FORMATS.contains(name)
            || FixedSettings.NAMES.contains(name)
            || FAMILIES.stream().anyMatch(name::startsWith);
    if (!known) {
      throw new VarveException(
          ErrorCode.UNKNOWN_SETTING,
          "no setting \"" + name + "\"" + NearNames.suggest(name, suggestions()));
    }
  }

  /// Whether it is a setting of queries by its full name that changes nothing here. CREATE TABLE
  /// may name such beside those of the table.
  static boolean isIgnored(String name) {
    return IGNORED.contains(name);
  }

  private static List<String> suggestions() {
    List<String> names = new ArrayList<>(NAMES);
    names.addAll(FORMATS);
    names.addAll(FixedSettings.NAMES);
    names.addAll(IGNORED);
    return names;
  }

  /// What `system.settings` shows: values in force, and the ignored ones.
  static List<List<Object>> rows(TreeMap<String, String> changed) {
    List<List<Object>> rows = new ArrayList<>();
    // Clients send those alone of which they hear here that they may be changed.
    long readOnly = changed.getOrDefault("readonly", "0").equals("1") ? 1 : 0;
    for (Setting setting : OURS) {
      String value = changed.getOrDefault(setting.name(), setting.byDefault());
      rows.add(
          List.of(
              setting.name(),
              value,
              value.equals(setting.byDefault()) ? 0L : 1L,
              setting.type(),
              setting.byDefault(),
              setting.description(),
              readOnly));
    }
    for (FormatOption option : FormatOption.ALL) {
      String value = changed.getOrDefault(option.name(), option.byDefault());
      rows.add(
          List.of(
              option.name(),
              value,
              value.equals(option.byDefault()) ? 0L : 1L,
              option.type(),
              option.byDefault(),
              option.description(),
              readOnly));
    }
    FixedSettings.shown()
        .forEach((name, fixed) ->
            rows.add(
                List.of(
                    name,
                    fixed.getFirst(),
                    0L,
                    "String",
                    fixed.getFirst(),
                    "no other value: " + fixed.getLast(),
                    readOnly)));
    for (String name : new java.util.TreeSet<>(IGNORED)) {
      String value = changed.getOrDefault(name, "");
      rows.add(
          List.of(
              name,
              value,
              value.isEmpty() ? 0L : 1L,
              "String",
              "",
              "accepted, without effect",
              readOnly));
    }
    return rows;
  }
}
