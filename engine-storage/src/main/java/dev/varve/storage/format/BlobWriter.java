// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Vector;
import java.io.IOException;
import java.io.OutputStream;

/// RawBLOB: the bytes of values and nothing else, numbers as they lie in memory. NULL has none;
/// arrays, maps and tuples are text, as nothing would tell where they end.
final class BlobWriter implements RowsWriter {
  private static final int FLUSH_BYTES = 1 << 16;

  private final OutputStream out;
  private final ByteSink sink = new ByteSink();
  private final BinaryValues values = new BinaryValues(sink);
  private final TextOutput text;

  BlobWriter(OutputStream out, FormatSettings settings) {
    this.out = out;
    this.text = new TextOutput(TextOutput.Style.PLAIN, sink, settings);
  }

  @Override
  public String contentType() {
    return "application/octet-stream";
  }

  @Override
  public void begin() {}

  @Override
  public void write(Batch batch) throws IOException {
    for (int row = 0; row < batch.rows(); row++) {
      for (Vector column : batch.columns()) {
        if (!column.isNull(row)) {
          value(column, row);
        }
      }
      if (sink.size() >= FLUSH_BYTES) {
        sink.drainTo(out);
      }
    }
  }

  private void value(Vector column, int row) {
    DataType type = column.type().unwrapped();
    switch (type) {
      case DataType.Text _, DataType.AggregateState _ ->
          sink.put(column.base().getSegment(column.valueRow(row)));
      case DataType.Array _, DataType.MapOf _, DataType.Tuple _ -> text.write(column, row);
      default -> values.value(column.base(), column.valueRow(row), type);
    }
  }

  @Override
  public void end(Statistics statistics) throws IOException {
    sink.drainTo(out);
    out.flush();
  }
}
