// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.RowBuilders;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;

/// A record is an Arrow IPC stream: a schema, then any number of record batches, whose rows are
/// rows. Fields are columns by name; buffers must not be compressed.
///
/// Everything is read through bounded buffers of the record's own bytes, and nothing is allocated
/// because the record says so: it comes from outside.
final class ArrowFormat implements RecordFormat {
  private static final int CONTINUATION = -1;

  private final List<String> names;
  private final boolean skipUnknown;
  private final ArrowValues values = new ArrowValues();

  /// What a stream has said so far.
  private static final class Stream {
    private final List<Field> fields = new ArrayList<>();
    private final Map<Long, ArrowColumn> dictionaries = new HashMap<>();
    private final Map<Long, Field> dictionaryFields = new HashMap<>();
    private boolean hasSchema;
  }

  ArrowFormat(List<ColumnDefinition> columns, boolean skipUnknown) {
    this.names = columns.stream().map(ColumnDefinition::name).toList();
    this.skipUnknown = skipUnknown;
  }

  @Override
  public void read(RowBuilders rows, byte[] bytes, int from, int to) {
    ByteBuffer in = ByteBuffer.wrap(bytes, from, to - from).slice();
    in.order(ByteOrder.LITTLE_ENDIAN);
    try {
      Stream stream = new Stream();
      while (message(rows, in, stream)) {
        // the message was read
      }
      if (!stream.hasSchema) {
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
  private boolean message(RowBuilders rows, ByteBuffer in, Stream stream) {
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
    Message message = Message.getRootAsMessage(take(in, length));
    ByteBuffer body = take(in, message.bodyLength());
    switch (message.headerType()) {
      case MessageHeader.Schema -> schema((Schema) message.header(new Schema()), stream);
      case MessageHeader.DictionaryBatch ->
          dictionary((DictionaryBatch) message.header(new DictionaryBatch()), body, stream);
      case MessageHeader.RecordBatch ->
          batch(rows, (RecordBatch) message.header(new RecordBatch()), body, stream);
      default -> throw ByteCursor.malformed("an Arrow message of type " + message.headerType());
    }
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

  private void schema(Schema schema, Stream stream) {
    stream.hasSchema = true;
    stream.fields.clear();
    int[] budget = {ArrowColumn.MAX_FIELDS};
    for (int i = 0; i < schema.fieldsLength(); i++) {
      Field field = schema.fields(i);
      stream.fields.add(field);
      findDictionaries(field, stream, budget, 0);
      if (!skipUnknown && !names.contains(field.name())) {
        throw new VarveException(
            ErrorCode.INCORRECT_DATA,
            "unknown field \"" + field.name() + "\"" + NearNames.suggest(field.name(), names));
      }
    }
  }

  private static void findDictionaries(Field field, Stream stream, int[] budget, int depth) {
    if (--budget[0] < 0 || depth > ArrowColumn.MAX_DEPTH) {
      throw ByteCursor.malformed("an Arrow schema with too many fields");
    }
    if (field.dictionary() != null) {
      stream.dictionaryFields.put(field.dictionary().id(), field);
    }
    for (int i = 0; i < field.childrenLength(); i++) {
      findDictionaries(field.children(i), stream, budget, depth + 1);
    }
  }

  private static void dictionary(DictionaryBatch batch, ByteBuffer body, Stream stream) {
    Field field = stream.dictionaryFields.get(batch.id());
    if (field == null || batch.isDelta()) {
      throw ByteCursor.malformed("an Arrow dictionary that no field has, or a delta of one");
    }
    ArrowColumn.Source source = new ArrowColumn.Source(batch.data(), body, stream.dictionaries);
    stream.dictionaries.put(batch.id(), source.values(field));
  }

  private void batch(RowBuilders rows, RecordBatch batch, ByteBuffer body, Stream stream) {
    ArrowColumn.Source source = new ArrowColumn.Source(batch, body, stream.dictionaries);
    ArrowColumn[] columns = new ArrowColumn[stream.fields.size()];
    int[] places = new int[columns.length];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = source.column(stream.fields.get(i));
      places[i] = names.indexOf(stream.fields.get(i).name());
    }
    long count = batch.length();
    if (count < 0 || count > 8L * body.capacity()) {
      throw ByteCursor.malformed("an Arrow batch of " + count + " rows in fewer bytes");
    }
    for (int row = 0; row < count; row++) {
      for (int i = 0; i < columns.length; i++) {
        if (places[i] >= 0) {
          value(rows, places[i], columns[i], row);
        }
      }
      rows.endRow();
    }
  }

  private void value(RowBuilders rows, int place, ArrowColumn column, int row) {
    if (column.isNull(row) && !rows.columns().get(place).type().isNullable()) {
      return; // its default
    }
    try {
      values.read(column, row, rows.builder(place));
    } catch (VarveException e) {
      throw new VarveException(
          e.code(), "row " + row + ", column \"" + names.get(place) + "\": " + e.getMessage(), e);
    }
  }
}
