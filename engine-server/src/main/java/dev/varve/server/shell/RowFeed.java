// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.shell;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.DefaultedRows;
import dev.varve.storage.format.RowBuilders;
import dev.varve.storage.format.RowsReader;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Rows of a file as the stream of RowBinaryWithDefaults that an INSERT takes. They are read as the
/// stream is, a batch at a time. One thread reads; another may ask for [#rows()].
final class RowFeed extends InputStream {
  private static final int ROWS = 8192;

  private final RowsReader reader;
  private final List<ColumnDefinition> columns;
  private final BufferAllocator allocator;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private byte[] ready = new byte[0];
  private int at;
  private volatile long rows;
  private volatile VarveException failure;

  RowFeed(RowsReader reader, List<ColumnDefinition> columns, BufferAllocator allocator) {
    this.reader = reader;
    this.columns = columns;
    this.allocator = allocator;
  }

  /// Rows handed over so far.
  long rows() {
    return rows;
  }

  /// Why the rows broke off, or null: whoever takes the stream sees an IOException only.
  VarveException failure() {
    return failure;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
  }

  @Override
  public int read(byte[] to, int from, int length) throws IOException {
    if (at == ready.length && !fill()) {
      return -1;
    }
    int count = Math.min(length, ready.length - at);
    System.arraycopy(ready, at, to, from, count);
    at += count;
    return count;
  }

  private boolean fill() throws IOException {
    written.reset();
    at = 0;
    try (Scratch scratch = new Scratch(allocator)) {
      RowBuilders builders = new RowBuilders(columns, scratch);
      int count = reader.read(builders, ROWS);
      if (count > 0) {
        Batch batch = builders.build();
        new DefaultedRows(written).write(batch, builders::omitted);
        rows += count;
      }
    } catch (VarveException e) {
      failure = e;
      throw new IOException(e.getMessage(), e);
    }
    ready = written.toByteArray();
    return ready.length > 0;
  }
}
