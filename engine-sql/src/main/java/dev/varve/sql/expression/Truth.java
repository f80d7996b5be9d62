// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.expression;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.List;

/// The three-valued value of a condition for each row of a batch.
///
/// @param yes where it is true; never set where `nulls` is
/// @param nulls where it is NULL, or null for "nowhere"
record Truth(long[] yes, long[] nulls) {

  static Truth of(Expression condition, Batch batch, Scratch scratch) {
    return switch (condition) {
      case Expression.And(List<Expression> operands) -> and(operands, batch, scratch);
      case Expression.Or(List<Expression> operands) -> or(operands, batch, scratch);
      case Expression.Not(Expression operand) -> of(operand, batch, scratch).not(batch.rows());
      case Expression.IsNull(Expression operand) -> isNull(operand, batch, scratch);
      case Expression.InList in -> in(in, batch, scratch);
      case Expression.Call call
          when call.function().kernel() instanceof PredicateKernel kernel
              && call.function().nulls() == BoundFunction.Nulls.PROPAGATE ->
          predicate(call, kernel, batch, scratch);
      default -> ofVector(condition.evaluate(batch, scratch), scratch);
    };
  }

  private static Truth and(List<Expression> operands, Batch batch, Scratch scratch) {
    long[] yes = null;
    long[] maybe = null; // true or NULL
    boolean nulls = false;
    for (Expression operand : operands) {
      Truth truth = of(operand, batch, scratch);
      long[] notFalse = truth.yes;
      if (truth.nulls != null) {
        notFalse = truth.yes.clone();
        Masks.or(notFalse, truth.nulls);
        nulls = true;
      }
      if (yes == null) {
        yes = truth.yes.clone();
        maybe = notFalse.clone();
      } else {
        Masks.and(yes, truth.yes);
        Masks.and(maybe, notFalse);
      }
    }
    Masks.andNot(maybe, yes);
    return new Truth(yes, nulls ? maybe : null);
  }

  private static Truth or(List<Expression> operands, Batch batch, Scratch scratch) {
    long[] yes = Masks.create(batch.rows());
    long[] nulls = null;
    for (Expression operand : operands) {
      Truth truth = of(operand, batch, scratch);
      Masks.or(yes, truth.yes);
      if (truth.nulls != null) {
        nulls = nulls == null ? Masks.create(batch.rows()) : nulls;
        Masks.or(nulls, truth.nulls);
      }
    }
    if (nulls != null) {
      Masks.andNot(nulls, yes);
    }
    return new Truth(yes, nulls);
  }

  private Truth not(int rows) {
    long[] no = yes.clone();
    if (nulls != null) {
      Masks.or(no, nulls);
    }
    Masks.not(no, rows);
    return new Truth(no, nulls);
  }

  private static Truth isNull(Expression operand, Batch batch, Scratch scratch) {
    long[] nulls = Masks.nulls(operand.evaluate(batch, scratch));
    return new Truth(nulls == null ? Masks.create(batch.rows()) : nulls, null);
  }

  private static Truth in(Expression.InList in, Batch batch, Scratch scratch) {
    int rows = batch.rows();
    Vector operand = in.operand().evaluate(batch, scratch);
    long[] yes = Masks.create(rows);
    if (operand.isDictionary() && operand.dictionary().rows() < rows) {
      long[] distinct = Masks.create(operand.dictionary().rows());
      in.set().test(operand.dictionary(), distinct);
      spread(operand, distinct, yes);
    } else {
      in.set().test(VectorOps.flatten(operand, scratch), yes);
    }
    long[] nulls = Masks.nulls(operand);
    if (nulls != null) {
      Masks.andNot(yes, nulls);
    }
    if (in.set().hasNull()) {
      nulls = yes.clone();
      Masks.not(nulls, rows);
    }
    return new Truth(yes, nulls);
  }

  private static Truth predicate(
      Expression.Call call, PredicateKernel kernel, Batch batch, Scratch scratch) {
    int rows = batch.rows();
    List<Vector> arguments = new ArrayList<>(call.arguments().size());
    Vector coded = null;
    int codedColumns = 0;
    boolean othersConstant = true;
    for (Expression argument : call.arguments()) {
      Vector vector = argument.evaluate(batch, scratch);
      arguments.add(vector);
      if (vector.isDictionary()) {
        coded = vector;
        codedColumns++;
      } else if (!vector.isConstant()) {
        othersConstant = false;
      }
    }
    long[] yes = Masks.create(rows);
    if (codedColumns == 1 && othersConstant && coded.dictionary().rows() < rows) {
      int distinct = coded.dictionary().rows();
      List<Vector> over = new ArrayList<>(arguments.size());
      for (Vector argument : arguments) {
        over.add(
            argument == coded
                ? coded.dictionary()
                : Vector.constant(argument.type(), distinct, argument.single()));
      }
      long[] each = Masks.create(distinct);
      kernel.test(over, distinct, scratch, each);
      spread(coded, each, yes);
    } else {
      kernel.test(arguments, rows, scratch, yes);
    }
    long[] nulls = null;
    for (Vector argument : arguments) {
      long[] more = Masks.nulls(argument);
      if (more != null) {
        if (nulls == null) {
          nulls = more;
        } else {
          Masks.or(nulls, more);
        }
      }
    }
    if (nulls != null) {
      Masks.andNot(yes, nulls);
    }
    return new Truth(yes, nulls);
  }

  /// Carries what holds for the values of a dictionary to the rows that have them.
  private static void spread(Vector coded, long[] distinct, long[] yes) {
    int rows = coded.rows();
    boolean nullable = coded.validity() != null;
    for (int i = 0; i < rows; i++) {
      if (nullable && coded.isNull(i)) {
        continue;
      }
      int code = coded.values().get(Vector.I32, i * 4L);
      yes[i >>> 6] |= (distinct[code >>> 6] >>> code & 1) << i;
    }
  }

  /// Any Bool or number as a condition: not zero is true.
  static Truth ofVector(Vector vector, Scratch scratch) {
    int rows = vector.rows();
    long[] nulls = Masks.nulls(vector);
    long[] yes;
    if (vector.type().unwrapped() instanceof DataType.Nothing) {
      return new Truth(Masks.create(rows), Masks.all(rows));
    }
    if (vector.isConstant()) {
      yes = !vector.isNull(0) && isTrue(vector, 0) ? Masks.all(rows) : Masks.create(rows);
      return new Truth(yes, nulls);
    }
    yes = Masks.create(rows);
    Vector flat = VectorOps.flatten(vector, scratch);
    if (flat.physical() == Physical.INT8) {
      Masks.fromBytes(flat.values(), rows, yes);
    } else {
      for (int i = 0; i < rows; i++) {
        yes[i >>> 6] |= isTrue(flat, i) ? 1L << i : 0;
      }
    }
    if (nulls != null) {
      Masks.andNot(yes, nulls);
    }
    return new Truth(yes, nulls);
  }

  private static boolean isTrue(Vector vector, int row) {
    return vector.physical().isFloat()
        ? vector.getDouble(row) != 0
        : vector.physical().isLong()
            ? vector.getLong(row) != 0
            : vector.getInteger(row).signum() != 0;
  }
}
