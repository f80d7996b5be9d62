// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.column;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/// Stats of a column's granules in their stored form; an entry is read when it is asked for.
///
/// An entry, little-endian:
///
/// | bytes | field | meaning |
/// |-------|-------|---------|
/// | 0 | flags | 1 has min, 2 has max, 4 bounds are exact, 8 has sum |
/// | 1-4 | nulls | rows that are NULL |
/// | | min, max | each if flagged: `i64`, or the bits of a double, or a length byte and bytes (text as it is, wide integers big-endian) |
/// | | sum | if flagged: a length byte and big-endian two's complement |
public final class StatsTable {
  static final int HAS_MIN = 1;
  static final int HAS_MAX = 2;
  static final int EXACT = 4;
  static final int HAS_SUM = 8;

  private final Physical physical;
  private final byte[] bytes;
  private final int[] offsets;

  /// @param physical kind of the column's type
  /// @param offsets where each entry begins, and the end
  public StatsTable(Physical physical, byte[] bytes, int[] offsets) {
    this.physical = physical;
    this.bytes = bytes;
    this.offsets = offsets;
  }

  /// The tables of pieces of a column, one behind the other.
  public static StatsTable concat(DataType type, List<StatsTable> tables) {
    if (tables.size() == 1) {
      return tables.getFirst();
    }
    StatsSink all = new StatsSink(type);
    tables.forEach(table -> all.addAll(table, 0, table.granules()));
    return all.build();
  }

  public int granules() {
    return offsets.length - 1;
  }

  public byte[] bytes() {
    return bytes;
  }

  public int[] offsets() {
    return offsets;
  }

  public ColumnStats get(int granule) {
    return read(granule, true);
  }

  /// As [#get], without the sum.
  public ColumnStats bounds(int granule) {
    return read(granule, false);
  }

  private ColumnStats read(int granule, boolean withSum) {
    ByteBuffer entry =
        ByteBuffer.wrap(bytes, offsets[granule], offsets[granule + 1] - offsets[granule])
            .order(ByteOrder.LITTLE_ENDIAN);
    int flags = entry.get();
    long nulls = Integer.toUnsignedLong(entry.getInt());
    Object min = (flags & HAS_MIN) != 0 ? bound(entry) : null;
    Object max = (flags & HAS_MAX) != 0 ? bound(entry) : null;
    BigInteger sum = withSum && (flags & HAS_SUM) != 0 ? new BigInteger(run(entry)) : null;
    return new ColumnStats(min, max, (flags & EXACT) != 0, nulls, sum);
  }

  private Object bound(ByteBuffer entry) {
    return switch (physical) {
      case INT8, INT16, INT32, INT64 -> entry.getLong();
      case FLOAT32, FLOAT64 -> entry.getDouble();
      case INT128, INT256 -> new BigInteger(run(entry));
      default -> run(entry);
    };
  }

  private static byte[] run(ByteBuffer entry) {
    int length = entry.get() & 0xFF;
    int from = entry.position();
    entry.position(from + length);
    return Arrays.copyOfRange(entry.array(), from, from + length);
  }
}
