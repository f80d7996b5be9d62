// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Vector;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// RowBinary: values one after another, little-endian, no padding; with names and types ahead if
/// asked for.
final class BinaryWriter implements RowsWriter {
  private static final int FLUSH_BYTES = 1 << 16;

  private final OutputStream out;
  private final ByteSink sink = new ByteSink();
  private final BinaryValues values = new BinaryValues(sink);
  private final List<String> names;
  private final List<DataType> types;
  private final boolean withNames;
  private final boolean withTypes;

  BinaryWriter(
      OutputStream out,
      List<String> names,
      List<DataType> types,
      boolean withNames,
      boolean withTypes) {
    this.out = out;
    this.names = names;
    this.types = types;
    this.withNames = withNames;
    this.withTypes = withTypes;
  }

  @Override
  public String contentType() {
    return "application/octet-stream";
  }

  @Override
  public void begin() {
    if (withNames) {
      sink.putVarint(names.size());
      names.forEach(this::text);
    }
    if (withTypes) {
      types.forEach(type -> text(type.name()));
    }
  }

  private void text(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    sink.putVarint(bytes.length).put(bytes);
  }

  @Override
  public void write(Batch batch) throws IOException {
    for (int row = 0; row < batch.rows(); row++) {
      for (Vector column : batch.columns()) {
        values.declared(column, row, column.type());
      }
      if (sink.size() >= FLUSH_BYTES) {
        sink.drainTo(out);
      }
    }
  }

  @Override
  public void end(Statistics statistics) throws IOException {
    sink.drainTo(out);
    out.flush();
  }
}
