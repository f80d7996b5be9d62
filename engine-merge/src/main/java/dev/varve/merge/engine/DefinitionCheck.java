// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.rule.MergeRules;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.ExpressionCompiler;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import dev.varve.storage.table.TtlRule;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// What must hold of a definition before a table is made of it. Each method throws a
/// [VarveException] that names the place and the way out.
final class DefinitionCheck {
  private static final int MAX_SHARDS = 1024;
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Set<String> RESERVED_DATABASES = Set.of("system", "information_schema");

  /// Settings that mean something here or to the log, and those of ClickHouse's tables that ask for
  /// nothing we would do otherwise.
  private static final Set<String> SETTINGS =
      new TreeSet<>(
          List.of(
              "shards",
              TableSettings.DELAY,
              TableSettings.REFUSE,
              TableSettings.GRACE,
              TableSettings.TTL_PAUSE,
              "log_format",
              "bad_records",
              "avro_schema",
              "avro_schema_id",
              "protobuf_descriptor",
              "protobuf_message",
              "index_granularity",
              "index_granularity_bytes",
              "min_bytes_for_wide_part",
              "min_rows_for_wide_part",
              "allow_nullable_key",
              TableDefinition.OUTSIDE,
              "kafka_topic_list",
              "kafka_group_name",
              "kafka_format",
              "kafka_num_consumers",
              "kafka_max_block_size",
              "kafka_flush_interval_ms",
              "kafka_client_id",
              "kafka_auto_offset_reset",
              "kafka_handle_error_mode",
              "kafka_security_protocol",
              "kafka_sasl_mechanism",
              "kafka_sasl_username",
              "kafka_sasl_password",
              "kafka_ssl_ca_location",
              "kafka_ssl_certificate_location",
              "kafka_ssl_key_location",
              "kafka_ssl_key_password",
              "kafka_ssl_endpoint_identification_algorithm"));

  private DefinitionCheck() {}

