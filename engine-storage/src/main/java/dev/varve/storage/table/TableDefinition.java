// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import dev.varve.storage.column.ColumnDefinition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A table as declared in `CREATE TABLE` and changed by `ALTER TABLE`. Expressions are SQL text;
/// who needs one evaluated asks an [ExpressionCompiler].
///
/// Made by the short constructor, then [#change()], so that a component more breaks no caller.
///
/// @param engine name of the engine: `MergeTree`, `ReplacingMergeTree`, …; `View` for a view,
///   `MaterializedView`
/// @param engineArguments its arguments as written: column names, or a list `(a, b)`
/// @param orderBy expressions of the sorting key, empty for `tuple()`
/// @param primaryKey expressions of the primary key, a prefix of the sorting key
/// @param partitionBy expressions of the partition key, empty where there is none
/// @param settings values of `SETTINGS`
/// @param query the query of a view, else empty
/// @param comment the table's comment
/// @param schemaVersion grows by one with every ALTER
/// @param indexes skip indexes in the order of their declaration
/// @param ttls what becomes of rows with age; a column's own TTL stands with the column
/// @param constraints conditions on its rows
/// @param projections shown, not used
/// @param target where a materialized view puts its rows
public record TableDefinition(
    TableName name,
    List<ColumnDefinition> columns,
    String engine,
    List<String> engineArguments,
    List<String> orderBy,
    List<String> primaryKey,
    List<String> partitionBy,
    Map<String, String> settings,
    String query,
    String comment,
    int schemaVersion,
    List<SkipIndex> indexes,
    List<TtlRule> ttls,
    List<Constraint> constraints,
    List<Projection> projections,
    Optional<TableName> target) {
  /// Settings that hold what a clause of its own says: the expression of SAMPLE BY, the bits of its
  /// numbers, and whether the table is detached permanently.
  public static final String SAMPLE_BY = "sample_by";

  public static final String SAMPLE_BITS = "sample_bits";
  public static final String DETACHED = "detached";

  /// And whether it is a table of the engine `Null`.
  public static final String FORGETS = "forgets_rows";

  /// The setting of tables that read topics of an outside Kafka cluster: its brokers.
  public static final String OUTSIDE = "kafka_broker_list";

  /// The settings that say what the table's records in the log look like.
  public static final List<String> RECORD_FORMAT =
      List.of(
          "log_format", "avro_schema", "avro_schema_id", "protobuf_descriptor", "protobuf_message");

  /// In front of those settings' names: as they were before the last ALTER of them. Records that
  /// were taken before it may still have to be read.
  public static final String BEFORE = "before_";

  /// Those settings, which nobody sets by name.
  public static final Set<String> OF_CLAUSES =
      Stream.concat(
              Stream.of(SAMPLE_BY, SAMPLE_BITS, DETACHED, FORGETS),
              RECORD_FORMAT.stream().map(BEFORE::concat))
          .collect(Collectors.toUnmodifiableSet());

  public TableDefinition {
    columns = List.copyOf(columns);
    engineArguments = List.copyOf(engineArguments);
    orderBy = List.copyOf(orderBy);
    primaryKey = List.copyOf(primaryKey);
    partitionBy = List.copyOf(partitionBy);
    settings = Map.copyOf(settings);
    indexes = List.copyOf(indexes);
    ttls = List.copyOf(ttls);
    constraints = List.copyOf(constraints);
    projections = List.copyOf(projections);
  }

  /// Without indexes, TTL, constraints, projections and target.
  public TableDefinition(
      TableName name,
      List<ColumnDefinition> columns,
      String engine,
      List<String> engineArguments,
      List<String> orderBy,
      List<String> primaryKey,
      List<String> partitionBy,
      Map<String, String> settings,
      String query,
      String comment,
      int schemaVersion) {
    this(
        name,
        columns,
        engine,
        engineArguments,
        orderBy,
        primaryKey,
        partitionBy,
        settings,
        query,
        comment,
        schemaVersion,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty());
  }

  public Optional<ColumnDefinition> column(String wanted) {
    return columns.stream().filter(c -> c.name().equals(wanted)).findFirst();
  }

  /// Whether rows go to materialized views over the table and are not kept: the engines `Null` and
  /// `Kafka`.
  public boolean forgetsRows() {
    return settings.containsKey(FORGETS);
  }

  /// Whether its rows are records of an outside Kafka cluster: the engine `Kafka`.
  public boolean readsOutside() {
    return forgetsRows() && settings.containsKey(OUTSIDE);
  }

  /// Whether it has no rows of its own: a view, materialized or not.
  public boolean isView() {
    return engine.equals("View") || isMaterializedView();
  }

  /// Whether inserts into the table its query reads put rows into its [#target()].
  public boolean isMaterializedView() {
    return engine.equals("MaterializedView");
  }

  /// A copy to be changed: `definition.change().comment("x").done()`.
  public TableChange change() {
    return new TableChange(this);
  }
}
