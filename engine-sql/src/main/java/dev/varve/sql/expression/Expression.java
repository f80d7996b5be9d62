// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.expression;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.BitSet;
import java.util.List;

/// A typed expression over the columns of a batch. Immutable; safe for threads.
///
/// Types must fit exactly: whoever builds a tree inserts the casts. A decimal's vector may lie
/// narrower than its type (see [Vector]).
public sealed interface Expression {
  DataType type();

  List<Expression> children();

  /// The value for each row. The vector lives in `scratch` or in the batch.
  default Vector evaluate(Batch batch, Scratch scratch) {
    return Evaluation.evaluate(this, batch, scratch);
  }

  /// Collects the columns of the batch that this expression reads.
  default void collectInputs(BitSet inputs) {
    children().forEach(child -> child.collectInputs(inputs));
  }

  /// Whether the value is the same for all rows and all times.
  default boolean isConstant() {
    return children().stream().allMatch(Expression::isConstant);
  }

  /// Whether the same row gives the same value at any time.
  default boolean isDeterministic() {
    return children().stream().allMatch(Expression::isDeterministic);
  }

  /// A column of the batch.
  record InputColumn(int index, DataType type) implements Expression {
    @Override
    public List<Expression> children() {
      return List.of();
    }

    @Override
    public void collectInputs(BitSet inputs) {
      inputs.set(index);
    }

    @Override
    public boolean isConstant() {
      return false;
    }

    @Override
    public String toString() {
      return "$" + index;
    }
  }

  /// A value as `VectorValues` names it, or null.
  record Literal(Object value, DataType type) implements Expression {
    @Override
    public List<Expression> children() {
      return List.of();
    }

    @Override
    public String toString() {
      return value instanceof String ? "'" + value + "'" : String.valueOf(value);
    }
  }

  /// A scalar function of arguments, some of which may be a [Lambda].
  record Call(BoundFunction function, List<Expression> arguments) implements Expression {
    public Call {
      arguments = List.copyOf(arguments);
    }

    @Override
    public DataType type() {
      return function.type();
    }

    @Override
    public List<Expression> children() {
      return arguments;
    }

    @Override
    public boolean isConstant() {
      return function.stability() == BoundFunction.Stability.IMMUTABLE
          && Expression.super.isConstant();
    }

    @Override
    public boolean isDeterministic() {
      return function.stability() == BoundFunction.Stability.IMMUTABLE
          && Expression.super.isDeterministic();
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder(function.name()).append('(');
      for (int i = 0; i < arguments.size(); i++) {
        text.append(i == 0 ? "" : ", ").append(arguments.get(i));
      }
      return text.append(')').toString();
    }
  }

  /// `CASE WHEN conditions[0] THEN values[0] … ELSE otherwise END`. A branch is evaluated only for
  /// the rows that reach it. All values have `type`, or `Nothing`.
  record Case(
      List<Expression> conditions, List<Expression> values, Expression otherwise, DataType type)
      implements Expression {
    public Case {
      conditions = List.copyOf(conditions);
      values = List.copyOf(values);
    }

    @Override
    public List<Expression> children() {
      List<Expression> all = new java.util.ArrayList<>(conditions);
      all.addAll(values);
      all.add(otherwise);
      return all;
    }
  }

  /// SQL's AND of three-valued operands.
  record And(List<Expression> operands) implements Expression {
    public And {
      operands = List.copyOf(operands);
    }

    @Override
    public DataType type() {
      return truthType(operands);
    }

    @Override
    public List<Expression> children() {
      return operands;
    }
  }

  /// SQL's OR of three-valued operands.
  record Or(List<Expression> operands) implements Expression {
    public Or {
      operands = List.copyOf(operands);
    }

    @Override
    public DataType type() {
      return truthType(operands);
    }

    @Override
    public List<Expression> children() {
      return operands;
    }
  }

  /// SQL's NOT: NULL stays NULL.
  record Not(Expression operand) implements Expression {
    @Override
    public DataType type() {
      return truthType(children());
    }

    @Override
    public List<Expression> children() {
      return List.of(operand);
    }
  }

  /// `operand IS NULL`; never NULL itself.
  record IsNull(Expression operand) implements Expression {
    @Override
    public DataType type() {
      return DataTypes.BOOL;
    }

    @Override
    public List<Expression> children() {
      return List.of(operand);
    }
  }

  /// `operand IN (set)`: NULL where the operand is, or where the set holds a NULL and no equal
  /// value.
  record InList(Expression operand, ValueSet set) implements Expression {
    @Override
    public DataType type() {
      return operand.type().isNullable() || set.hasNull()
          ? DataTypes.nullable(DataTypes.BOOL)
          : DataTypes.BOOL;
    }

    @Override
    public List<Expression> children() {
      return List.of(operand);
    }
  }

  /// A function as an argument: `x -> body`. The body reads a batch of the outer columns (as many
  /// as `outerColumns`) followed by one column for each parameter.
  record Lambda(int outerColumns, List<DataType> parameters, Expression body)
      implements Expression {
    public Lambda {
      parameters = List.copyOf(parameters);
    }

    @Override
    public DataType type() {
      return body.type();
    }

    @Override
    public List<Expression> children() {
      return List.of(body);
    }

    @Override
    public void collectInputs(BitSet inputs) {
      BitSet used = new BitSet();
      body.collectInputs(used);
      used.clear(outerColumns, outerColumns + parameters.size());
      inputs.or(used);
    }

    @Override
    public boolean isConstant() {
      BitSet outer = new BitSet();
      collectInputs(outer);
      return outer.isEmpty();
    }
  }

  private static DataType truthType(List<Expression> operands) {
    for (Expression operand : operands) {
      if (operand.type().isNullable()) {
        return DataTypes.nullable(DataTypes.BOOL);
      }
    }
    return DataTypes.BOOL;
  }
}
