// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.hash;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Validity;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/// Keys of whole-number columns as one number each: the digits are the columns' values above the
/// least of the build side, the radix of each is the width of its range. So two columns of small
/// range make a small number, by which a table can be indexed outright.
///
/// A key outside of the ranges, or one that a NULL makes equal to nothing, is -1.
final class LongKeys {
  /// Runs tasks `0` to `tasks - 1`, maybe at once.
  interface Tasks {
    void run(int tasks, IntConsumer task);
  }

  static final int CHUNK = 1 << 16;
  private static final long MOST = 1L << 62;

  private final long[] least;
  private final long[] span;
  private final long[] radix;
  private final boolean[] nullSafe;
  private final long domain;

  private LongKeys(long[] least, long[] span, long[] radix, boolean[] nullSafe, long domain) {
    this.least = least;
    this.span = span;
    this.radix = radix;
    this.nullSafe = nullSafe;
    this.domain = domain;
  }

  /// Whether keys of these types can be numbered so.
  static boolean fit(List<DataType> types) {
    return !types.isEmpty()
        && types.stream().allMatch(type -> type.unwrapped().physical().isLong());
  }

  /// The numbering for the keys of a build side; empty where the ranges are too wide.
  ///
  /// @param columns flat, of a type that [#fit] allows
  static Optional<LongKeys> of(
      List<Vector> columns, int rows, List<Boolean> nullSafe, Tasks tasks) {
    int width = columns.size();
    long[] least = new long[width];
    long[] span = new long[width];
    long[] radix = new long[width];
    boolean[] safe = new boolean[width];
    long domain = 1;
    for (int c = 0; c < width; c++) {
      long[] bounds = bounds(columns.get(c), rows, tasks);
      least[c] = bounds[0];
      span[c] = Math.max(0, bounds[1] - bounds[0]);
      if (bounds[0] <= bounds[1] && bounds[1] - bounds[0] < 0 || span[c] >= MOST) {
        return Optional.empty();
      }
      safe[c] = nullSafe.get(c);
      radix[c] = span[c] + (safe[c] ? 2 : 1);
      if (Math.multiplyHigh(domain, radix[c]) != 0
          || domain * radix[c] > MOST
          || domain * radix[c] < 0) {
        return Optional.empty();
      }
      domain *= radix[c];
    }
    return Optional.of(new LongKeys(least, span, radix, safe, domain));
  }

  /// Least and greatest value that is not NULL; the least is above the greatest where there is
  /// none.
  static long[] bounds(Vector flat, int rows, Tasks tasks) {
    int chunks = (rows + CHUNK - 1) / CHUNK;
    long[] low = new long[chunks];
    long[] high = new long[chunks];
    tasks.run(
        chunks,
        chunk -> {
          int from = chunk * CHUNK;
          int count = Math.min(CHUNK, rows - from);
          long[] values = new long[count];
          LongReads.read(flat, from, count, values);
          long min = Long.MAX_VALUE;
          long max = Long.MIN_VALUE;
          if (flat.validity() == null) {
            for (long value : values) {
              min = Math.min(min, value);
              max = Math.max(max, value);
            }
          } else {
            for (int i = 0; i < count; i++) {
              if (Validity.isSet(flat.validity(), from + i)) {
                min = Math.min(min, values[i]);
                max = Math.max(max, values[i]);
              }
            }
          }
          low[chunk] = min;
          high[chunk] = max;
        });
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (int chunk = 0; chunk < chunks; chunk++) {
      min = Math.min(min, low[chunk]);
      max = Math.max(max, high[chunk]);
    }
    return new long[] {min, max};
  }

  /// One more than the greatest number of a key.
  long domain() {
    return domain;
  }

  /// The numbers of the keys of all rows of the build side.
  long[] codes(List<Vector> columns, int rows, Tasks tasks) {
    long[] codes = new long[rows];
    tasks.run(
        (rows + CHUNK - 1) / CHUNK,
        chunk -> {
          int from = chunk * CHUNK;
          int count = Math.min(CHUNK, rows - from);
          long[] own = new long[count];
          long[] values = new long[count];
          for (int c = 0; c < columns.size(); c++) {
            digit(c, columns.get(c), from, count, values, own);
          }
          System.arraycopy(own, 0, codes, from, count);
        });
    return codes;
  }

  /// Numbers keys of batches, for one thread.
  final class Reader {
    private long[] values = new long[0];
    private long[] codes = new long[0];

    /// The numbers of the keys, in an array that is used again.
    long[] read(List<Vector> columns, int rows, Scratch scratch) {
      if (codes.length < rows) {
        codes = new long[rows];
        values = new long[rows];
      }
      for (int c = 0; c < columns.size(); c++) {
        digit(c, VectorOps.flatten(columns.get(c), scratch), 0, rows, values, codes);
      }
      return codes;
    }
  }

  private void digit(int c, Vector flat, int from, int count, long[] values, long[] codes) {
    LongReads.read(flat, from, count, values);
    boolean[] absent = flat.validity() == null ? null : new boolean[count];
    if (absent != null) {
      for (int i = 0; i < count; i++) {
        absent[i] = !Validity.isSet(flat.validity(), from + i);
      }
    }
    if (c == 0) {
      first(values, count, least[0], span[0], codes);
    } else {
      further(values, count, least[c], span[c], radix[c], absent != null && nullSafe[c], codes);
    }
    if (absent != null) {
      nulls(c, absent, count, values, codes);
    }
  }

  private static void first(long[] values, int count, long least, long span, long[] codes) {
    for (int i = 0; i < count; i++) {
      long digit = values[i] - least;
      codes[i] = digit >= 0 && digit <= span ? digit : -1;
    }
  }

  // Where NULL is a value, the number so far is kept in `values` for the rows that have one.
  private static void further(
      long[] values, int count, long least, long span, long radix, boolean keep, long[] codes) {
    for (int i = 0; i < count; i++) {
      long digit = values[i] - least;
      long code = codes[i];
      codes[i] = code >= 0 && digit >= 0 && digit <= span ? code * radix + digit : -1;
      if (keep) {
        values[i] = code;
      }
    }
  }

  private void nulls(int c, boolean[] absent, int count, long[] values, long[] codes) {
    for (int i = 0; i < count; i++) {
      if (!absent[i]) {
        continue;
      }
      if (!nullSafe[c]) {
        codes[i] = -1;
      } else if (c == 0) {
        codes[i] = radix[0] - 1;
      } else {
        codes[i] = values[i] < 0 ? -1 : values[i] * radix[c] + radix[c] - 1;
      }
    }
  }
}
