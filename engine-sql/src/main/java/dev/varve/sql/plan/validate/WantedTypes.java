// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.validate.SqlValidator;

/// Finds which types are wanted where a query has a `?`: the type of what it is compared with, the
/// target of a cast, a number behind LIMIT, and as argument of a function a type that the function
/// takes. A `?` is a NULL at a place that the parser remembers.
final class WantedTypes extends SqlBasicVisitor<Void> {
  /// What is tried as argument of a function, once the types of its other arguments were.
  private static final List<DataType> TRIED =
      List.of(
          DataTypes.STRING,
          DataTypes.INT64,
          DataTypes.FLOAT64,
          DataTypes.DATE32,
          DataTypes.DATETIME,
          DataTypes.array(DataTypes.STRING),
          DataTypes.array(DataTypes.INT64));

  private final Map<SqlParserPos, Integer> places;
  private final SqlValidator validator;
  private final Typing typing;
  private final DataType[] found;

  /// @param places of the parameters, with their numbers from 0 on
  WantedTypes(Map<SqlParserPos, Integer> places, SqlValidator validator, Typing typing) {
    this.places = places;
    this.validator = validator;
    this.typing = typing;
    this.found = new DataType[places.size()];
  }

  /// The types by the parameters' numbers; absent where any will do.
  List<Optional<DataType>> of(SqlNode query) {
    query.accept(this);
    List<Optional<DataType>> types = new ArrayList<>();
    for (DataType type : found) {
      types.add(Optional.ofNullable(type));
    }
    return types;
  }

  @Override
  public Void visit(SqlCall call) {
    switch (call) {
      case SqlSelect select -> {
        count(select.getFetch());
        count(select.getOffset());
      }
      case SqlOrderBy ordered -> {
        count(ordered.fetch);
        count(ordered.offset);
      }
      default -> {
        List<SqlNode> operands = call.getOperandList();
        for (int i = 0; i < operands.size(); i++) {
          int parameter = parameter(operands.get(i));
          if (parameter >= 0 && found[parameter] == null) {
            found[parameter] = wanted(call, i);
          }
          if (operands.get(i) instanceof SqlNodeList list && i > 0) {
            list(list, operands.getFirst());
          }
        }
      }
    }
    return super.visit(call);
  }

  private void count(SqlNode number) {
    int parameter = parameter(number);
    if (parameter >= 0) {
      found[parameter] = DataTypes.UINT64;
    }
  }

  /// `x IN (?, ?)`.
  private void list(SqlNodeList list, SqlNode member) {
    for (SqlNode element : list) {
      int parameter = parameter(element);
      if (parameter >= 0) {
        found[parameter] = type(member);
      }
    }
  }

  private int parameter(SqlNode node) {
    return node instanceof SqlLiteral literal && literal.getValue() == null
        ? places.getOrDefault(literal.getParserPosition(), -1)
        : -1;
  }

  private DataType wanted(SqlCall call, int operand) {
    if (call.getOperator() instanceof CastOperator cast) {
      return cast.target();
    }
    if (call.getOperator() instanceof ScalarOperator) {
      return argument(call, operand);
    }
    if (call.getKind() == SqlKind.AND || call.getKind() == SqlKind.OR) {
      return DataTypes.BOOL;
    }
    for (SqlNode other : call.getOperandList()) {
      DataType type = other == null ? null : type(other);
      if (type != null) {
        return type;
      }
    }
    return null;
  }

  private DataType argument(SqlCall call, int operand) {
    List<DataType> types = new ArrayList<>();
    List<DataType> tried = new ArrayList<>();
    for (SqlNode other : call.getOperandList()) {
      DataType type = type(other);
      types.add(type == null ? DataTypes.nullable(DataTypes.NOTHING) : type);
      if (type != null) {
        tried.add(type instanceof DataType.Array(DataType element) ? element.unwrapped() : type);
      }
    }
    tried.addAll(TRIED);
    types.stream().filter(type -> type instanceof DataType.Array).forEach(tried::add);
    for (DataType candidate : tried) {
      types.set(operand, candidate);
      try {
        typing.functions().scalar(call.getOperator().getName(), types);
        return candidate;
      } catch (VarveException notTaken) {
        continue; // the function has no such argument, so another type is tried
      }
    }
    return null;
  }

  /// The type of a node, without what only says how it is stored; null where it has none yet.
  private DataType type(SqlNode node) {
    RelDataType type = validator.getValidatedNodeTypeIfKnown(node);
    if (type == null) {
      return null;
    }
    DataType plain = typing.types().dataType(type).unwrapped();
    return plain instanceof DataType.Nothing ? null : plain;
  }
}
