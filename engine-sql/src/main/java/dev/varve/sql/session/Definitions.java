// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.sql.parse.Statement;
import dev.varve.storage.codec.CodecChoice;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.ExpressionCompiler;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.UnknownTypeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Makes a table's definition of a CREATE TABLE.
final class Definitions {
  /// Engines without a sorting key; their tables are kept as a MergeTree without one.
  private static final Set<String> PLAIN_ENGINES =
      Set.of("Memory", "Log", "TinyLog", "StripeLog", "Set");

  /// Settings of tables that say nothing about answers and that nobody here reads.
  private static final Set<String> IGNORED = Words.of("ignored-table-settings.txt");

  private static final String REPLICATED = "Replicated";

  private final ExpressionCompiler compiler;
  private final boolean nullable;

  Definitions(ExpressionCompiler compiler) {
    this(compiler, false);
  }

  /// @param nullable whether columns that do not say so are Nullable
  Definitions(ExpressionCompiler compiler, boolean nullable) {
    this.compiler = compiler;
    this.nullable = nullable;
  }

  /// @param like the table after `AS`
  /// @param query columns of the query after `AS`
  TableDefinition table(
      TableName name,
      Statement.CreateTable create,
      Optional<TableDefinition> like,
      List<ResultColumn> query) {
    List<ColumnDefinition> columns = new ArrayList<>(columns(create.columns(), List.of()));
    if (columns.isEmpty()) {
      like.ifPresent(other ->
          other.columns().forEach(column -> columns.add(column.withHistory(List.of(), ""))));
      query.forEach(column -> columns.add(ColumnDefinition.of(column.name(), column.type())));
    }
    if (create.engine().isEmpty() && like.isPresent()) {
      TableDefinition other = like.get();
      return new TableDefinition(
              name,
              columns,
              other.engine(),
              other.engineArguments(),
              create.orderBy().orElse(other.orderBy()),
              create.primaryKey().orElse(other.primaryKey()),
              create.partitionBy().isEmpty() ? other.partitionBy() : create.partitionBy(),
              create.settings().isEmpty() ? other.settings() : settings(create.settings()),
              "",
              create.comment(),
              0)
          .change()
          .indexes(create.indexes().isEmpty() ? other.indexes() : create.indexes())
          .ttls(create.ttls().isEmpty() ? other.ttls() : create.ttls())
          .constraints(create.constraints().isEmpty() ? other.constraints() : create.constraints())
          .projections(create.projections().isEmpty() ? other.projections() : create.projections())
          .done();
    }
    Statement.Engine engine =
        unreplicated(create.engine().orElse(new Statement.Engine("MergeTree", List.of())));
    boolean plain =
        PLAIN_ENGINES.contains(engine.name())
            || engine.name().equalsIgnoreCase("Null")
            || OutsideTopics.isMeant(engine);
    List<String> inline =
        create.columns().stream()
            .filter(Statement.Column::primaryKey)
            .map(Statement.Column::name)
            .toList();
    List<String> primary = create.primaryKey().orElse(inline);
    boolean join = engine.name().equals("Join");
    List<String> sorting = join ? joinKeys(engine) : create.orderBy().orElse(primary);
    requireDeterministic(sorting, "sorting key", columns);
    requireDeterministic(create.partitionBy(), "partition key", columns);
    requireAcyclic(columns);
    boolean coalesces = engine.name().equals("CoalescingMergeTree");
    if (coalesces) {
      List<String> keys = new ArrayList<>(sorting);
      keys.addAll(create.partitionBy());
      columns.replaceAll(column -> Coalescing.column(column, keys, engine.arguments()));
    }
    return new TableDefinition(
            name,
            columns,
            plain || join ? "MergeTree" : coalesces ? "AggregatingMergeTree" : engine.name(),
            plain || join || coalesces ? List.of() : engine.arguments(),
            sorting,
            primary.isEmpty() ? sorting : primary,
            create.partitionBy(),
            withClauses(settings(create.settings()), create, columns, sorting),
            "",
            create.comment(),
            0)
        .change()
        .indexes(create.indexes())
        .ttls(create.ttls())
        .constraints(create.constraints())
        .projections(create.projections())
        .done();
  }

