// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.RowBuilders;
import dev.varve.storage.format.arrow.ArrowRows;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// A record is an Arrow IPC stream: a schema, then any number of record batches, whose rows are
/// rows. Fields are columns by name; buffers must not be compressed.
///
/// Everything is read through bounded buffers of the record's own bytes, and nothing is allocated
/// because the record says so: it comes from outside.
final class ArrowFormat implements RecordFormat {
  private static final int CONTINUATION = -1;

  private final List<ColumnDefinition> columns;
  private final boolean skipUnknown;

  ArrowFormat(List<ColumnDefinition> columns, boolean skipUnknown) {
    this.columns = columns;
    this.skipUnknown = skipUnknown;
  }

  @Override
  public void read(RowBuilders rows, byte[] bytes, int from, int to) {
    ByteBuffer in = ByteBuffer.wrap(bytes, from, to - from).slice();
    in.order(ByteOrder.LITTLE_ENDIAN);
    try {
      ArrowRows stream = new ArrowRows(columns, skipUnknown, false);
      while (message(rows, in, stream)) {
        // the message was read
      }
      if (!stream.hasSchema()) {
        throw ByteCursor.malformed("it has no schema");
      }
    } catch (VarveException e) {
      throw e;
    } catch (RuntimeException e) {
      // Flatbuffers and buffers check every access, and say no more than that it was beyond.
      throw new VarveException(ErrorCode.INCORRECT_DATA, "not an Arrow stream: " + e, e);
    }
  }

  /// Reads one message. False at the end of the stream.
  private static boolean message(RowBuilders rows, ByteBuffer in, ArrowRows stream) {
    if (in.remaining() < 4) {
      return false;
    }
    int length = in.getInt();
    if (length == CONTINUATION) {
      length = in.getInt();
    }
    if (length == 0) {
      return false;
    }
    long bodyBytes = stream.message(take(in, length));
    stream.body(take(in, bodyBytes));
    stream.read(rows, Integer.MAX_VALUE);
    return true;
  }

  private static ByteBuffer take(ByteBuffer in, long length) {
    if (length < 0 || length > in.remaining()) {
      throw ByteCursor.malformed(
          "not an Arrow stream: a message of "
              + length
              + " bytes, the record has "
              + in.remaining()
              + " left");
    }
    ByteBuffer part = in.slice(in.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
    in.position(in.position() + (int) length);
    return part;
  }
}
