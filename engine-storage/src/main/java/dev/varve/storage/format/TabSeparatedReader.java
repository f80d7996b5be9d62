// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.vector.VectorBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Rows of tab-separated text; `\N` is NULL. Fields have backslash escapes, or are as they stand.
final class TabSeparatedReader implements RowsReader {
  private final ByteInput input;
  private final TabSeparatedLines lines;
  private final List<ColumnDefinition> columns;
  private final List<TextValues> values;
  private final boolean raw;
  private final boolean emptyIsDefault;
  private final boolean skipUnknown;
  private int skipped;
  private int headers;
  private boolean namesAhead;
  private int[] order;
  private RowErrors errors;

  /// @param raw whether a backslash is a character like any other
  TabSeparatedReader(
      InputStream in,
      List<ColumnDefinition> columns,
      int headers,
      boolean raw,
      FormatSettings settings) {
    this(new ByteInput(in), columns, headers, raw, false, settings);
  }

  /// @param strict whether text must be UTF-8
  TabSeparatedReader(
      ByteInput input,
      List<ColumnDefinition> columns,
      int headers,
      boolean raw,
      boolean strict,
      FormatSettings settings) {
    this.input = input;
    this.lines = new TabSeparatedLines(input);
    this.columns = columns;
    this.values = columns.stream().map(c -> TextValues.of(c.name(), c.type(), strict)).toList();
    this.headers = headers;
    this.namesAhead = headers > 0;
    this.raw = raw;
    this.skipped = settings.skipLines().tsv();
    this.emptyIsDefault = settings.emptyIsDefault();
    this.skipUnknown = settings.skipUnknown();
    this.order = FieldOrder.natural(columns);
  }

  /// The same reader, for rows whose fields are these columns.
  TabSeparatedReader inOrder(int[] columnsOfFields) {
    order = columnsOfFields;
    skipped = 0;
    return this;
  }

  @Override
  public TabSeparatedReader tolerating(RowErrors allowed) {
    errors = allowed;
    input.numberLines();
    return this;
  }

  @Override
  public int read(RowBuilders rows, int maxRows) throws IOException {
    header();
    int count = 0;
    while (count < maxRows && lines.next()) {
      input.row++;
      try {
        fields(rows);
        rows.endRow();
        count++;
      } catch (VarveException e) {
        rows.truncate(rows.rows());
        if (errors == null) {
          throw FieldOrder.inRow(input.row, e);
        }
        errors.refuse(input.row, input.lineOf(lines.start()), e);
      }
    }
    return count;
  }

  /// Reads the header, if there is one still to come. Returns the column of each field.
  int[] header() throws IOException {
    while (skipped > 0 && lines.next()) {
      skipped--;
    }
    for (; headers > 0; headers--) {
      headerRow();
    }
    return order;
  }

  private void headerRow() throws IOException {
    if (!lines.next()) {
      return;
    }
    List<String> words = new ArrayList<>();
    int at = lines.start();
    while (at <= lines.end()) {
      int stop = lines.fieldEnd(at);
      int length = lines.unescape(at, stop);
      words.add(new String(lines.field(), 0, length, StandardCharsets.UTF_8));
      at = stop + 1;
    }
    if (namesAhead) {
      order = FieldOrder.named(words, columns, skipUnknown);
      namesAhead = false;
    }
  }

  private void fields(RowBuilders rows) {
    byte[] bytes = lines.bytes();
    int end = lines.end();
    int at = lines.start();
    int found = 0;
    while (at <= end) {
      int stop = ByteSearch.first(bytes, at, end, (byte) '\t', (byte) '\\');
      boolean escaped = stop < end && bytes[stop] == '\\';
      if (escaped) {
        stop = lines.fieldEnd(stop);
      }
      if (found < order.length && order[found] >= 0) {
        field(rows, order[found], at, stop, escaped);
      }
      found++;
      at = stop + 1;
    }
    if (found != order.length && !(order.length == 0 && found <= 1)) {
      throw FieldOrder.fieldCount(found, order.length);
    }
  }

  private void field(RowBuilders rows, int column, int at, int stop, boolean escaped) {
    if (stop == at && emptyIsDefault) {
      // The end of the row puts the default there.
      return;
    }
    VectorBuilder builder = rows.builder(column);
    // Strings inside arrays, tuples and maps carry their own escapes, and the field has no others.
    if (escaped && stop - at == 2 && lines.isNull(at)) {
      values.get(column).appendNull(builder);
    } else if (!escaped || raw || columns.get(column).type().physical().isNested()) {
      values.get(column).append(builder, lines.bytes(), at, stop - at);
    } else {
      int length = lines.unescape(at, stop);
      values.get(column).append(builder, lines.field(), 0, length);
    }
  }
}
