// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.RowBuilders;
import java.util.List;
import java.util.stream.Collectors;

/// A record of Avro is a row: in single-object framing (`C3 01`, the schema's fingerprint) or in
/// that of schema registries (`00`, a schema id of four bytes). Fields are columns by name.
final class AvroFormat implements RecordFormat {
  private static final int UNKNOWN = -1;

  private final AvroSchema.Struct schema;
  private final long fingerprint;
  private final String id;
  private final String[] names;
  private final int[] columns;
  private final String unknown;
  private final ByteCursor in = new ByteCursor();
  private final AvroValues values = new AvroValues(in);

  /// @param id what a registry calls the schema, or empty where any will do
  AvroFormat(
      AvroSchema.Struct schema, String id, List<ColumnDefinition> columns, boolean skipUnknown) {
    this.schema = schema;
    this.fingerprint = AvroFingerprint.of(schema);
    this.id = id;
    int fields = schema.fields().size();
    this.names = new String[fields];
    this.columns = new int[fields];
    List<String> known = columns.stream().map(ColumnDefinition::name).toList();
    StringBuilder missing = new StringBuilder();
    for (int i = 0; i < fields; i++) {
      names[i] = schema.fields().get(i).name();
      this.columns[i] = known.indexOf(names[i]);
      if (this.columns[i] == UNKNOWN && !skipUnknown && missing.isEmpty()) {
        missing
            .append("unknown field \"")
            .append(names[i])
            .append("\" in avro_schema")
            .append(NearNames.suggest(names[i], known.stream().collect(Collectors.toSet())));
      }
    }
    this.unknown = missing.toString();
  }

  @Override
  public void read(RowBuilders rows, byte[] bytes, int from, int to) {
    if (!unknown.isEmpty()) {
      throw new VarveException(ErrorCode.INCORRECT_DATA, unknown);
    }
    in.open(bytes, from, to);
    frame();
    for (int i = 0; i < names.length; i++) {
      field(rows, i);
    }
    if (in.left() > 0) {
      throw ByteCursor.malformed(
          in.left() + " bytes are left behind the last field; was it written with avro_schema?");
    }
    rows.endRow();
  }

  private void frame() {
    byte first = in.left() > 0 ? in.bytes[in.at] : -1;
    if (first == 0 && in.left() >= 5) {
      in.next();
      int found = Integer.reverseBytes(in.fixed32());
      if (!id.isEmpty() && !id.equals(Integer.toString(found))) {
        throw ByteCursor.malformed(
            "it was written with schema " + found + ", avro_schema_id is " + id);
      }
    } else if (first == (byte) 0xC3 && in.left() >= 10 && in.bytes[in.at + 1] == 1) {
      in.take(2);
      long found = in.fixed64();
      if (found != fingerprint) {
        throw ByteCursor.malformed(
            "it was written with the schema of fingerprint "
                + Long.toHexString(found)
                + ", that of avro_schema is "
                + Long.toHexString(fingerprint));
      }
    } else {
      throw ByteCursor.malformed(
          "neither a single-object record (C3 01 and a fingerprint) nor one of a schema registry"
              + " (00 and a schema id)");
    }
  }

  private void field(RowBuilders rows, int field) {
    AvroSchema type = schema.fields().get(field).schema();
    int column = columns[field];
    try {
      if (column == UNKNOWN) {
        values.skip(type);
      } else if (!rows.columns().get(column).type().isNullable() && values.takeNull(type)) {
        return; // NULL where the column cannot hold it: its default
      } else {
        values.read(type, rows.builder(column));
      }
    } catch (VarveException e) {
      throw new VarveException(e.code(), "column \"" + names[field] + "\": " + e.getMessage(), e);
    }
  }
}
