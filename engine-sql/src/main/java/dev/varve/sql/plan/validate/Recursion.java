// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.operator.WorkingTable;
import dev.varve.sql.plan.PlanContext;
import dev.varve.sql.plan.relation.RecursiveRows;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlSetOperator;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.SqlWithItem;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;

/// WITH RECURSIVE: settles a query that names itself, and the types of its rows, which are those
/// that no further step widens.
final class Recursion {
  // Whole numbers reach their widest type in four; what still grows then is converted.
  private static final int MAX_WIDENINGS = 6;
  private static final double WORKING_ROWS = 1000;

  /// A query that names itself: the leaf its name stands for.
  record Leaf(String name, List<String> columns, List<DataType> types, ScanTable.Origin origin) {}

  private final Typing typing;
  private final PlanContext context;
  private final BiFunction<SqlNode, Queries.Environment, Validation> queries;

  /// @param queries settles a query of its own where these names hold
  Recursion(
      Typing typing,
      PlanContext context,
      BiFunction<SqlNode, Queries.Environment, Validation> queries) {
    this.typing = typing;
    this.context = context;
    this.queries = queries;
  }

  /// @return what the name of the item stands for in the query behind WITH
  Leaf settle(SqlWithItem item, Queries.Environment environment) {
    String name = item.name.getSimple();
    SqlParserPos position = item.getParserPosition();
    List<SqlNode> branches = new ArrayList<>();
    boolean all = flatten(item.query, branches);
    List<SqlNode> first = new ArrayList<>();
    List<SqlNode> step = new ArrayList<>();
    branches.forEach(branch -> (reads(branch, name) ? step : first).add(branch));
    if (first.isEmpty()) {
      throw Place.error(
          ErrorCode.BAD_ARGUMENTS,
          position,
          "WITH RECURSIVE \""
              + name
              + "\" is a query that does not name itself, UNION ALL one that does");
    }
    Validation anchor = queries.apply(query(first, environment), environment.inside());
    List<String> columns =
        item.columnList == null
            ? anchor.names()
            : item.columnList.getList().stream().map(SqlNode::toString).toList();
    List<DataType> types = types(anchor.tree());
    requireWidth(columns.size(), types.size(), name, position);
    for (int widenings = 0; ; widenings++) {
      WorkingTable working = new WorkingTable(name, types);
      List<DataType> now = types;
      Leaf inside = new Leaf(name, columns, types, new ScanTable.Origin.Made(() -> working, false));
      Validation next =
          queries.apply(query(step, environment), environment.inside().with(name, inside));
      List<DataType> found = types(next.tree());
      requireWidth(types.size(), found.size(), name, position);
      types = widened(types, found, position);
      if (types.equals(now) || widenings == MAX_WIDENINGS) {
        RelNode rows = rows(anchor.tree(), next.tree(), name, working, !all, columns, now);
        return new Leaf(name, columns, now, new ScanTable.Origin.Recursive(rows));
      }
    }
  }

  /// The types of the columns of a query that stands where these names hold.
  List<DataType> typesOf(SqlNode query, Queries.Environment environment) {
    return types(queries.apply(query(List.of(query), environment), environment.inside()).tree());
  }

  private RelNode rows(
      RelNode first,
      RelNode step,
      String name,
      WorkingTable working,
      boolean distinct,
      List<String> columns,
      List<DataType> types) {
    List<RelDataType> relTypes = new ArrayList<>();
    types.forEach(type -> relTypes.add(typing.types().of(type)));
    return new RecursiveRows(
        first.getCluster(),
        first.getTraitSet(),
        first,
        step,
        name,
        working,
        distinct,
        context.dialect().maxRecursion(),
        typing.types().createStructType(relTypes, columns));
  }

  static double estimatedRows() {
    return WORKING_ROWS;
  }

  private static void requireWidth(int wanted, int found, String name, SqlParserPos position) {
    if (wanted != found) {
      throw Place.error(
          ErrorCode.NUMBER_OF_COLUMNS_DOESNT_MATCH,
          position,
          "WITH RECURSIVE \"" + name + "\" has " + wanted + " columns, its step gives " + found);
    }
  }

  private List<DataType> types(RelNode tree) {
    List<DataType> types = new ArrayList<>();
    tree.getRowType()
        .getFieldList()
        .forEach(field -> types.add(typing.types().dataType(field.getType())));
    return types;
  }

  private List<DataType> widened(List<DataType> one, List<DataType> other, SqlParserPos position) {
    List<DataType> types = new ArrayList<>();
    try {
      for (int i = 0; i < one.size(); i++) {
        DataType type = typing.functions().commonType(List.of(one.get(i), other.get(i)));
        boolean nullable = one.get(i).isNullable() || other.get(i).isNullable();
        types.add(nullable ? DataTypes.nullable(type) : type);
      }
    } catch (VarveException e) {
      throw Place.at(position, e);
    }
    return types;
  }

  /// The branches of a UNION of UNIONs.
  ///
  /// @return whether all of them are UNION ALL
  private static boolean flatten(SqlNode query, List<SqlNode> branches) {
    if (query.getKind() != SqlKind.UNION) {
      branches.add(query);
      return true;
    }
    SqlCall union = (SqlCall) query;
    boolean all = ((SqlSetOperator) union.getOperator()).isAll();
    for (SqlNode operand : union.getOperandList()) {
      all &= flatten(operand, branches);
    }
    return all;
  }

  private static SqlNode query(List<SqlNode> branches, Queries.Environment environment) {
    SqlNode query = branches.getFirst();
    for (SqlNode branch : branches.subList(1, branches.size())) {
      query = SqlStdOperatorTable.UNION_ALL.createCall(SqlParserPos.ZERO, query, branch);
    }
    return environment.items().isEmpty()
        ? query
        : new SqlWith(
            query.getParserPosition(),
            new SqlNodeList(environment.items(), query.getParserPosition()),
            query);
  }

  /// Whether a query reads a table of this name, at whatever depth.
  static boolean reads(SqlNode query, String name) {
    boolean[] found = new boolean[1];
    query.accept(
        new SqlBasicVisitor<Void>() {
          @Override
          public Void visit(SqlCall call) {
            if (call instanceof SqlSelect select && select.getFrom() != null) {
              found[0] |= isTable(select.getFrom(), name);
            }
            return super.visit(call);
          }
        });
    return found[0];
  }

  private static boolean isTable(SqlNode item, String name) {
    return switch (item) {
      case SqlIdentifier table -> table.isSimple() && table.getSimple().equals(name);
      case SqlJoin join -> isTable(join.getLeft(), name) || isTable(join.getRight(), name);
      case SqlCall call when call.isA(SqlKind.QUERY) -> false;
      case SqlCall call when call.operandCount() > 0 && call.operand(0) != null ->
          isTable(call.operand(0), name);
      default -> false;
    };
  }

  /// The tree in which the leaves that stand for recursive queries are those queries.
  static RelNode resolve(RelNode tree) {
    return tree.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode other) {
            return other instanceof TableScan scan
                    && scan.getTable().unwrap(ScanTable.class).origin()
                        instanceof ScanTable.Origin.Recursive(RelNode rows)
                ? rows
                : super.visit(other);
          }

          @Override
          public RelNode visit(TableScan scan) {
            return visit((RelNode) scan);
          }
        });
  }
}
