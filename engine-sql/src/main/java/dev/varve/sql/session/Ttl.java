// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.engine.MergeTable;
import dev.varve.sql.parse.AlterAction;
import dev.varve.sql.parse.StatementParser;
import dev.varve.sql.parse.StringLiteral;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.part.PartName;
import dev.varve.storage.table.TtlRule;
import dev.varve.storage.type.DataType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlShuttle;

/// Takes away what has reached its age: rows by a DELETE, values of a column by an UPDATE. So a row
/// that expires takes the older rows of its key with it, whatever parts they lie in. Parts all of
/// whose rows have reached the age of a RECOMPRESS are written anew.
final class Ttl {
  private static final String DUE = "_is_due";

  private final Mutations mutations;
  private final MergeTable table;
  private final long nowSeconds;

  Ttl(EngineParts parts, SessionState state, Running running, MergeTable table) {
    this.mutations = new Mutations(parts, state, running);
    this.table = table;
    this.nowSeconds = System.currentTimeMillis() / 1000;
  }

  /// Where nothing has reached its age, only that is found out.
  ///
  /// @param partition the id of the only partition to look at
  void apply(Optional<String> partition) {
    for (TtlRule rule : table.definition().ttls()) {
      SqlNode over = isOver(rule.expression());
      SqlNode due = rule.where().isEmpty() ? over : and(over, rule.where());
      String command = "MATERIALIZE TTL " + rule.expression();
      switch (rule.action()) {
        case DELETE -> {
          if (mutations.isAny(table, due, partition)) {
            mutations.delete(table, due, partition, command);
          }
        }
        case GROUP_BY -> rollUp(rule, due, partition, command);
        case RECOMPRESS -> {} // done last, for what is left
      }
    }
    for (ColumnDefinition column : table.definition().columns()) {
      if (!column.ttl().isEmpty() && column.kind() == ColumnDefinition.Kind.DEFAULT) {
        clear(column, partition);
      }
    }
    List<TtlRule> recompressing =
        table.definition().ttls().stream()
            .filter(rule -> rule.action() == TtlRule.Action.RECOMPRESS)
            .toList();
    if (!recompressing.isEmpty()) {
      table.recompress(part ->
          partition.map(id -> PartName.isOf(part, id)).orElse(true)
              ? codec(part, recompressing)
              : "");
    }
  }

  /// The codec of the last rule whose moment has come for every row of a part, or empty.
  private String codec(PartInfo part, List<TtlRule> rules) {
    for (TtlRule rule : rules.reversed()) {
      SqlNode isYoung =
          SqlStdOperatorTable.IS_NOT_TRUE.createCall(SqlParserPos.ZERO, isOver(rule.expression()));
      SqlNode inPart = and(isYoung, "_part = " + StringLiteral.of(PartName.of(part)));
      if (!mutations.isAny(table, inPart, Optional.empty())) {
        return rule.codec();
      }
    }
    return "";
  }

  /// Puts one row in the place of the rows of a group. A group of one row that would stay as it is
  /// is left alone, so that this comes to an end.
  private void rollUp(TtlRule rule, SqlNode due, Optional<String> partition, String command) {
    Rollup rollup = Rollup.of(table.definition(), rule, partition);
    SqlNode groups = with(rollup.groups(), due);
    if (mutations.isAny(table, groups)) {
      mutations.replace(table, with(rollup.rows(), due), with(rollup.results(), due), command);
    }
  }

  private static SqlNode with(String query, SqlNode due) {
    return StatementParser.parseQuery(query).accept(new Named(Map.of(DUE, due)));
  }

  private void clear(ColumnDefinition column, Optional<String> partition) {
    String value = Mutations.defaultText(column);
    AlterAction.Assignment cleared =
        new AlterAction.Assignment(column.name(), StatementParser.parseExpression(value));
    SqlNode due = and(isOver(column.ttl()), isOther(column, value));
    if (mutations.isAny(table, due, partition)) {
      mutations.update(
          table,
          new AlterAction.Update(List.of(cleared), due, Optional.empty()),
          partition,
          "MATERIALIZE TTL OF " + StringLiteral.of(column.name()));
    }
  }

  /// That the value is not yet the default, as far as its type can be compared.
  private static String isOther(ColumnDefinition column, String value) {
    String name = quoted(column);
    return switch (column.type().physical()) {
      case LIST -> column.expression().isEmpty() ? "notEmpty(" + name + ")" : "1 = 1";
      case STRUCT -> "1 = 1";
      default -> name + " IS DISTINCT FROM (" + value + ")";
    };
  }

  /// The moment is computed in types that hold every moment, so that none wraps around into the
  /// past. The epoch stands for never, as in a column left out.
  private SqlNode isOver(String expression) {
    Map<String, SqlNode> wide =
        table.definition().columns().stream()
            .filter(column -> !widened(column).isEmpty())
            .collect(
                Collectors.toMap(
                    ColumnDefinition::name,
                    column -> StatementParser.parseExpression(widened(column))));
    SqlNode moment = StatementParser.parseExpression(expression).accept(new Named(wide));
    String at = "toDateTime64(moment, 0, 'UTC')";
    String now = "toDateTime64(" + nowSeconds + ", 0, 'UTC')";
    String over = at + " <= " + now + " AND " + at + " <> toDateTime64(0, 0, 'UTC')";
    return StatementParser.parseExpression(over).accept(new Named(Map.of("moment", moment)));
  }

  private static String widened(ColumnDefinition column) {
    return switch (column.type().unwrapped()) {
      case DataType.Date _ -> "toDate32(" + quoted(column) + ")";
      case DataType.DateTime _ -> "toDateTime64(" + quoted(column) + ", 0)";
      default -> "";
    };
  }

  private static SqlNode and(SqlNode condition, String more) {
    return SqlStdOperatorTable.AND.createCall(
        SqlParserPos.ZERO, condition, StatementParser.parseExpression(more));
  }

  private static String quoted(ColumnDefinition column) {
    return Rollup.quoted(column.name());
  }

  /// Puts expressions in the place of names.
  private static final class Named extends SqlShuttle {
    private final Map<String, SqlNode> expressions;

    Named(Map<String, SqlNode> expressions) {
      this.expressions = expressions;
    }

    @Override
    public SqlNode visit(SqlIdentifier name) {
      SqlNode expression = name.isSimple() ? expressions.get(name.getSimple()) : null;
      return expression == null ? name : expression;
    }
  }
}
