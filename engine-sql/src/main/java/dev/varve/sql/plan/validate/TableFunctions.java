// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.operator.Numbers;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataTypes;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNumericLiteral;

/// Functions in FROM. Their arguments are constants.
final class TableFunctions {
  private static final List<String> KNOWN = List.of("numbers", "file", "read_parquet");

  private final Typing typing;
  private final Relations relations;

  TableFunctions(Typing typing, Relations relations) {
    this.typing = typing;
    this.relations = relations;
  }

  /// Whether a table's name is that of the numbers without end.
  static boolean isEndless(List<String> name) {
    return name.size() == 2
        && name.getFirst().equals("system")
        && (name.getLast().equals("numbers") || name.getLast().equals("numbers_mt"));
  }

  /// A leaf made by a function, and its columns.
  record Leaf(String key, List<String> columns) {}

  Leaf find(String name, List<SqlNode> arguments) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "numbers", "numbers_mt" -> numbers(arguments);
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

  private static long whole(SqlNode node) {
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
