// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.sql.expression.BoundFunction;
import dev.varve.sql.expression.BoundFunction.Stability;
import dev.varve.sql.expression.Conjunction;
import dev.varve.sql.expression.Expression;
import dev.varve.sql.expression.Expression.Call;
import dev.varve.sql.expression.Expression.InputColumn;
import dev.varve.sql.expression.Expression.Literal;
import dev.varve.sql.expression.Masks;
import dev.varve.sql.function.FunctionRegistry.FunctionInfo;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.Randomized;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.RootAllocator;

/// Every kernel gives for a batch, of any size and form, what it gives for each row by itself, and
/// fails where one of the rows fails.
final class KernelTwinTest {
  private static final FunctionRegistry FUNCTIONS = FunctionRegistry.standard();
  private static final int[] SIZES = {0, 1, 3, 63, 64, 65, 130};
  private static final int TRIES = 60;

  /// Functions whose result is as long as a number says: random numbers make it fill the memory.
  private static final Set<String> GROWING =
      Set.of(
          "repeat",
          "space",
          "leftPad",
          "rightPad",
          "leftPadUTF8",
          "rightPadUTF8",
          "range",
          "arrayWithConstant",
          "arrayResize",
          "mapPopulateSeries",
          "toFixedString",
          "geohashesInBox",
          "timeSlots");

  private static final int BINDINGS = 2;

  /// A function with its arguments, to be run over `rows` rows.
  private record Trial(Call call, List<Vector> columns, int rows) {}

