// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Vector;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// ClickHouse's Native: blocks of columns. A block is the number of columns and of rows, then for
/// each column its name, its type and its values one after another; NULLs are a byte a row ahead of
/// the values, lists are the ends of all rows ahead of their elements.
///
/// LowCardinality goes out as the type inside, as readers take it either way. A client that names
/// the version of the protocol it speaks finds information ahead of each block, and a byte behind
/// each type.
final class NativeWriter implements RowsWriter {
  private static final int WITH_SERIALIZATIONS = 54_454;
  private static final int WITH_LATE_BUCKETS = 54_480;

  private final OutputStream out;
  private final ByteSink sink = new ByteSink();
  private final BinaryValues values = new BinaryValues(sink);
  private final List<String> names;
  private final List<DataType> types;
  private final int protocol;
  private boolean written;

  /// @param protocol version of the client's protocol, or 0
  NativeWriter(OutputStream out, List<String> names, List<DataType> types, int protocol) {
    this.out = out;
    this.names = names;
    this.types = types;
    this.protocol = protocol;
  }

  @Override
  public String contentType() {
    return "application/octet-stream";
  }

  @Override
  public void begin() {}

  @Override
  public void write(Batch batch) throws IOException {
    block(batch.rows());
    for (int c = 0; c < names.size(); c++) {
      head(c);
      int[] rows = new int[batch.rows()];
      for (int row = 0; row < rows.length; row++) {
        rows[row] = row;
      }
      column(batch.column(c), rows, types.get(c));
      sink.drainTo(out);
    }
  }

  private void block(int rows) {
    written = true;
    if (protocol > 0) {
      // No row of overflows, no bucket of an aggregation.
      sink.put(1).put(0).put(2).putLittleEndian(-1, 4);
      if (protocol >= WITH_LATE_BUCKETS) {
        sink.put(3).put(0);
      }
      sink.put(0);
    }
    sink.putVarint(names.size()).putVarint(rows);
  }

  private void head(int column) {
    text(names.get(column));
    text(plain(types.get(column)).name());
    if (protocol >= WITH_SERIALIZATIONS) {
      sink.put(0);
    }
  }

  private void text(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    sink.putVarint(bytes.length).put(bytes);
  }

  /// The type without LowCardinality, at any depth.
  private static DataType plain(DataType type) {
    return switch (type) {
      case DataType.LowCardinality(DataType inner) -> plain(inner);
      case DataType.Nullable(DataType inner) -> new DataType.Nullable(plain(inner));
      case DataType.Array(DataType element) -> new DataType.Array(plain(element));
      case DataType.MapOf(DataType key, DataType value) ->
          new DataType.MapOf(plain(key), plain(value));
      case DataType.Tuple(List<String> names, List<DataType> fields) ->
          new DataType.Tuple(names, fields.stream().map(NativeWriter::plain).toList());
      default -> type;
    };
  }

  private void column(Vector vector, int[] rows, DataType declared) {
    DataType type = declared.unwrapped();
    if (declared.isNullable() && !(type instanceof DataType.Nothing)) {
      for (int row : rows) {
        sink.put(vector.isNull(row) ? 1 : 0);
      }
    }
    switch (type) {
      case DataType.Array(DataType element) -> {
        int[] elements = lists(vector, rows);
        column(vector.base().elements(), elements, element);
      }
      case DataType.MapOf(DataType key, DataType value) -> {
        int[] entries = lists(vector, rows);
        List<Vector> pair = vector.base().elements().children();
        column(pair.get(0), entries, key);
        column(pair.get(1), entries, value);
      }
      case DataType.Tuple(_, List<DataType> fields) -> {
        int[] inner = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
          inner[i] = vector.valueRow(rows[i]);
        }
        for (int f = 0; f < fields.size(); f++) {
          column(vector.base().children().get(f), inner, fields.get(f));
        }
      }
      default -> {
        for (int row : rows) {
          if (vector.isNull(row)) {
            absent(type);
          } else {
            values.value(vector.base(), vector.valueRow(row), type);
          }
        }
      }
    }
  }

  /// Writes where each list ends; returns the elements of all.
  private int[] lists(Vector vector, int[] rows) {
    Vector base = vector.base();
    int count = 0;
    for (int row : rows) {
      int at = vector.valueRow(row);
      count += base.listTo(at) - base.listFrom(at);
      sink.putLittleEndian(count, 8);
    }
    int[] elements = new int[count];
    int filled = 0;
    for (int row : rows) {
      int at = vector.valueRow(row);
      for (int e = base.listFrom(at); e < base.listTo(at); e++) {
        elements[filled++] = e;
      }
    }
    return elements;
  }

  /// What stands in the place of a NULL: the value whose bytes are all zero.
  private void absent(DataType type) {
    int width =
        switch (type) {
          case DataType.Text _, DataType.AggregateState _ -> 1; // an empty string's length
          case DataType.Nothing _ -> 1;
          case DataType.Decimal(int p, int _) -> p <= 9 ? 4 : p <= 18 ? 8 : p <= 38 ? 16 : 32;
          default -> type.width();
        };
    sink.put(MemorySegment.ofArray(new byte[width]));
  }

  @Override
  public void end(Statistics statistics) throws IOException {
    // Who names its protocol takes no bytes for no rows.
    if (!written && protocol == 0) {
      block(0);
      for (int c = 0; c < names.size(); c++) {
        head(c);
      }
    }
    sink.drainTo(out);
    out.flush();
  }
}
