// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.catalog.Catalog;
import dev.varve.sql.catalog.TopicAccess;
import dev.varve.sql.expression.Expression;
import dev.varve.sql.operator.FormatRows;
import dev.varve.sql.operator.Numbers;
import dev.varve.sql.operator.Operator;
import dev.varve.sql.operator.Project;
import dev.varve.sql.operator.RandomRows;
import dev.varve.sql.operator.TopicRows;
import dev.varve.sql.operator.Values;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlUtil;

/// Functions in FROM. Their arguments are constants.
final class TableFunctions {
  private static final List<String> KNOWN =
      List.of(
          "numbers",
          "numbers_mt",
          "zeros",
          "zeros_mt",
          "generateSeries",
          "generate_series",
          "generateRandom",
          "values",
          "format",
          "null",
          "merge",
          "dictionary",
          "view",
          "file",
          "read_parquet",
          "read_csv",
          "read_json",
          "topic");

  /// What reads other servers, which this one does not.
  private static final Set<String> REMOTE =
      Set.of(
          "remote",
          "remotesecure",
          "cluster",
          "clusterallreplicas",
          "url",
          "s3",
          "hdfs",
          "mysql",
          "postgresql",
          "mongodb",
          "jdbc",
          "odbc");

  private static final Set<String> ENDLESS = Set.of("numbers", "numbers_mt", "zeros", "zeros_mt");

  private static final int RANDOM_TEXT = 10;

  private final Catalog catalog;
  private final Typing typing;
  private final Relations relations;

  TableFunctions(Typing typing, Relations relations, Catalog catalog) {
    this.catalog = catalog;
    this.typing = typing;
    this.relations = relations;
  }

  /// Whether a table's name is that of the numbers without end.
  static boolean isEndless(List<String> name) {
    return name.size() == 2 && name.getFirst().equals("system") && ENDLESS.contains(name.getLast());
  }

  /// A leaf made by a function, and its columns.
  record Leaf(String key, List<String> columns) {}

  /// Whether bare names among the arguments are names of formats, and no columns.
  static boolean takesNames(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.equals("format") || lower.equals("file") || lower.startsWith("read_");
  }

