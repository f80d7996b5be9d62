// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.Expression;
import dev.varve.sql.expression.ExpressionText;
import dev.varve.sql.operator.TableScan;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.skip.SkipIndexType;
import dev.varve.storage.skip.SkipIndexes;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;

/// Finds the expressions of a skip index in conditions, and constants as the index keeps values.
///
/// @param columns what `InputColumn`s of conditions stand for
record IndexedValue(
    SkipIndexes.Index index, List<TableScan.Column> columns, BufferAllocator allocator) {

  String text(Expression expression) {
    return ExpressionText.of(expression, i -> columns.get(i).name());
  }

  /// Which expression of the index this is, or -1.
  int find(Expression expression) {
    return find(text(expression));
  }

  int find(String canonical) {
    for (int i = 0; i < index.expressions().size(); i++) {
      if (index.expressions().get(i).canonical().equals(canonical)) {
        return i;
      }
    }
    return -1;
  }

  /// Type of the values that filters hold of an expression.
  DataType elementType(int expression) {
    return SkipIndexType.elementType(index.types().get(expression));
  }

  /// A constant's normalised key as a value of this type, or nothing where it is none exactly.
  Optional<byte[]> key(Object value, DataType from, DataType type) {
    if (value == null || value instanceof Double number && number.isNaN()) {
      return Optional.empty();
    }
    Object own = from.unwrapped().equals(type) ? value : whole(value, type);
    if (own == null) {
      return Optional.empty();
    }
    try (Scratch scratch = new Scratch(allocator)) {
      Vector vector = VectorValues.of(type, scratch, own);
      return Optional.of(KeyEncoder.ascending(List.of(type)).encode(List.of(vector), 0));
    }
  }

  /// An integer constant of another type, if it is one of this type's values.
  private static Object whole(Object value, DataType type) {
    if (!(type instanceof DataType.Int(int bits, boolean signed))
        || !(value instanceof Long || value instanceof java.math.BigInteger)) {
      return null;
    }
    java.math.BigInteger number = new java.math.BigInteger(value.toString());
    boolean fits =
        signed ? number.bitLength() < bits : number.signum() >= 0 && number.bitLength() <= bits;
    return fits ? number : null;
  }

  /// The operand of a cast that keeps every value and their order: an integer made wider.
  static Expression unwidened(Expression expression) {
    if (expression instanceof Expression.Call call
        && call.function().name().equals("CAST")
        && call.arguments().size() == 1
        && call.type().unwrapped() instanceof DataType.Int(int to, boolean toSigned)
        && call.arguments().getFirst().type().unwrapped()
            instanceof DataType.Int(int from, boolean fromSigned)
        && (toSigned == fromSigned ? to >= from : toSigned && to > from)) {
      return call.arguments().getFirst();
    }
    return expression;
  }
}