  static void databaseName(String name) {
    if (name.isEmpty()) {
      throw new VarveException(ErrorCode.BAD_ARGUMENTS, "a database needs a name");
    }
    if (RESERVED_DATABASES.contains(name.toLowerCase(Locale.ROOT))) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "the database name \"" + name + "\" is reserved; choose another");
    }
  }

  static void tableName(TableDefinition definition) {
    if (definition.name().table().isEmpty()) {
      throw new VarveException(ErrorCode.BAD_ARGUMENTS, "a table needs a name");
    }
  }

  static void definition(TableDefinition definition) {
    tableName(definition);
    if (definition.isView()) {
      if (definition.query().isEmpty()) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS, "view " + definition.name() + " has no query");
      }
      return;
    }
    columns(definition);
    MergeRules.of(definition);
    keys(definition);
    settings(definition);
  }

  private static void columns(TableDefinition definition) {
    Set<String> names = new HashSet<>();
    boolean stored = false;
    for (ColumnDefinition column : definition.columns()) {
      if (column.name().isEmpty()) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS, "table " + definition.name() + ": a column needs a name");
      }
      if (!names.add(column.name())) {
        throw new VarveException(
            ErrorCode.DUPLICATE_COLUMN,
            "table " + definition.name() + " names the column \"" + column.name() + "\" twice");
      }
      if (column.name().matches("_seq|_net|_last_sign|_last_seq|_seq\\(.*\\)|_key\\(.*\\)")) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS,
            "table "
                + definition.name()
                + ": the column name \""
                + column.name()
                + "\" is kept for hidden columns; choose another");
      }
      stored |= column.kind() == ColumnDefinition.Kind.DEFAULT;
    }
    if (!stored) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "table " + definition.name() + " needs a column that an INSERT can fill");
    }
  }

  private static void keys(TableDefinition definition) {
    definition.orderBy().forEach(key -> key(definition, key, "sorting key"));
    definition.partitionBy().forEach(key -> key(definition, key, "partition key"));
    List<String> primary = definition.primaryKey();
    List<String> sorting = definition.orderBy();
    boolean isPrefix =
        primary.size() <= sorting.size() && sorting.subList(0, primary.size()).equals(primary);
    if (!isPrefix) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "table "
              + definition.name()
              + ": the primary key "
              + primary
              + " must be the beginning of the sorting key "
              + sorting);
    }
  }

  /// Expressions are the compiler's to check; a plain name must be a column that can be compared.
  private static void key(TableDefinition definition, String key, String role) {
    if (!NAME.matcher(key).matches() && definition.column(key).isEmpty()) {
      return;
    }
    ColumnDefinition column =
        definition
            .column(key)
            .orElseThrow(() ->
                new VarveException(
                    ErrorCode.UNKNOWN_IDENTIFIER,
                    "table "
                        + definition.name()
                        + ": no column \""
                        + key
                        + "\" for the "
                        + role
                        + NearNames.suggest(
                            key,
                            definition.columns().stream().map(ColumnDefinition::name).toList())));
    Physical physical = column.type().physical();
    boolean isState = column.type().unwrapped() instanceof DataType.AggregateState;
    if (physical == Physical.LIST || physical == Physical.STRUCT || isState) {
      throw new VarveException(
          ErrorCode.ILLEGAL_TYPE_OF_ARGUMENT,
          "table "
              + definition.name()
              + ": column \""
              + key
              + "\" of type "
              + column.type().name()
              + " cannot be in the "
              + role
              + "; use an expression of it that is a plain value");
    }
    if (!column.isStored()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "table "
              + definition.name()
              + ": column \""
              + key
              + "\" is an ALIAS and cannot be in the "
              + role
              + "; write its expression there");
    }
  }

  /// @throws VarveException BAD_ARGUMENTS for what is no codec, BAD_TTL_EXPRESSION for a rollup by
  ///   what the sorting key does not begin with
  static void action(TableDefinition definition, TtlRule rule) {
    switch (rule.action()) {
      case DELETE -> {}
      case GROUP_BY -> rollup(definition, rule);
      case RECOMPRESS -> PartCodec.check(rule.codec());
    }
  }

  private static void rollup(TableDefinition definition, TtlRule rule) {
    List<String> keys = rule.groupBy().stream().map(DefinitionCheck::bare).toList();
    List<String> sorting = definition.orderBy().stream().map(DefinitionCheck::bare).toList();
    if (keys.size() > sorting.size() || !sorting.subList(0, keys.size()).equals(keys)) {
      throw new VarveException(
          ErrorCode.BAD_TTL_EXPRESSION,
          "table "
              + definition.name()
              + ": TTL … GROUP BY "
              + String.join(", ", rule.groupBy())
              + " must name the first expressions of the sorting key "
              + definition.orderBy());
    }
  }

  private static String bare(String expression) {
    return expression.replaceAll("[\\s`\"]", "");
  }

  /// @throws VarveException BAD_TTL_EXPRESSION
  static void ttl(
      TableDefinition definition,
      String expression,
      List<ColumnDefinition> columns,
      ExpressionCompiler compiler) {
    DataType type = compiler.compile(expression, columns).type().unwrapped();
    boolean isMoment =
        switch (type) {
          case DataType.Date _, DataType.Date32 _, DataType.DateTime _, DataType.DateTime64 _ ->
              true;
          default -> false;
        };
    if (!isMoment) {
      throw new VarveException(
          ErrorCode.BAD_TTL_EXPRESSION,
          "table "
              + definition.name()
              + ": TTL "
              + expression
              + " is "
              + type.name()
              + "; it must be a Date or a DateTime, such as day + INTERVAL 1 MONTH");
    }
  }

  /// @param fixed columns whose values never change
  /// @throws VarveException BAD_TTL_EXPRESSION, or BAD_ARGUMENTS for a column that never changes
  static void columnTtl(
      TableDefinition definition,
      ColumnDefinition column,
      Collection<String> fixed,
      List<ColumnDefinition> columns,
      ExpressionCompiler compiler) {
    ttl(definition, column.ttl(), columns, compiler);
    if (fixed.contains(column.name())) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "table "
              + definition.name()
              + ": column \""
              + column.name()
              + "\" is part of a key or of what the engine merges by and cannot have a TTL; give"
              + " the table one");
    }
  }

  private static void settings(TableDefinition definition) {
    for (Map.Entry<String, String> setting : definition.settings().entrySet()) {
      if (!SETTINGS.contains(setting.getKey())
          && !TableDefinition.OF_CLAUSES.contains(setting.getKey())) {
        throw new VarveException(
            ErrorCode.UNKNOWN_SETTING,
            "table "
                + definition.name()
                + ": no table setting \""
                + setting.getKey()
                + "\""
                + NearNames.suggest(setting.getKey(), SETTINGS));
      }
    }
    choice(
        definition,
        "log_format",
        List.of("JSONEachRow", "CSV", "TSV", "RowBinary", "Avro", "Protobuf", "ArrowStream"));
    choice(definition, "kafka_auto_offset_reset", List.of("none", "earliest", "latest"));
    choice(definition, "kafka_ssl_endpoint_identification_algorithm", List.of("https", "none"));
    choice(definition, "kafka_handle_error_mode", List.of("default", "dead_letter_queue"));
    choice(definition, "bad_records", List.of("reject", "dead_letter"));
    shards(definition);
    TableSettings.of(definition, MergeSettings.defaults());
  }

  private static void choice(TableDefinition definition, String setting, List<String> known) {
    String value = definition.settings().get(setting);
    if (value != null && !known.contains(value)) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "table "
              + definition.name()
              + ": "
              + setting
              + " = '"
              + value
              + "' is unknown"
              + NearNames.suggest(value, known)
              + " Known: "
              + String.join(", ", known));
    }
  }

  /// Log partitions of a table: the setting `shards`, 1 by default.
  static int shards(TableDefinition definition) {
    String text = definition.settings().getOrDefault("shards", "1");
    try {
      int shards = Integer.parseInt(text);
      if (shards >= 1 && shards <= MAX_SHARDS) {
        return shards;
      }
    } catch (NumberFormatException notANumber) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "table " + definition.name() + ": shards must be a number, found " + text,
          notANumber);
    }
    throw new VarveException(
        ErrorCode.BAD_ARGUMENTS,
        "table " + definition.name() + ": shards must be 1 to " + MAX_SHARDS + ", found " + text);
  }

  static void partitionExists(TableName table, String partition, Collection<String> known) {
    if (!known.contains(partition)) {
      throw new VarveException(
          ErrorCode.UNKNOWN_PARTITION,
          "table "
              + table
              + " has no partition \""
              + partition
              + "\""
              + NearNames.suggest(partition, known));
    }
  }
}