  Leaf find(String name, List<SqlNode> arguments) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "numbers", "numbers_mt" -> numbers(arguments);
      case "zeros", "zeros_mt" -> zeros(arguments);
      case "generateseries", "generate_series" -> series(arguments);
      case "generaterandom" -> random(arguments);
      case "format" -> format(arguments);
      case "null" -> nothing(arguments);
      case "topic" -> topic(arguments);
      case "file", "read_parquet", "read_csv", "read_csv_auto", "read_json", "read_json_auto" ->
          new FileFunctions(relations, catalog).find(name, arguments);
      case String other when REMOTE.contains(other) ->
          throw new VarveException(
              ErrorCode.NOT_IMPLEMENTED,
              "the table function \""
                  + name
                  + "\" reads another server, which this one does not; send the rows with INSERT");
      default ->
          throw new VarveException(
              ErrorCode.UNKNOWN_FUNCTION,
              "no table function \"" + name + "\"" + NearNames.suggest(name, KNOWN));
    };
  }

  private Leaf numbers(List<SqlNode> arguments) {
    if (arguments.size() > 3) {
      throw new VarveException(
          ErrorCode.NUMBER_OF_ARGUMENTS_DOESNT_MATCH,
          "numbers([first, ]count[, step]) takes up to 3 arguments, found " + arguments.size());
    }
    List<Long> values = arguments.stream().map(TableFunctions::whole).toList();
    long first = values.size() > 1 ? values.get(0) : 0;
    long count = values.isEmpty() ? -1 : values.get(Math.min(1, values.size() - 1));
    long step = values.size() > 2 ? values.get(2) : 1;
    // With a step, the second argument is the length of the range and not the number of rows.
    long rows = step == 1 ? count : Math.ceilDiv(count, step);
    List<String> columns = List.of("number");
    String key =
        relations.add(
            "numbers",
            columns,
            List.of(DataTypes.UINT64),
            () -> new Numbers(first, rows, step),
            rows < 0 ? 1e9 : rows);
    return new Leaf(key, columns);
  }

  private Leaf zeros(List<SqlNode> arguments) {
    long count = arguments.isEmpty() ? -1 : whole(arguments.getFirst());
    Expression zero = new Expression.Literal(0L, DataTypes.UINT8);
    return made(
        "zeros",
        List.of("zero"),
        List.of(DataTypes.UINT8),
        () -> new Project(new Numbers(0, count, 0), List.of(zero)),
        count < 0 ? 1e9 : count);
  }

  private Leaf series(List<SqlNode> arguments) {
    if (arguments.size() < 2 || arguments.size() > 3) {
      throw new VarveException(
          ErrorCode.NUMBER_OF_ARGUMENTS_DOESNT_MATCH,
          "generateSeries(first, last[, step]) takes 2 or 3 arguments, found " + arguments.size());
    }
    long first = whole(arguments.get(0));
    long last = whole(arguments.get(1));
    long step = arguments.size() > 2 ? whole(arguments.get(2)) : 1;
    if (step == 0) {
      throw new VarveException(ErrorCode.BAD_ARGUMENTS, "the step of a series is not 0");
    }
    long count = last < first ? 0 : (last - first) / step + 1;
    return made(
        "generateSeries",
        List.of("generate_series"),
        List.of(DataTypes.UINT64),
        () -> new Numbers(first, count, step),
        count);
  }

  /// `generateRandom('name Type, …'[, seed[, longest text[, longest array]]])`: rows without end.
  private Leaf random(List<SqlNode> arguments) {
    if (arguments.isEmpty()) {
      throw new VarveException(
          ErrorCode.NUMBER_OF_ARGUMENTS_DOESNT_MATCH,
          "generateRandom('name Type, …') wants the columns");
    }
    Structure columns = Structure.parse(text(arguments.getFirst()));
    boolean seeded = arguments.size() > 1 && !SqlUtil.isNull(arguments.get(1));
    long seed = seeded ? whole(arguments.get(1)) : System.nanoTime();
    int longestText = arguments.size() > 2 ? (int) whole(arguments.get(2)) : RANDOM_TEXT;
    int longestArray = arguments.size() > 3 ? (int) whole(arguments.get(3)) : RANDOM_TEXT;
    return made(
        "generateRandom",
        columns.names(),
        columns.types(),
        () -> new RandomRows(columns.types(), seed, longestText, longestArray),
        1e9);
  }

  /// `null('name Type, …')`: no rows.
  private Leaf nothing(List<SqlNode> arguments) {
    Structure columns = Structure.parse(text(arguments.getFirst()));
    return made("null", columns.names(), columns.types(), () -> Values.empty(columns.types()), 0);
  }

  /// `topic('name')`: the records of a topic of the log.
  private Leaf topic(List<SqlNode> arguments) {
    if (arguments.size() != 1) {
      throw new VarveException(
          ErrorCode.NUMBER_OF_ARGUMENTS_DOESNT_MATCH, "topic('name') takes the name of a topic");
    }
    String topic = text(arguments.getFirst());
    TopicAccess log =
        catalog
            .topics()
            .orElseThrow(() ->
                new VarveException(
                    ErrorCode.NOT_IMPLEMENTED,
                    "there is no log here to read topic \""
                        + topic
                        + "\" from; the server has one, an embedded engine has not"));
    List<DataType> types = TopicAccess.COLUMNS.stream().map(ColumnDefinition::type).toList();
    return made(
        "topic",
        TopicAccess.COLUMNS.stream().map(ColumnDefinition::name).toList(),
        types,
        () -> new TopicRows(topic, types, scratch -> log.read(topic, scratch)),
        1e6);
  }

  /// `format(Format[, 'name Type, …'], 'rows')`; the format is a name or a text.
  private Leaf format(List<SqlNode> arguments) {
    int count = arguments.size();
    if (count != 2 && count != 3) {
      throw new VarveException(
          ErrorCode.NUMBER_OF_ARGUMENTS_DOESNT_MATCH,
          "format(Format[, 'name Type, …'], 'rows') takes 2 or 3 arguments, found " + count);
    }
    SqlNode named = arguments.getFirst();
    String format =
        named instanceof SqlIdentifier name && name.isSimple() ? name.getSimple() : text(named);
    FormatRows.Source rows = FormatRows.ofText(text(arguments.getLast()));
    return FileFunctions.rows(
        relations,
        format,
        List.of(rows),
        count == 3 ? Optional.of(Structure.parse(text(arguments.get(1)))) : Optional.empty(),
        catalog);
  }

  private Leaf made(
      String name,
      List<String> columns,
      List<DataType> types,
      Supplier<Operator> operator,
      double rows) {
    return new Leaf(relations.add(name, columns, types, operator, rows), columns);
  }

  private static long whole(SqlNode node) {
    // A parameter: its value is text, and NULL while nobody has given it one.
    if (node instanceof SqlCall call
        && call.getOperator() instanceof CastOperator
        && call.operand(0) instanceof SqlLiteral value) {
      return value.getValue() == null ? 0 : number(value.getValueAs(String.class), node);
    }
    if (node instanceof SqlNumericLiteral number) {
      BigDecimal value = number.bigDecimalValue();
      if (value.signum() >= 0 && value.stripTrailingZeros().scale() <= 0) {
        return value.longValue();
      }
    }
    throw Place.error(
        ErrorCode.ILLEGAL_TYPE_OF_ARGUMENT,
        node.getParserPosition(),
        "expected a whole number that is not negative, found " + node);
  }

  private static long number(String text, SqlNode node) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw new VarveException(
          ErrorCode.CANNOT_PARSE_INPUT,
          Place.of(node.getParserPosition()) + "expected a whole number, found '" + text + "'",
          e);
    }
  }

  static String text(SqlNode node) {
    if (node instanceof SqlLiteral literal
        && literal.getValue() instanceof org.apache.calcite.util.NlsString text) {
      return text.getValue();
    }
    throw Place.error(
        ErrorCode.ILLEGAL_TYPE_OF_ARGUMENT,
        node.getParserPosition(),
        "expected a text constant, found " + node);
  }
}
