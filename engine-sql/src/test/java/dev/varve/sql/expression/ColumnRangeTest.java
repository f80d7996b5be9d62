// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.sql.function.FunctionRegistry;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.Randomized;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

final class ColumnRangeTest {
  private static final FunctionRegistry FUNCTIONS = FunctionRegistry.standard();
  private static final List<DataType> TYPES =
      List.of(
              "Int8",
              "UInt16",
              "Int32",
              "UInt32",
              "Int64",
              "UInt64",
              "Date",
              "Date32",
              "DateTime",
              "Float64",
              "Decimal(9, 2)",
              "Decimal(15, 0)",
              "Nullable(Decimal(9, 3))",
              "Nullable(Int16)")
          .stream()
          .map(DataTypes::parse)
          .toList();
  private static final List<String> COMPARISONS =
      List.of("equals", "notEquals", "less", "greater", "lessOrEquals", "greaterOrEquals");

  @Randomized(times = 300)
  void comparisonsKeepTheSameRowsAsTheirRange(RandomGenerator random) {
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      DataType type = TYPES.get(random.nextInt(TYPES.size()));
      Vector column = values(type, 1 + random.nextInt(150), random, scratch);
      List<Expression> conditions = new ArrayList<>();
      for (int c = 0; c <= random.nextInt(3); c++) {
        conditions.add(comparison(type, column, random, scratch));
      }
      Batch batch = new Batch(column.rows(), List.of(column));
      long[] expected = Masks.all(column.rows());
      for (Expression condition : conditions) {
        Masks.and(expected, Truth.of(condition, batch, scratch).yes());
      }
      long[] mask = Masks.all(column.rows());
      int left =
          new Conjunction(conditions).test(new Answering(batch), column.rows(), scratch, mask);
      assertThat(mask).as("%s of %s", conditions, type.name()).isEqualTo(expected);
      assertThat(left).isEqualTo(Masks.count(expected));
    }
  }

  /// Answers every range itself, value by value.
  private record Answering(Batch batch) implements Conjunction.Columns {
    @Override
    public Batch with(BitSet wanted) {
      return batch;
    }

    @Override
    public boolean keep(ColumnRange range, long[] mask) {
      Vector column = batch.column(range.column());
      for (int i = 0; i < column.rows(); i++) {
        boolean inside =
            !column.isNull(i)
                && column.getLong(i) >= range.low()
                && column.getLong(i) <= range.high();
        mask[i >>> 6] &= inside ? -1L : ~(1L << i);
      }
      return true;
    }
  }

  private static Expression comparison(
      DataType type, Vector column, RandomGenerator random, Scratch scratch) {
    DataType other = type.unwrapped();
    Vector values = column;
    boolean isExact = other instanceof DataType.Int || other instanceof DataType.Decimal;
    if (isExact && random.nextInt(2) == 0) {
      other = DataTypes.parse(random.nextBoolean() ? "Int32" : "Decimal(9, 1)");
      values = values(other, 1, random, scratch);
    }
    Object value = VectorValues.get(values, random.nextInt(values.rows()));
    Expression literal = new Expression.Literal(value, other);
    Expression input = new Expression.InputColumn(0, type);
    String name = COMPARISONS.get(random.nextInt(COMPARISONS.size()));
    return random.nextBoolean()
        ? call(name, List.of(input, literal))
        : call(name, List.of(literal, input));
  }

  private static Expression call(String name, List<Expression> arguments) {
    List<DataType> types = arguments.stream().map(Expression::type).toList();
    return new Expression.Call(FUNCTIONS.scalar(name, types), arguments);
  }

  private static Vector values(DataType type, int rows, RandomGenerator random, Scratch scratch) {
    VectorBuilder builder = new VectorBuilder(type, scratch);
    for (int i = 0; i < rows; i++) {
      if (type.isNullable() && random.nextInt(6) == 0) {
        builder.appendNull();
      } else if (type.physical().isFloat()) {
        builder.appendDouble(random.nextInt(20) / 4.0);
      } else {
        builder.appendLong(random.nextInt(type.isUnsigned() ? 0 : -30, 60));
      }
    }
    return builder.build();
  }
}
