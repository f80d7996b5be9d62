// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.FormatSettings;
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
          new Setting("insert_deduplicate", "Bool", "1", "0: tokens of INSERTs are not looked at"),
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
  private static final Set<String> IGNORED =
      Set.of(
          ("""
          add_http_cors_header allow_ddl allow_distributed_ddl allow_drop_detached
          allow_experimental_analyzer
          empty_result_for_aggregation_by_constant_keys_on_empty_set
          allow_experimental_alter_materialized_view_structure allow_experimental_codecs
          allow_experimental_database_materialized_postgresql allow_experimental_dynamic_type
          allow_experimental_full_text_index allow_experimental_inverted_index
          allow_experimental_json_type allow_experimental_lightweight_delete
          allow_experimental_live_view allow_experimental_map_type
          allow_experimental_nlp_functions allow_experimental_object_type
          allow_experimental_parallel_reading_from_replicas allow_experimental_projection_optimization
          allow_experimental_query_deduplication allow_experimental_refreshable_materialized_view
          allow_experimental_replacing_merge_with_cleanup allow_experimental_statistics
          allow_experimental_variant_type allow_experimental_window_functions
          allow_experimental_window_view allow_introspection_functions allow_nullable_key
          allow_prefetched_read_pool_for_local_filesystem allow_statistics_optimize
          allow_suspicious_codecs allow_suspicious_indices allow_suspicious_low_cardinality_types
          allow_suspicious_ttl_expressions allow_suspicious_types_in_group_by
          allow_suspicious_types_in_order_by allow_suspicious_variant_types allow_unrestricted_reads_from_keeper
          alter_sync mutations_sync async_insert async_insert_busy_timeout_ms async_insert_max_data_size
          buffer_size cancel_http_readonly_queries_on_client_close client_protocol_version
          compile_aggregate_expressions compile_expressions compile_sort_description compress
          connect_timeout connect_timeout_with_failover_ms count_distinct_optimization
          database_atomic_wait_for_drop_and_detach_synchronously decompress
          default_table_engine distributed_aggregation_memory_efficient distributed_ddl_output_mode
          distributed_ddl_task_timeout distributed_product_mode do_not_merge_across_partitions_select_final
          enable_analyzer enable_filesystem_cache enable_http_compression
          enable_lightweight_delete enable_memory_bound_merging_of_aggregation_results
          enable_multiple_prewhere_read_steps enable_optimize_predicate_expression
          enable_reads_from_query_cache enable_unaligned_array_join enable_vertical_final
          enable_writes_to_query_cache enable_parallel_replicas
          exact_rows_before_limit extremes fallback_to_stale_replicas_for_distributed_queries
          filesystem_cache_name fsync_metadata
          group_by_two_level_threshold group_by_two_level_threshold_bytes
          http_connection_timeout http_headers_progress_interval_ms http_max_field_value_size
          http_max_uri_size http_receive_timeout http_response_buffer_size http_send_timeout
          http_write_exception_in_output_format http_zlib_compression_level idle_connection_timeout
          ignore_data_skipping_indices input_format_parallel_parsing
          insert_keeper_fault_injection_probability insert_quorum
          insert_quorum_parallel insert_quorum_timeout interactive_delay join_algorithm
          lightweight_deletes_sync load_balancing local_filesystem_read_method
          local_filesystem_read_prefetch lock_acquire_timeout log_comment log_profile_events
          log_queries log_queries_min_type log_query_settings log_query_threads low_cardinality_allow_in_native_format
          low_cardinality_max_dictionary_size low_cardinality_use_single_dictionary_for_part
          max_ast_depth max_ast_elements max_block_size
          max_bytes_ratio_before_external_group_by max_bytes_ratio_before_external_sort
          max_columns_to_read max_compress_block_size max_concurrent_queries_for_user
          max_distributed_connections max_expanded_ast_elements max_final_threads
          max_insert_block_size max_insert_delayed_streams_for_parallel_write max_insert_threads
          max_joined_block_size_rows max_memory_usage_for_user max_network_bandwidth
          max_parser_backtracks max_parser_depth max_partitions_per_insert_block max_query_size max_read_buffer_size
          max_rows_in_join max_streams_to_max_threads_ratio
          memory_profiler_step merge_tree_coarse_index_granularity
          merge_tree_compact_parts_min_granules_to_multibuffer_read
          merge_tree_max_rows_to_use_cache merge_tree_min_bytes_for_concurrent_read
          merge_tree_min_rows_for_concurrent_read merge_tree_read_split_ranges_into_intersecting_and_non_intersecting_injection_probability
          min_bytes_to_use_direct_io min_compress_block_size min_count_to_compile_aggregate_expression
          min_count_to_compile_expression min_count_to_compile_sort_description
          min_insert_block_size_bytes min_insert_block_size_rows move_all_conditions_to_prewhere
          move_primary_key_columns_to_end_of_prewhere network_compression_method
          network_zstd_compression_level optimize_aggregation_in_order
          optimize_aggregators_of_group_by_keys optimize_and_compare_chain
          optimize_append_index optimize_arithmetic_operations_in_aggregate_functions
          optimize_count_from_files optimize_distinct_in_order
          optimize_distributed_group_by_sharding_key optimize_duplicate_order_by_and_distinct
          optimize_fuse_sum_count_avg optimize_functions_to_subcolumns optimize_group_by_constant_keys
          optimize_group_by_function_keys optimize_if_chain_to_multiif optimize_if_transform_strings_to_enum
          optimize_injective_functions_in_group_by optimize_injective_functions_inside_uniq
          optimize_min_equality_disjunction_chain_length optimize_min_inequality_conjunction_chain_length
          optimize_monotonous_functions_in_order_by optimize_move_functions_out_of_any
          optimize_move_to_prewhere optimize_move_to_prewhere_if_final optimize_multiif_to_if
          optimize_normalize_count_variants optimize_on_insert optimize_or_like_chain
          optimize_read_in_order optimize_read_in_window_order optimize_redundant_functions_in_order_by
          optimize_respect_aliases optimize_rewrite_aggregate_function_with_if
          optimize_rewrite_sum_if_to_count_if optimize_skip_merged_partitions
          optimize_skip_unused_shards optimize_sorting_by_input_stream_properties
          optimize_substitute_columns optimize_syntax_fuse_functions optimize_throw_if_noop
          optimize_time_filter_with_preimage optimize_trivial_approximate_count_query
          optimize_trivial_count_query optimize_trivial_insert_select
          optimize_uniq_to_count optimize_use_implicit_projections optimize_use_projections
          optimize_using_constraints os_thread_priority output_format_parallel_formatting
          parallel_distributed_insert_select parallel_replicas_count parallel_view_processing
          parallelize_output_from_storages partial_merge_join_optimizations
          preferred_block_size_bytes prefer_localhost_replica prefetch_buffer_size priority
          query_plan_aggregation_in_order query_plan_enable_optimizations
          query_plan_filter_push_down query_plan_join_swap_table
          query_plan_optimize_prewhere query_plan_read_in_order query_plan_remove_redundant_sorting
          query_profiler_cpu_time_period_ns query_profiler_real_time_period_ns queue_max_wait_ms
          quota_key read_in_order_two_level_merge_threshold receive_timeout replication_alter_partitions_sync
          replication_wait_for_inactive_replica_timeout role schema_inference_use_cache_for_file
          select_sequential_consistency send_logs_level send_progress_in_http_headers send_timeout
          session_check session_timeout show_table_uuid_in_table_create_query_if_not_nil
          skip_download_if_exists sleep_in_send_data_ms sync_insert tcp_keep_alive_timeout
          temporary_files_codec timeout_before_checking_execution_speed timeout_overflow_mode
          transform_null_in_optimize use_client_time_zone use_hedged_requests
          use_index_for_in_with_subqueries use_query_cache
          use_skip_indexes_if_final use_uncompressed_cache validate_polygons
          wait_end_of_query wait_for_async_insert wait_for_async_insert_timeout workload
          """)
              .strip()
              .split("\\s+"));

  /// Settings of formats.
  private static final Set<String> FORMATS =
      FormatSettings.OPTIONS.stream()
          .map(FormatSettings.Option::name)
          .collect(Collectors.toUnmodifiableSet());

  private KnownSettings() {}

  /// Refuses a setting that means nothing here.
  static void check(String name) {
    if (!NAMES.contains(name) && !IGNORED.contains(name) && !FORMATS.contains(name)) {
      throw new VarveException(
          ErrorCode.UNKNOWN_SETTING,
          "no setting \"" + name + "\"" + NearNames.suggest(name, suggestions()));
    }
  }

  private static List<String> suggestions() {
    List<String> names = new ArrayList<>(NAMES);
    names.addAll(FORMATS);
    names.addAll(IGNORED);
    return names;
  }

  /// What `system.settings` shows: values in force, and the ignored ones.
  static List<List<Object>> rows(TreeMap<String, String> changed) {
    List<List<Object>> rows = new ArrayList<>();
    for (Setting setting : OURS) {
      String value = changed.getOrDefault(setting.name(), setting.byDefault());
      rows.add(
          List.of(
              setting.name(),
              value,
              value.equals(setting.byDefault()) ? 0L : 1L,
              setting.type(),
              setting.byDefault(),
              setting.description()));
    }
    for (FormatSettings.Option option : FormatSettings.OPTIONS) {
      String value = changed.getOrDefault(option.name(), option.byDefault());
      rows.add(
          List.of(
              option.name(),
              value,
              value.equals(option.byDefault()) ? 0L : 1L,
              option.type(),
              option.byDefault(),
              option.description()));
    }
    for (String name : new java.util.TreeSet<>(IGNORED)) {
      String value = changed.getOrDefault(name, "");
      rows.add(
          List.of(
              name, value, value.isEmpty() ? 0L : 1L, "String", "", "accepted, without effect"));
    }
    return rows;
  }
}
