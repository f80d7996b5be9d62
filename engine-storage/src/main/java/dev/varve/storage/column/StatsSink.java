// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.column;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// Collects the stats of a column's granules into a [StatsTable], which draws the bytes.
public final class StatsSink {
  private final Physical physical;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final List<Integer> offsets = new ArrayList<>(List.of(0));

  public StatsSink(DataType type) {
    this.physical = type.physical();
  }

  public void add(ColumnStats stats) {
    int flags =
        (stats.min() != null ? StatsTable.HAS_MIN : 0)
            | (stats.max() != null ? StatsTable.HAS_MAX : 0)
            | (stats.exact() ? StatsTable.EXACT : 0)
            | (stats.sum() != null ? StatsTable.HAS_SUM : 0);
    bytes.write(flags);
    number(stats.nulls(), 4);
    if (stats.min() != null) {
      bound(stats.min());
    }
    if (stats.max() != null) {
      bound(stats.max());
    }
    if (stats.sum() != null) {
      big(stats.sum());
    }
    offsets.add(bytes.size());
  }

  /// Entries of another table of the same kind, as they are.
  void addAll(StatsTable table, int from, int to) {
    for (int entry = from; entry < to; entry++) {
      int start = table.offsets()[entry];
      bytes.write(table.bytes(), start, table.offsets()[entry + 1] - start);
      offsets.add(bytes.size());
    }
  }

  private void bound(Object bound) {
    switch (physical) {
      case INT8, INT16, INT32, INT64 -> number((Long) bound, 8);
      case FLOAT32, FLOAT64 -> number(Double.doubleToRawLongBits((Double) bound), 8);
      case INT128, INT256 -> big((BigInteger) bound);
      default -> {
        byte[] text = (byte[]) bound;
        bytes.write(text.length);
        bytes.writeBytes(text);
      }
    }
  }

  private void big(BigInteger value) {
    byte[] raw = value.toByteArray();
    bytes.write(raw.length);
    bytes.writeBytes(raw);
  }

  private void number(long value, int width) {
    for (int i = 0; i < width; i++) {
      bytes.write((int) (value >>> (8 * i)));
    }
  }

  public StatsTable build() {
    return new StatsTable(
        physical, bytes.toByteArray(), offsets.stream().mapToInt(Integer::intValue).toArray());
  }
}
