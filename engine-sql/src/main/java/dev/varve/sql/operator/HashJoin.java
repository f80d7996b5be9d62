// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.expression.Expression;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Join by equality of keys, with whatever else must hold. Builds a table of the right side.
///
/// @param leftKeys columns of the left side; key `i` has the same type on both sides, but for
///   Nullable
/// @param rightKeys columns of the right side
/// @param nullSafe for each key whether NULL equals NULL (`IS NOT DISTINCT FROM`)
/// @param residual further conditions over the left columns followed by the right columns
/// @param output which columns are given: positions among the left columns followed by the right
///   ones
/// @param published values of right keys that scans on the left side wait for
public record HashJoin(
    Operator left,
    Operator right,
    JoinKind kind,
    List<Integer> leftKeys,
    List<Integer> rightKeys,
    List<Boolean> nullSafe,
    List<Expression> residual,
    List<Integer> output,
    List<Published> published)
    implements Operator {
  /// The values of a right column go to a slot once they are known.
  public record Published(int rightColumn, KeySetSlot slot) {}

  public HashJoin {
    leftKeys = List.copyOf(leftKeys);
    rightKeys = List.copyOf(rightKeys);
    nullSafe = List.copyOf(nullSafe);
    residual = List.copyOf(residual);
    output = List.copyOf(output);
    published = List.copyOf(published);
  }

  /// A join that gives all columns of the sides it gives.
  public HashJoin(
      Operator left,
      Operator right,
      JoinKind kind,
      List<Integer> leftKeys,
      List<Integer> rightKeys,
      List<Boolean> nullSafe,
      List<Expression> residual) {
    this(
        left,
        right,
        kind,
        leftKeys,
        rightKeys,
        nullSafe,
        residual,
        allColumns(left, right, kind),
        List.of());
  }

  /// Positions of the columns of the sides that a join of this kind gives.
  public static List<Integer> allColumns(Operator left, Operator right, JoinKind kind) {
    int width = left.types().size();
    return IntStream.range(
            kind.givesLeft() ? 0 : width, kind.givesRight() ? width + right.types().size() : width)
        .boxed()
        .toList();
  }

  /// The same join giving these of its columns, by their present positions.
  public HashJoin withOutput(List<Integer> columns) {
    return new HashJoin(
        left,
        right,
        kind,
        leftKeys,
        rightKeys,
        nullSafe,
        residual,
        columns.stream().map(output::get).toList(),
        published);
  }

  /// The same join over other inputs of the same columns.
  public HashJoin withInputs(Operator newLeft, Operator newRight, List<Published> newPublished) {
    return new HashJoin(
        newLeft, newRight, kind, leftKeys, rightKeys, nullSafe, residual, output, newPublished);
  }

  @Override
  public List<DataType> types() {
    return joinedTypes(left, right, kind, output);
  }

  static List<DataType> joinedTypes(
      Operator left, Operator right, JoinKind kind, List<Integer> output) {
    List<DataType> types = new ArrayList<>();
    int width = left.types().size();
    List<DataType> ofLeft = left.types();
    List<DataType> ofRight = right.types();
    for (int column : output) {
      DataType type = column < width ? ofLeft.get(column) : ofRight.get(column - width);
      boolean nullable = column < width ? kind.keepsRight() : kind.keepsLeft();
      types.add(nullable ? DataTypes.nullable(type) : type);
    }
    return types;
  }

  @Override
  public List<Operator> inputs() {
    return List.of(left, right);
  }

  @Override
  public String describe() {
    return "HashJoin "
        + kind
        + " left="
        + leftKeys
        + " right="
        + rightKeys
        + (residual.isEmpty() ? "" : " if " + residual)
        + " gives "
        + output;
  }

  @Override
  public ParallelSource open(QueryContext context) {
    return JoinSource.open(this, context);
  }
}
