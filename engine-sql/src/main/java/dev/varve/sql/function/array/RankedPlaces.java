// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.array;

import dev.varve.merge.aggregate.HeapValue;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// `arrayEnumerateUniqRanked` and `arrayEnumerateDenseRanked`: numbers of the values of arrays
/// within arrays, counted through all of them or anew in each of some depth.
public final class RankedPlaces {
  private RankedPlaces() {}

  public static List<ScalarFunction> functions() {
    return List.of(
        ranked("arrayEnumerateUniqRanked", "How often each value has come so far", true),
        ranked(
            "arrayEnumerateDenseRanked", "The number of each value in the order of coming", false));
  }

  private static ScalarFunction ranked(String name, String doc, boolean times) {
    return ScalarFunction.of(
        name,
        name + "([anew,] arrays[, depth])",
        doc + ", through arrays within arrays down to a depth; counted anew in each of depth anew.",
        args -> {
          Arguments.count(name, args, 1, 3);
          int at = args.getFirst().plain() instanceof DataType.Array ? 0 : 1;
          if (args.size() <= at || !(args.get(at).plain() instanceof DataType.Array)) {
            throw Arguments.illegal(
                name, Math.min(at, args.size() - 1), args.getLast().type(), "an array");
          }
          int depth = depthOf(args.get(at).plain());
          int wanted = number(name, args, at + 1, depth);
          int anew = at == 0 ? 1 : number(name, args, 0, depth);
          if (wanted < anew) {
            throw new VarveException(
                ErrorCode.BAD_ARGUMENTS,
                name + ": the depth of counting anew is at most the depth " + wanted);
          }
          return RowBinding.of(
              numbers(wanted),
              (v, row, to) -> {
                Counting counting = new Counting(times, wanted, anew);
                counting.list(v.get(at), row, 1, to);
              });
        });
  }

  private static int number(String name, List<Argument> args, int index, int most) {
    if (index >= args.size()) {
      return most;
    }
    int number = Arguments.constantInt(name, args, index);
    if (number < 1 || number > most) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, name + ": a depth is 1 to " + most + ", found " + number);
    }
    return number;
  }

  private static int depthOf(DataType type) {
    return type.unwrapped() instanceof DataType.Array(DataType element) ? 1 + depthOf(element) : 0;
  }

  private static DataType numbers(int depth) {
    DataType type = DataTypes.UINT32;
    for (int i = 0; i < depth; i++) {
      type = DataTypes.array(type);
    }
    return type;
  }

  /// The numbers of one row.
  private static final class Counting {
    private final boolean times;
    private final int wanted;
    private final int anew;
    private Map<HeapValue, Long> seen = new HashMap<>();

    Counting(boolean times, int wanted, int anew) {
      this.times = times;
      this.wanted = wanted;
      this.anew = anew;
    }

    void list(Vector array, int row, int depth, VectorBuilder to) {
      if (depth == anew) {
        seen = new HashMap<>();
      }
      for (int e = array.listFrom(row); e < array.listTo(row); e++) {
        if (depth < wanted) {
          list(array.elements(), e, depth + 1, to.child(0));
        } else {
          to.child(0).appendLong(count(array.elements(), e));
        }
      }
      to.endList();
    }

    private long count(Vector elements, int e) {
      HeapValue value = HeapValue.of(elements, e, elements.type().unwrapped());
      return times
          ? seen.merge(value, 1L, Long::sum)
          : seen.computeIfAbsent(value, _ -> seen.size() + 1L);
    }
  }
}
