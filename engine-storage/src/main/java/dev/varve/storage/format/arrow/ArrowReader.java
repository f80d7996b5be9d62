// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format.arrow;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.RowBuilders;
import dev.varve.storage.format.RowsReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.arrow.flatbuf.Field;

/// Rows of an Arrow stream or file. A file is read from its front like a stream: its footer only
/// tells again where the batches lie.
public final class ArrowReader implements RowsReader {
  private static final int CONTINUATION = -1;
  private static final int MAGIC_FRONT = 0x4F525241; // "ARRO", little-endian
  private static final int MAX_MESSAGE_BYTES = 1 << 30;
  private static final int PIECE_BYTES = 1 << 20;

  private final InputStream in;
  private final ArrowRows stream;
  private boolean begun;
  private boolean ended;

  public ArrowReader(InputStream in, List<ColumnDefinition> columns, boolean skipUnknown) {
    this.in = in;
    this.stream = new ArrowRows(columns, skipUnknown, true);
  }

  /// The fields of a stream or file, as columns can hold them.
  public static List<ColumnDefinition> columns(InputStream in) throws IOException {
    ArrowReader reader = new ArrowReader(in, List.of(), true);
    if (!reader.advance()) {
      throw ArrowColumn.malformed("an Arrow stream without a schema");
    }
    return reader.stream.fields().stream().map(ArrowReader::column).toList();
  }

  private static ColumnDefinition column(Field field) {
    return ColumnDefinition.of(field.name(), ArrowTypes.of(field));
  }

  @Override
  public int read(RowBuilders rows, int maxRows) throws IOException {
    try {
      int count = stream.read(rows, maxRows);
      while (count == 0 && advance()) {
        count = stream.read(rows, maxRows);
      }
      return count;
    } catch (VarveException | IOException e) {
      throw e;
    } catch (RuntimeException e) {
      // Flatbuffers and buffers check every access, and say no more than that it was beyond.
      throw new VarveException(ErrorCode.INCORRECT_DATA, "not an Arrow stream: " + e, e);
    }
  }

  /// Reads the next message. False at the end.
  private boolean advance() throws IOException {
    int length = ended ? 0 : next();
    if (length == 0) {
      ended = true;
      return false;
    }
    long body = stream.message(bytes(length));
    stream.body(bytes(body));
    return true;
  }

  /// The length of the next message, or 0.
  private int next() throws IOException {
    byte[] word = in.readNBytes(4);
    if (word.length == 0) {
      return 0;
    }
    int length = number(word);
    if (!begun && length == MAGIC_FRONT) {
      in.skipNBytes(4);
      length = number(in.readNBytes(4));
    }
    begun = true;
    return length == CONTINUATION ? number(in.readNBytes(4)) : length;
  }

  private static int number(byte[] word) throws IOException {
    if (word.length < 4) {
      throw new EOFException("the Arrow stream ends in the middle of a message");
    }
    return ByteBuffer.wrap(word).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  private ByteBuffer bytes(long count) throws IOException {
    if (count < 0 || count > MAX_MESSAGE_BYTES) {
      throw ArrowColumn.malformed("not an Arrow stream: a message of " + count + " bytes");
    }
    // In pieces: the bytes must have come before memory is taken for them.
    byte[] bytes = new byte[(int) Math.min(count, PIECE_BYTES)];
    int filled = 0;
    while (filled < count) {
      if (filled == bytes.length) {
        bytes = java.util.Arrays.copyOf(bytes, (int) Math.min(count, bytes.length * 2L));
      }
      int read = in.read(bytes, filled, bytes.length - filled);
      if (read < 0) {
        throw new EOFException("the Arrow stream ends in the middle of a message");
      }
      filled += read;
    }
    return ByteBuffer.wrap(bytes, 0, filled).slice().order(ByteOrder.LITTLE_ENDIAN);
  }
}