  private void requireDeterministic(
      List<String> keys, String role, List<ColumnDefinition> columns) {
    for (String key : keys) {
      if (key.contains("(") && !compiler.compile(key, columns).isDeterministic()) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS,
            "the "
                + role
                + " "
                + key
                + " gives another value each time; a key depends on columns alone");
      }
    }
  }

  /// Refuses defaults that need each other.
  private void requireAcyclic(List<ColumnDefinition> columns) {
    List<ColumnDefinition> computed =
        columns.stream().map(c -> c.expression().isEmpty() ? c : computed(c)).toList();
    for (ColumnDefinition column : columns) {
      if (!column.expression().isEmpty()) {
        compiler.compile(column.expression(), computed);
      }
    }
  }

  private static ColumnDefinition computed(ColumnDefinition column) {
    return new ColumnDefinition(
        column.name(),
        column.type(),
        ColumnDefinition.Kind.MATERIALIZED,
        column.expression(),
        column.codec(),
        column.comment());
  }

  /// The keys of `Join(strictness, type, k1, …)`: what its tables are looked up by. In a cluster
  /// every table is replicated, whatever its engine is called, and where in ZooKeeper is not its
  /// choice: so `Replicated` goes, and with it the path and the replica's name.
  private static Statement.Engine unreplicated(Statement.Engine engine) {
    String name = engine.name();
    if (!name.startsWith(REPLICATED) || !name.endsWith("MergeTree")) {
      return engine;
    }
    List<String> arguments = engine.arguments();
    boolean hasPath = arguments.size() >= 2 && arguments.getFirst().startsWith("'");
    return new Statement.Engine(
        name.substring(REPLICATED.length()),
        hasPath ? arguments.subList(2, arguments.size()) : arguments);
  }

  private static List<String> joinKeys(Statement.Engine engine) {
    if (engine.arguments().size() <= 2) {
      throw new VarveException(
          ErrorCode.NUMBER_OF_ARGUMENTS_DOESNT_MATCH,
          "engine Join(strictness, type, key, …) names its keys");
    }
    return engine.arguments().subList(2, engine.arguments().size());
  }

  /// What SAMPLE BY or the engines Null and Kafka say goes with the settings.
  private Map<String, String> withClauses(
      Map<String, String> settings,
      Statement.CreateTable create,
      List<ColumnDefinition> columns,
      List<String> sorting) {
    if (create.engine().isPresent() && OutsideTopics.isMeant(create.engine().get())) {
      return OutsideTopics.settings(create.engine().get(), settings);
    }
    if (create.engine().isPresent() && create.engine().get().name().equalsIgnoreCase("Null")) {
      Map<String, String> with = new TreeMap<>(settings);
      with.put(TableDefinition.FORGETS, "1");
      return with;
    }
    if (create.sampleBy().isEmpty()) {
      return settings;
    }
    String key = create.sampleBy().get();
    DataType type = compiler.compile(key, columns).type();
    int bits =
        switch (type.unwrapped().name()) {
          case "UInt8" -> Byte.SIZE;
          case "UInt16" -> Short.SIZE;
          case "UInt32" -> Integer.SIZE;
          case "UInt64" -> Long.SIZE;
          default ->
              throw new VarveException(
                  ErrorCode.ILLEGAL_TYPE_OF_ARGUMENT,
                  "SAMPLE BY " + key + " must be an unsigned integer, found " + type.name());
        };
    String canonical = compiler.compile(key, columns).canonical();
    if (sorting.stream()
        .noneMatch(part -> compiler.compile(part, columns).canonical().equals(canonical))) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "SAMPLE BY " + key + " must be one of the keys in ORDER BY");
    }
    Map<String, String> with = new TreeMap<>(settings);
    with.put(TableDefinition.SAMPLE_BY, key);
    with.put(TableDefinition.SAMPLE_BITS, Integer.toString(bits));
    return with;
  }

  static Map<String, String> settings(Map<String, String> given) {
    Map<String, String> kept = new TreeMap<>(given);
    kept.keySet().removeAll(IGNORED);
    kept.keySet().removeIf(KnownSettings::isIgnored);
    kept.keySet().removeAll(TableDefinition.OF_CLAUSES);
    return kept;
  }

  /// @param there columns that the expression of a column without a type may name
  List<ColumnDefinition> columns(List<Statement.Column> declared, List<ColumnDefinition> there) {
    List<ColumnDefinition> columns = new ArrayList<>();
    for (Statement.Column column : declared) {
      if (column.type().isPresent() && isNested(column.type().get())) {
        columns.addAll(nested(column));
      } else {
        List<ColumnDefinition> known = new ArrayList<>(there);
        known.addAll(columns);
        DataType type = type(column, known);
        checkCodec(column, type);
        columns.add(
            new ColumnDefinition(
                    column.name(),
                    type,
                    column.kind(),
                    column.expression(),
                    column.codec(),
                    column.comment())
                .withTtl(column.ttl().orElse("")));
      }
    }
    return columns;
  }

  /// Refuses a codec that does not fit the column when it is declared, not when rows come.
  private static void checkCodec(Statement.Column column, DataType type) {
    try {
      CodecChoice.parse(column.codec(), type);
    } catch (VarveException e) {
      throw new VarveException(e.code(), "column \"" + column.name() + "\": " + e.getMessage(), e);
    }
  }

  private DataType type(Statement.Column column, List<ColumnDefinition> before) {
    DataType type =
        column
            .type()
            .map(spelling -> parse(column.name(), spelling))
            .orElseGet(() -> compiler.compile(column.expression(), before).type());
    return column.nullable().orElse(nullable && !column.primaryKey() && isScalar(type))
        ? DataTypes.nullable(type)
        : type;
  }

  private static boolean isScalar(DataType type) {
    return switch (type) {
      case DataType.Array _,
          DataType.MapOf _,
          DataType.Tuple _,
          DataType.AggregateState _,
          DataType.SimpleAggregate _,
          DataType.LowCardinality _,
          DataType.Nullable _ ->
          false;
      default -> true;
    };
  }

  private static DataType parse(String column, String spelling) {
    try {
      return DataTypes.parse(spelling);
    } catch (UnknownTypeException e) {
      throw new VarveException(
          ErrorCode.UNKNOWN_TYPE, "column \"" + column + "\": " + e.getMessage(), e);
    }
  }

  private static boolean isNested(String spelling) {
    return spelling.strip().regionMatches(true, 0, "Nested", 0, 6) && spelling.contains("(");
  }

  /// `n Nested(a T, b U)` is `n.a Array(T), n.b Array(U)`.
  private static List<ColumnDefinition> nested(Statement.Column column) {
    String spelling = column.type().orElseThrow();
    String fields =
        "Tuple" + spelling.substring(spelling.indexOf('('), spelling.lastIndexOf(')') + 1);
    DataType.Tuple tuple = (DataType.Tuple) parse(column.name(), fields);
    List<ColumnDefinition> columns = new ArrayList<>();
    for (int i = 0; i < tuple.fields().size(); i++) {
      checkCodec(column, tuple.fields().get(i));
      columns.add(
          new ColumnDefinition(
              column.name() + "." + tuple.names().get(i),
              DataTypes.array(tuple.fields().get(i)),
              column.kind(),
              "",
              column.codec(),
              column.comment()));
    }
    return columns;
  }
}
