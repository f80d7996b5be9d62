// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.expression;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The right side of IN: distinct values of one type, given as the objects that `VectorValues`
/// names. Safe for threads.
///
/// Values of at most eight bytes are looked up in an open table of longs, byte strings in a table
/// of their hashes; whatever else there is (wide numbers, floats, lists) as objects.
public final class ValueSet {
  private final DataType type;
  private final Set<Object> objects = new HashSet<>();
  private final boolean hasNull;
  private final LongSet longs;
  private final ByteStringSet strings;

  /// @param scratch for the time of this call only
  public ValueSet(DataType type, List<?> values, Scratch scratch) {
    this.type = type.unwrapped();
    Vector vector =
        VectorValues.of(
            dev.varve.storage.type.DataTypes.nullable(this.type), scratch, values.toArray());
    boolean nulls = false;
    longs = vector.physical().isLong() ? new LongSet(values.size()) : null;
    strings = isByteString(vector) ? new ByteStringSet(values.size()) : null;
    for (int i = 0; i < vector.rows(); i++) {
      if (vector.isNull(i)) {
        nulls = true;
      } else {
        objects.add(VectorValues.get(vector, i));
        if (longs != null) {
          longs.add(vector.getLong(i));
        } else if (strings != null) {
          strings.add(vector.getBytes(i));
        }
      }
    }
    hasNull = nulls;
  }

  private static boolean isByteString(Vector vector) {
    return vector.type().unwrapped() instanceof DataType.Text
        || vector.physical() == dev.varve.storage.type.Physical.FIXED;
  }

  public boolean hasNull() {
    return hasNull;
  }

  public int size() {
    return objects.size();
  }

  /// The distinct values without NULL; for pruning.
  public Set<Object> values() {
    return Set.copyOf(objects);
  }

  /// Sets the bit of each row of a flat vector whose value is in the set.
  void test(Vector flat, long[] mask) {
    int rows = flat.rows();
    if (longs != null && flat.physical().isLong()) {
      testLongs(flat, rows, mask);
    } else if (strings != null) {
      for (int i = 0; i < rows; i++) {
        MemorySegment bytes = flat.getSegment(i);
        mask[i >>> 6] |= strings.contains(bytes) ? 1L << i : 0;
      }
    } else {
      for (int i = 0; i < rows; i++) {
        mask[i >>> 6] |= objects.contains(VectorValues.get(flat, i)) ? 1L << i : 0;
      }
    }
  }

  private void testLongs(Vector flat, int rows, long[] mask) {
    long[] values = new long[rows];
    MemorySegment from = flat.values();
    boolean unsigned = flat.type().isUnsigned();
    switch (flat.physical()) {
      case INT8 -> {
        long low = unsigned ? 0xFFL : -1L;
        for (int i = 0; i < rows; i++) {
          values[i] = from.get(ValueLayout.JAVA_BYTE, i) & low;
        }
      }
      case INT16 -> {
        long low = unsigned ? 0xFFFFL : -1L;
        for (int i = 0; i < rows; i++) {
          values[i] = from.get(Vector.I16, i * 2L) & low;
        }
      }
      case INT32 -> {
        long low = unsigned ? 0xFFFFFFFFL : -1L;
        for (int i = 0; i < rows; i++) {
          values[i] = from.get(Vector.I32, i * 4L) & low;
        }
      }
      default -> MemorySegment.copy(from, Vector.I64, 0, values, 0, rows);
    }
    for (int i = 0; i < rows; i++) {
      mask[i >>> 6] |= longs.contains(values[i]) ? 1L << i : 0;
    }
  }

  @Override
  public String toString() {
    return objects.size() <= 5 ? objects.toString() : objects.size() + " values";
  }
}
