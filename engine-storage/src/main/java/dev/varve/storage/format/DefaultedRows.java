// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Vector;
import java.io.IOException;
import java.io.OutputStream;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntFunction;

/// Writes RowBinaryWithDefaults: as RowBinary, each value behind a byte that is 1 where the
/// column's default is to stand and no value follows. One thread.
public final class DefaultedRows {
  private static final int FLUSH_BYTES = 1 << 16;

  private final OutputStream out;
  private final ByteSink sink = new ByteSink();
  private final BinaryValues values = new BinaryValues(sink);

  public DefaultedRows(OutputStream out) {
    this.out = out;
  }

  /// @param omitted for each column the rows without a value, or null for none
  public void write(Batch batch, IntFunction<BitSet> omitted) throws IOException {
    List<Vector> columns = batch.columns();
    BitSet[] without = new BitSet[columns.size()];
    for (int c = 0; c < without.length; c++) {
      without[c] = omitted.apply(c);
    }
    for (int row = 0; row < batch.rows(); row++) {
      for (int c = 0; c < without.length; c++) {
        boolean given = without[c] == null || !without[c].get(row);
        sink.put(given ? 0 : 1);
        if (given) {
          values.declared(columns.get(c), row, columns.get(c).type());
        }
      }
      if (sink.size() >= FLUSH_BYTES) {
        sink.drainTo(out);
      }
    }
    sink.drainTo(out);
  }
}
