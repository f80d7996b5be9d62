// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.geo;

import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import java.util.Collections;
import java.util.List;

/// Several integers as one that keeps near what is near: Morton's and Hilbert's curves.
public final class Curves {
  private static final int MOST = 8;

  private Curves() {}

  public static List<ScalarFunction> functions() {
    return List.of(
        ScalarFunction.of(
            "mortonEncode",
            "mortonEncode(n[, …])",
            "The bits of up to eight integers, one of each in turn.",
            args -> encode("mortonEncode", args, MOST)),
        ScalarFunction.of(
            "mortonDecode",
            "mortonDecode(count, code)",
            "The integers that mortonEncode took.",
            args -> decode("mortonDecode", args, MOST)),
        ScalarFunction.of(
            "hilbertEncode",
            "hilbertEncode(x[, y])",
            "The place on Hilbert's curve of one or two integers.",
            args -> encode("hilbertEncode", args, 2)),
        ScalarFunction.of(
            "hilbertDecode",
            "hilbertDecode(count, code)",
            "The integers that hilbertEncode took.",
            args -> decode("hilbertDecode", args, 2)));
  }

  private static void requireUnsigned(String name, List<Argument> args, int index) {
    DataType type = args.get(index).plain();
    if (!(type instanceof DataType.Int(int bits, boolean signed)) || signed || bits > 64) {
      throw Arguments.illegal(name, index, args.get(index).type(), "an unsigned integer");
    }
  }

  private static Binding encode(String name, List<Argument> args, int most) {
    Arguments.count(name, args, 1, most);
    for (int i = 0; i < args.size(); i++) {
      requireUnsigned(name, args, i);
    }
    boolean hilbert = name.startsWith("hilbert");
    return RowBinding.of(
        DataTypes.UINT64,
        (v, row, to) -> {
          if (v.size() == 1) {
            to.appendLong(v.getFirst().getLong(row));
          } else if (hilbert) {
            to.appendLong(hilbert(v.get(0).getLong(row), v.get(1).getLong(row)));
          } else {
            to.appendLong(interleaved(v, row));
          }
        });
  }

  private static long interleaved(List<Vector> v, int row) {
    int count = v.size();
    long code = 0;
    for (int bit = 0; bit < 64; bit++) {
      code |= (v.get(bit % count).getLong(row) >>> bit / count & 1) << bit;
    }
    return code;
  }

  private static Binding decode(String name, List<Argument> args, int most) {
    Arguments.count(name, args, 2, 2);
    int count = Arguments.constantInt(name, args, 0);
    if (count < 1 || count > most) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, name + " gives 1 to " + most + " integers, asked for " + count);
    }
    requireUnsigned(name, args, 1);
    boolean hilbert = name.startsWith("hilbert");
    DataType type = new DataType.Tuple(List.of(), Collections.nCopies(count, DataTypes.UINT64));
    return RowBinding.of(
        type,
        (v, row, to) -> {
          long code = v.get(1).getLong(row);
          long[] values = hilbert && count == 2 ? unrolled(code) : separated(code, count);
          for (int i = 0; i < count; i++) {
            to.child(i).appendLong(values[i]);
          }
          to.endStruct();
        });
  }

  private static long[] separated(long code, int count) {
    long[] values = new long[count];
    for (int bit = 0; bit < 64; bit++) {
      values[bit % count] |= (code >>> bit & 1) << bit / count;
    }
    return values;
  }

  // The curve turns from one size to the next, so that an even number of levels always begins the
  // same way.
  private static int levels(long bits) {
    int used = 64 - Long.numberOfLeadingZeros(bits);
    return (used + 1) / 2 * 2;
  }

  private static long hilbert(long first, long second) {
    long x = second;
    long y = first;
    long code = 0;
    for (int level = levels(x | y) - 1; level >= 0; level--) {
      long side = 1L << level;
      long right = x >>> level & 1;
      long upper = y >>> level & 1;
      code = code << 2 | 3 * right ^ upper;
      x &= side - 1;
      y &= side - 1;
      if (upper == 0) {
        long swap = right == 1 ? side - 1 - x : x;
        x = right == 1 ? side - 1 - y : y;
        y = swap;
      }
    }
    return code;
  }

  private static long[] unrolled(long code) {
    long x = 0;
    long y = 0;
    int levels = (levels(code) / 2 + 1) / 2 * 2;
    for (int level = 0; level < levels; level++) {
      long quarter = code >>> 2 * level & 3;
      long right = quarter >>> 1;
      long upper = (quarter ^ right) & 1;
      long side = 1L << level;
      if (upper == 0) {
        long swap = right == 1 ? side - 1 - x : x;
        x = right == 1 ? side - 1 - y : y;
        y = swap;
      }
      x |= right << level;
      y |= upper << level;
    }
    return new long[] {y, x};
  }
}
