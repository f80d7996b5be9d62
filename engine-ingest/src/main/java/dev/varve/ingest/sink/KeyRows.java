// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.sink;

import dev.varve.ingest.format.ChangeEvent;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.JsonRows;
import dev.varve.storage.format.RowBuilders;
import dev.varve.storage.format.TypedValues;
import dev.varve.storage.vector.VectorBuilder;
import java.util.ArrayList;
import java.util.List;

/// Reads which row a record is about: from the key of a record without a value, or from what a
/// change event says of the row before. One thread.
///
/// A key is a JSON object with the columns of the sorting key, or the text of the only one.
final class KeyRows {
  private final List<String> sortingKey;
  private final int[] columns;
  private final JsonRows json;
  private final TypedValues typed = new TypedValues();
  private final ChangeEvent envelope = new ChangeEvent();

  /// @param columns all that a row of the table can be given
  KeyRows(List<ColumnDefinition> columns, List<String> sortingKey) {
    this.sortingKey = sortingKey;
    this.json = new JsonRows(columns, true, true);
    List<String> names = columns.stream().map(ColumnDefinition::name).toList();
    this.columns = sortingKey.stream().mapToInt(names::indexOf).toArray();
  }

  /// Appends a row of which only the sorting key counts.
  ///
  /// @throws VarveException what is missing or wrong; the caller drops what was appended
  void read(RowBuilders rows, byte[] bytes, int from, int to) {
    if (to > from && bytes[from] == '{') {
      int[] payload = envelope.payload(bytes, from, to);
      object(rows, bytes, payload[0], payload[1]);
    } else if (columns.length == 1 && columns[0] >= 0) {
      VectorBuilder builder = rows.builder(columns[0]);
      try {
        typed.text(builder, bytes, from, to - from);
      } catch (VarveException e) {
        throw new VarveException(
            e.code(), "the key, column \"" + sortingKey.getFirst() + "\": " + e.getMessage(), e);
      }
      rows.endRow();
    } else {
      throw new VarveException(
          ErrorCode.INCORRECT_DATA, "the key must be a JSON object with the columns " + sortingKey);
    }
  }

  /// As the other, from an object.
  void object(RowBuilders rows, byte[] bytes, int from, int to) {
    List<String> missing = new ArrayList<>();
    rows.fillWith(row -> {
      for (int i = 0; i < columns.length; i++) {
        if (columns[i] < 0 || !row.isGiven(columns[i])) {
          missing.add(sortingKey.get(i));
        }
      }
    });
    json.read(rows, bytes, from, to);
    rows.fillWith(null);
    if (!missing.isEmpty()) {
      throw new VarveException(
          ErrorCode.INCORRECT_DATA,
          "the sorting key's column \"" + missing.getFirst() + "\" is missing");
    }
  }
}
