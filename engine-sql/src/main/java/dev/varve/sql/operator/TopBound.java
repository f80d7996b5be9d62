// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.expression.ColumnRange;
import dev.varve.storage.column.ColumnStats;
import dev.varve.storage.index.KeyColumn;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.part.Part;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// How far a row of ORDER BY ... LIMIT may lie from the first: what sorts behind as many rows as
/// are wanted need not be read. The bound sinks while workers find rows. Safe for threads.
///
/// It is the first eight bytes of a normalised key, compared unsigned; rows with the same eight
/// bytes as the bound pass.
final class TopBound {
  private static final long NONE = -1L;

  private final KeyEncoder firstKey;
  private final KeyColumn key;
  private final int column;
  private final AtomicLong bound = new AtomicLong(NONE);

  /// @param key the first column of the order
  /// @param column its place among the columns of the scan, or the results of the aggregate
  TopBound(KeyColumn key, int column) {
    this.key = key;
    this.column = column;
    this.firstKey = new KeyEncoder(List.of(key));
  }

  int column() {
    return column;
  }

  boolean isSet() {
    return bound.get() != NONE;
  }

  /// As many rows as are wanted have prefixes up to this one.
  void sink(long prefix) {
    long before = bound.get();
    while (Long.compareUnsigned(prefix, before) < 0 && !bound.compareAndSet(before, prefix)) {
      before = bound.get();
    }
  }

  boolean isBeyond(long prefix) {
    return Long.compareUnsigned(prefix, bound.get()) > 0;
  }

  /// Values of the first key that do not lie beyond the bound, where it is a number; else null.
  ColumnRange range() {
    long[] values = firstKey.upTo(bound.get());
    return values == null ? null : new ColumnRange(column, values[0], values[1]);
  }

  /// For each value the eight bytes that are compared with the bound.
  void prefixes(Vector keys, int rows, long[] out) {
    firstKey.prefixes(List.of(keys.as(key.type())), rows, out);
  }

  /// Takes rows out of `mask` whose first key is beyond the bound. Gives how many are left.
  int test(Vector keys, int rows, long[] prefixes, long[] mask) {
    firstKey.prefixes(List.of(keys), rows, prefixes);
    long limit = bound.get() + Long.MIN_VALUE;
    int left = 0;
    for (int w = 0; w < mask.length; w++) {
      int from = w << 6;
      int to = Math.min(rows, from + 64);
      long word = 0;
      for (int i = from; i < to; i++) {
        word |= (prefixes[i] + Long.MIN_VALUE <= limit ? 1L : 0L) << i;
      }
      mask[w] &= word;
      left += Long.bitCount(mask[w]);
    }
    return left;
  }

  /// No row of the granule has a smaller prefix; 0 where that is not known.
  long least(Part part, String name, int granule, Scratch scratch) {
    DataType type = key.type().unwrapped();
    boolean isLong = type.physical().isLong();
    boolean isText = type.physical() == Physical.BYTES && !key.descending();
    if (!(isLong || isText) || !part.hasColumn(name)) {
      return 0;
    }
    ColumnStats stats = part.bounds(name, granule);
    Object best = stats == null ? null : key.descending() ? stats.max() : stats.min();
    if (best == null || stats.nulls() > 0 && key.nullsFirst()) {
      return 0;
    }
    long[] prefix = new long[1];
    scratch.reset();
    firstKey.prefixes(List.of(one(best, scratch)), 1, prefix);
    return prefix[0];
  }

  private Vector one(Object value, Scratch scratch) {
    if (value instanceof byte[] bytes) {
      MemorySegment offsets = scratch.allocate(8);
      offsets.set(Vector.I32, 0, 0);
      offsets.set(Vector.I32, 4, bytes.length);
      MemorySegment text = scratch.allocate(bytes.length);
      MemorySegment.copy(bytes, 0, text, ValueLayout.JAVA_BYTE, 0, bytes.length);
      return Vector.bytes(key.type(), 1, offsets, text, null);
    }
    Physical physical = key.type().physical();
    MemorySegment word = scratch.allocate(8);
    // Little-endian, so the first bytes are the narrower number.
    word.set(Vector.I64, 0, (Long) value);
    return Vector.fixed(key.type(), physical, 1, word, null);
  }
}
