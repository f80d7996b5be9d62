// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format.arrow;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.RowBuilders;
import dev.varve.storage.format.TypedValues;
import java.nio.ByteBuffer;
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

/// Rows of a sequence of Arrow messages: the metadata of a message, its body, then its rows. Fields
/// are columns by name. One thread.
///
/// Bytes come from outside: every access is checked by the buffers, whose exceptions the caller
/// turns into its own.
public final class ArrowRows {
  private final List<ColumnDefinition> definitions;
  private final List<String> names;
  private final boolean skipUnknown;
  private final boolean packed;
  private final ArrowValues values = new ArrowValues();
  private final List<Field> fields = new ArrayList<>();
  private final Map<Long, ArrowColumn> dictionaries = new HashMap<>();
  private final Map<Long, Field> dictionaryFields = new HashMap<>();
  private boolean hasSchema;
  private Message message;
  private ArrowColumn[] columns = {};
  private int[] places = {};
  private long count;
  private int row;

  /// @param skipUnknown whether fields may have no column
  /// @param packed whether buffers may be compressed
  public ArrowRows(List<ColumnDefinition> columns, boolean skipUnknown, boolean packed) {
    this.definitions = columns;
    this.names = columns.stream().map(ColumnDefinition::name).toList();
    this.skipUnknown = skipUnknown;
    this.packed = packed;
  }

  public boolean hasSchema() {
    return hasSchema;
  }

  /// The fields of the schema last seen.
  List<Field> fields() {
    return fields;
  }

  /// Takes the metadata of the next message; returns how many bytes its body has.
  public long message(ByteBuffer metadata) {
    message = Message.getRootAsMessage(metadata);
    return message.bodyLength();
  }

  /// Takes the body of the message. The rows read afterwards refer to it.
  public void body(ByteBuffer body) {
    columns = new ArrowColumn[0];
    count = 0;
    row = 0;
    switch (message.headerType()) {
      case MessageHeader.Schema -> schema((Schema) message.header(new Schema()));
      case MessageHeader.DictionaryBatch ->
          dictionary((DictionaryBatch) message.header(new DictionaryBatch()), body);
      case MessageHeader.RecordBatch ->
          batch((RecordBatch) message.header(new RecordBatch()), body);
      default -> throw ArrowColumn.malformed("an Arrow message of type " + message.headerType());
    }
  }

  private void schema(Schema schema) {
    hasSchema = true;
    fields.clear();
    int[] budget = {ArrowColumn.MAX_FIELDS};
    for (int i = 0; i < schema.fieldsLength(); i++) {
      Field field = schema.fields(i);
      fields.add(field);
      findDictionaries(field, budget, 0);
      if (!skipUnknown && !names.contains(field.name())) {
        throw new VarveException(
            ErrorCode.INCORRECT_DATA,
            "unknown field \"" + field.name() + "\"" + NearNames.suggest(field.name(), names));
      }
    }
  }

  private void findDictionaries(Field field, int[] budget, int depth) {
    if (--budget[0] < 0 || depth > ArrowColumn.MAX_DEPTH) {
      throw ArrowColumn.malformed("an Arrow schema with too many fields");
    }
    if (field.dictionary() != null) {
      dictionaryFields.put(field.dictionary().id(), field);
    }
    for (int i = 0; i < field.childrenLength(); i++) {
      findDictionaries(field.children(i), budget, depth + 1);
    }
  }

  private void dictionary(DictionaryBatch batch, ByteBuffer body) {
    Field field = dictionaryFields.get(batch.id());
    if (field == null || batch.isDelta()) {
      throw ArrowColumn.malformed("an Arrow dictionary that no field has, or a delta of one");
    }
    dictionaries.put(batch.id(), source(batch.data(), body).values(field));
  }

  private ArrowColumn.Source source(RecordBatch batch, ByteBuffer body) {
    return new ArrowColumn.Source(batch, body, dictionaries, packed);
  }

  private void batch(RecordBatch batch, ByteBuffer body) {
    ArrowColumn.Source source = source(batch, body);
    columns = new ArrowColumn[fields.size()];
    places = new int[columns.length];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = source.column(fields.get(i));
      places[i] = names.indexOf(fields.get(i).name());
    }
    count = batch.length();
    if (count < 0 || !packed && count > 8L * body.capacity() || count > Integer.MAX_VALUE) {
      throw ArrowColumn.malformed("an Arrow batch of " + count + " rows in fewer bytes");
    }
  }

  /// Appends rows of the batch under way; returns how many, 0 once there are no more.
  public int read(RowBuilders rows, int maxRows) {
    int end = (int) Math.min(count, (long) row + maxRows);
    int from = row;
    for (; row < end; row++) {
      for (int i = 0; i < columns.length; i++) {
        if (places[i] >= 0) {
          value(rows, places[i], columns[i]);
        }
      }
      rows.endRow();
    }
    return end - from;
  }

  private void value(RowBuilders rows, int place, ArrowColumn column) {
    if (column.isNull(row) && !definitions.get(place).type().isNullable()) {
      return; // its default
    }
    try {
      values.read(column, row, rows.builder(place));
    } catch (VarveException e) {
      rows.truncate(rows.rows());
      throw TypedValues.inField(row, names.get(place), e);
    }
  }
}
