// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.format;

import dev.varve.ingest.format.ProtobufMessages.Field;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.RowBuilders;
import dev.varve.storage.vector.VectorBuilder;
import java.util.List;

/// A record is one Protobuf message, bare or in the framing of schema registries (`00`, a schema
/// id, the message's place in its file). Fields are columns by name.
///
/// A field that is absent takes the column's default, but zero where the message's syntax does not
/// write zeros. Fields that the descriptor does not know are passed over, as Protobuf has it.
final class ProtobufFormat implements RecordFormat {
  private static final int UNKNOWN = -1;

  private final List<Field> fields;
  private final int[] columns;
  private final String unknown;
  private final ByteCursor in = new ByteCursor();
  private final ProtobufValues values;

  ProtobufFormat(ProtobufMessages messages, List<ColumnDefinition> columns, boolean skipUnknown) {
    this.fields = messages.root().fields();
    this.columns = new int[fields.size()];
    this.values = new ProtobufValues(messages);
    List<String> known = columns.stream().map(ColumnDefinition::name).toList();
    String first = "";
    for (int i = 0; i < this.columns.length; i++) {
      String name = fields.get(i).name();
      this.columns[i] = known.indexOf(name);
      if (this.columns[i] == UNKNOWN && !skipUnknown && first.isEmpty()) {
        first =
            "unknown field \"" + name + "\" in protobuf_message" + NearNames.suggest(name, known);
      }
    }
    this.unknown = first;
  }

  @Override
  public void read(RowBuilders rows, byte[] bytes, int from, int to) {
    if (!unknown.isEmpty()) {
      throw new VarveException(ErrorCode.INCORRECT_DATA, unknown);
    }
    in.open(bytes, from, to);
    if (in.left() >= 6 && bytes[from] == 0) {
      in.take(5);
      for (long indexes = in.zigzag(); indexes > 0; indexes--) {
        in.zigzag();
      }
    }
    while (in.left() > 0) {
      int tag = ProtobufValues.tag(in);
      int field = indexOf(tag >>> 3);
      if (field == UNKNOWN || columns[field] == UNKNOWN) {
        ProtobufValues.skip(in, tag);
      } else {
        read(rows, field, tag & 7);
      }
    }
    for (int i = 0; i < columns.length; i++) {
      if (columns[i] != UNKNOWN && !rows.isGiven(columns[i])) {
        values.finish(fields.get(i), rows.builder(columns[i]));
      }
    }
    rows.endRow();
  }

  private void read(RowBuilders rows, int field, int wireType) {
    VectorBuilder to = rows.builder(columns[field]);
    try {
      if (!fields.get(field).isRepeated() && rows.isGiven(columns[field])) {
        to.truncate(rows.rows()); // the last of several counts
      }
      values.field(in, fields.get(field), wireType, to);
    } catch (VarveException e) {
      String name = fields.get(field).name();
      throw new VarveException(e.code(), "column \"" + name + "\": " + e.getMessage(), e);
    }
  }

  private int indexOf(int number) {
    for (int i = 0; i < columns.length; i++) {
      if (fields.get(i).number() == number) {
        return i;
      }
    }
    return UNKNOWN;
  }
}