  @Randomized(times = 3)
  void aBatchGivesWhatItsRowsGive(RandomGenerator random) {
    List<String> wrong = new ArrayList<>();
    int tried = 0;
    try (RootAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator);
        Scratch rowScratch = new Scratch(allocator)) {
      for (FunctionInfo info : FUNCTIONS.list()) {
        if (info.isAggregate()
            || !info.aliasOf().isEmpty()
            || !isPure(info.name())
            || GROWING.contains(info.name())) {
          continue;
        }
        int bound = 0;
        for (int t = 0; t < TRIES && bound < BINDINGS; t++) {
          scratch.reset();
          int rows = random.nextInt(40) == 0 ? 1023 : SIZES[random.nextInt(SIZES.length)];
          Trial trial = trial(info.name(), rows, random, scratch, wrong);
          if (trial != null) {
            bound++;
            tried++;
            compare(trial, scratch, rowScratch, wrong);
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(tried).isGreaterThan(500);
  }

  private static boolean isPure(String name) {
    ScalarFunction function = FUNCTIONS.scalarDeclaration(name).orElseThrow();
    return function.stability() == Stability.IMMUTABLE && function.lambda().isEmpty();
  }

  /// Arguments that the function accepts, or null where it refuses them.
  private static Trial trial(
      String name, int rows, RandomGenerator random, Scratch scratch, List<String> wrong) {
    RandomArguments source = new RandomArguments(random);
    int arity = 1 + random.nextInt(random.nextInt(4) == 0 ? 5 : 3);
    List<Argument> arguments = new ArrayList<>();
    List<Expression> expressions = new ArrayList<>();
    List<DataType> types = new ArrayList<>();
    for (int a = 0; a < arity; a++) {
      boolean again = a > 0 && random.nextInt(3) == 0;
      DataType type = again ? arguments.getLast().type() : source.type();
      if (random.nextInt(a == 0 ? 8 : 3) == 0 && !isAddress(type)) {
        Vector value = source.constant(type, scratch);
        Object constant = VectorValues.get(value, 0);
        arguments.add(Argument.constant(constant, value.type()));
        expressions.add(new Literal(constant, value.type()));
      } else {
        arguments.add(Argument.of(type));
        expressions.add(new InputColumn(types.size(), type));
        types.add(type);
      }
    }
    BoundFunction function;
    try {
      function = FUNCTIONS.scalarOf(name, arguments);
    } catch (VarveException refused) {
      return null;
    } catch (RuntimeException e) {
      wrong.add(name + " breaks on being given " + arguments + ": " + e + at(e));
      return null;
    }
    List<Vector> columns = new ArrayList<>();
    for (DataType type : types) {
      columns.add(source.column(type, rows, scratch));
    }
    return new Trial(new Call(function, expressions), columns, rows);
  }

  /// Addresses have no literal.
  private static boolean isAddress(DataType type) {
    return type.unwrapped() instanceof DataType.Ipv4 || type.unwrapped() instanceof DataType.Ipv6;
  }

  private static void compare(
      Trial trial, Scratch scratch, Scratch rowScratch, List<String> wrong) {
    String what = describe(trial);
    List<String> expected = new ArrayList<>();
    String failure = null;
    for (int i = 0; i < trial.rows(); i++) {
      rowScratch.reset();
      try {
        Vector value = trial.call().evaluate(row(trial, i, rowScratch), rowScratch);
        expected.add(shown(value, 0));
      } catch (VarveException e) {
        failure = "row " + i + ": " + e.getMessage();
        expected.add("error");
      } catch (RuntimeException | VirtualMachineError e) {
        wrong.add(what + " breaks at row " + i + ": " + e + at(e));
        return;
      }
    }
    try {
      Batch batch = new Batch(trial.rows(), trial.columns());
      Vector result = trial.call().evaluate(batch, scratch);
      if (result.rows() != trial.rows()) {
        wrong.add(what + " gives " + result.rows() + " rows");
      } else if (failure != null) {
        wrong.add(what + " does not fail with " + failure);
      } else {
        differences(what, "", result, expected, wrong);
        if (trial.call().type().unwrapped() instanceof DataType.Bool) {
          asCondition(what, trial.call(), batch, expected, scratch, wrong);
        }
        selected(what, trial, expected, scratch, wrong);
      }
    } catch (VarveException e) {
      if (failure == null) {
        wrong.add(what + " fails for a batch alone: " + e + at(e));
      }
    } catch (RuntimeException | VirtualMachineError e) {
      wrong.add(what + " breaks for a batch: " + e + at(e));
    }
  }

  /// Every second row of the batch gives every second result.
  private static void selected(
      String what, Trial trial, List<String> expected, Scratch scratch, List<String> wrong) {
    int count = trial.rows() / 2;
    int[] selection = new int[count];
    List<String> some = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      selection[i] = trial.rows() - 1 - 2 * i;
      some.add(expected.get(selection[i]));
    }
    List<Vector> columns = new ArrayList<>();
    for (Vector column : trial.columns()) {
      columns.add(VectorOps.gather(column, selection, count, scratch));
    }
    Vector result = trial.call().evaluate(new Batch(count, columns), scratch);
    differences(what, " selected", result, some, wrong);
  }

  private static void asCondition(
      String what,
      Call call,
      Batch batch,
      List<String> expected,
      Scratch scratch,
      List<String> wrong) {
    int rows = batch.rows();
    long[] mask = Masks.all(rows);
    int left = new Conjunction(List.of(call)).test(_ -> batch, rows, scratch, mask);
    long holds = expected.stream().filter("true"::equals).count();
    if (left != holds || Masks.count(mask) != left) {
      wrong.add(what + " as a condition keeps " + left + " rows, not " + holds);
    }
  }

  private static void differences(
      String what, String how, Vector result, List<String> expected, List<String> wrong) {
    for (int i = 0; i < expected.size(); i++) {
      String found = shown(result, i);
      if (!found.equals(expected.get(i))) {
        wrong.add(what + how + " row " + i + ": " + found + ", alone " + expected.get(i));
        return;
      }
    }
  }

  /// One row, flat, with nothing below its NULLs.
  private static Batch row(Trial trial, int row, Scratch scratch) {
    List<Vector> columns = new ArrayList<>();
    for (Vector column : trial.columns()) {
      columns.add(
          column.isNull(row)
              ? VectorOps.nulls(column.type(), 1, scratch)
              : VectorOps.flatten(VectorOps.gather(column, new int[] {row}, 1, scratch), scratch));
    }
    return new Batch(1, columns);
  }

  private static String describe(Trial trial) {
    StringBuilder text = new StringBuilder(trial.call().toString());
    for (Vector column : trial.columns()) {
      text.append(' ').append(column.form()).append(' ').append(column.type().name());
    }
    return text.append(" × ").append(trial.rows()).toString();
  }

  private static String at(Throwable e) {
    return Arrays.stream(e.getStackTrace())
        .filter(frame -> frame.getClassName().startsWith("dev.varve.sql.function"))
        .findFirst()
        .map(frame -> " at " + frame)
        .orElse("");
  }

  /// An array has no NULL of its own: one that lies there counts as empty.
  private static String shown(Vector vector, int row) {
    if (vector.isNull(row) && vector.physical() == Physical.LIST) {
      return vector.type() instanceof DataType.MapOf ? "{}" : "[]";
    }
    try {
      return shown(VectorValues.get(vector, row));
    } catch (DateTimeException beyond) {
      return "a moment that Java has none of: " + vector.getLong(row);
    }
  }

  private static String shown(Object value) {
    return switch (value) {
      case byte[] bytes -> Arrays.toString(bytes);
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(e -> shown(e.getKey()) + ":" + shown(e.getValue()))
              .toList()
              .toString();
      case List<?> list -> list.stream().map(KernelTwinTest::shown).toList().toString();
      case null, default -> String.valueOf(value);
    };
  }
}
