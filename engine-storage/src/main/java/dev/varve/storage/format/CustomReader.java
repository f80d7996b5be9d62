// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.vector.VectorBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Rows of CustomSeparated: what stands around fields, rows and all of them is what the settings
/// say, byte for byte.
final class CustomReader implements RowsReader {
  private final ByteInput input;
  private final List<ColumnDefinition> columns;
  private final CustomFields fields;
  private final byte[] before;
  private final byte[] beforeRow;
  private final byte[] between;
  private final byte[] behindRow;
  private final byte[] betweenRows;
  private final byte[] behind;
  private final int headers;
  private int skippedLines;
  private int[] order;
  private boolean begun;
  private boolean laterRow;
  private long row;

  CustomReader(
      InputStream in, List<ColumnDefinition> columns, int headers, FormatSettings settings) {
    FormatSettings.Custom custom = settings.custom();
    this.input = new ByteInput(in);
    this.columns = columns;
    this.fields = new CustomFields(input, columns, custom.escaping());
    this.before = bytes(custom.before());
    this.beforeRow = bytes(custom.beforeRow());
    this.between = bytes(custom.betweenFields());
    this.behindRow = bytes(custom.behindRow());
    this.betweenRows = bytes(custom.betweenRows());
    this.behind = bytes(custom.behind());
    this.headers = headers;
    this.skippedLines = settings.skipLines().custom();
    this.order = FieldOrder.natural(columns);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public int read(RowBuilders rows, int maxRows) throws IOException {
    if (!begun) {
      begun = true;
      begin();
    }
    int count = 0;
    while (count < maxRows && nextRow()) {
      row++;
      try {
        for (int f = 0; f < order.length; f++) {
          VectorBuilder to = rows.builder(order[f]);
          fields.value(order[f], to, fields.end(terminator(f, order.length)));
          literal(f + 1 < order.length ? between : behindRow, "behind field " + (f + 1));
        }
      } catch (VarveException e) {
        rows.truncate(rows.rows());
        throw FieldOrder.inRow(row, e);
      }
      rows.endRow();
      count++;
    }
    return count;
  }

  private void begin() throws IOException {
    while (skippedLines > 0 && !input.isEmpty()) {
      skippedLines -= input.bytes[input.from++] == '\n' ? 1 : 0;
    }
    literal(before, "at the start");
    for (int header = 0; header < headers && nextRow(); header++) {
      List<String> words = new ArrayList<>();
      for (int f = 0; f < columns.size(); f++) {
        words.add(fields.word(fields.end(terminator(f, columns.size()))));
        literal(f + 1 < columns.size() ? between : behindRow, "in the header");
      }
      if (header == 0) {
        order = FieldOrder.named(words, columns, false);
      }
    }
  }

  /// What ends a field: what stands behind the last is what stands behind a row, or between rows.
  private byte[] terminator(int field, int count) {
    if (field + 1 < count) {
      return between;
    }
    return behindRow.length > 0 ? behindRow : betweenRows.length > 0 ? betweenRows : behind;
  }

  /// Goes to the first field of the next row; false at the end.
  private boolean nextRow() throws IOException {
    if (input.isEmpty() || behind.length > 0 && isAhead(behind)) {
      return false;
    }
    if (laterRow) {
      literal(betweenRows, "between rows");
    }
    laterRow = true;
    literal(beforeRow, "before a row");
    return true;
  }

  private boolean isAhead(byte[] wanted) throws IOException {
    while (input.to - input.from < wanted.length) {
      if (!input.more()) {
        return false;
      }
    }
    for (int i = 0; i < wanted.length; i++) {
      if (input.bytes[input.from + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  private void literal(byte[] wanted, String where) throws IOException {
    if (wanted.length == 0 || wanted == behindRow && input.isEmpty()) {
      return;
    }
    if (!isAhead(wanted)) {
      int shown = Math.min(input.to, input.from + wanted.length);
      throw new VarveException(
          ErrorCode.CANNOT_PARSE_INPUT,
          "expected "
              + TextValues.shown(wanted, 0, wanted.length)
              + " "
              + where
              + ", found "
              + TextValues.shown(input.bytes, input.from, shown)
              + "; see the settings format_custom_…");
    }
    input.from += wanted.length;
  }
}
