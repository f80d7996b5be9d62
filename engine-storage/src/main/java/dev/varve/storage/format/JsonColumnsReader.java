// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Rows of JSON documents that hold an array for each column: an object of arrays, the same in the
/// field `data` behind metadata, or an array of arrays. The document is held in memory, as its last
/// column may be the one that the first row needs.
final class JsonColumnsReader implements RowsReader {
  private final InputStream in;
  private final List<ColumnDefinition> columns;
  private final boolean skipUnknown;
  private final JsonScanner scanner = new JsonScanner();
  private final JsonValues values;
  private final int[] cursors;
  private byte[] text;
  private long row;

  JsonColumnsReader(InputStream in, List<ColumnDefinition> columns, boolean skipUnknown) {
    this.in = in;
    this.columns = columns;
    this.skipUnknown = skipUnknown;
    this.values = new JsonValues(scanner, columns);
    this.cursors = new int[columns.size()];
    Arrays.fill(cursors, -1);
  }

  @Override
  public int read(RowBuilders rows, int maxRows) throws IOException {
    if (text == null) {
      text = in.readAllBytes();
      scanner.open(text, 0, text.length);
      if (scanner.peek() == '[') {
        arrays();
      } else if (scanner.peek() == '{') {
        object();
      }
    }
    int count = 0;
    while (count < maxRows && row(rows)) {
      rows.endRow();
      count++;
    }
    return count;
  }

  private void arrays() {
    scanner.expect('[');
    int column = 0;
    while (scanner.peek() == '[') {
      if (column == cursors.length) {
        throw FieldOrder.fieldCount(column + 1, cursors.length);
      }
      cursors[column++] = scanner.position() + 1;
      scanner.any();
      scanner.skip(',');
    }
    scanner.expect(']');
    if (column != cursors.length) {
      throw FieldOrder.fieldCount(column, cursors.length);
    }
  }

  private void object() {
    scanner.expect('{');
    while (!scanner.skip('}')) {
      scanner.string();
      String name = name();
      scanner.expect(':');
      if (name.equals("data") && scanner.peek() == '{') {
        object();
      } else if (scanner.peek() == '[' && !name.equals("meta")) {
        int from = scanner.position() + 1;
        scanner.any();
        place(name, from);
      } else {
        scanner.any();
      }
      scanner.skip(',');
    }
  }

  private String name() {
    int length = scanner.valueEnd - scanner.valueFrom;
    return new String(scanner.value, scanner.valueFrom, length, StandardCharsets.UTF_8);
  }

  private void place(String name, int from) {
    List<String> names = columns.stream().map(ColumnDefinition::name).toList();
    int column = names.indexOf(name);
    if (column >= 0) {
      cursors[column] = from;
    } else if (!skipUnknown) {
      throw new VarveException(
          ErrorCode.INCORRECT_DATA,
          "unknown column \"" + name + "\"" + NearNames.suggest(name, names));
    }
  }

  private boolean row(RowBuilders rows) {
    int given = 0;
    int over = 0;
    row++;
    for (int column = 0; column < cursors.length; column++) {
      if (cursors[column] < 0) {
        continue;
      }
      scanner.moveTo(cursors[column]);
      if (scanner.peek() == ']') {
        over++;
        continue;
      }
      try {
        values.read(column, rows.builder(column));
      } catch (VarveException e) {
        rows.truncate(rows.rows());
        throw FieldOrder.inRow(row, e);
      }
      scanner.skip(',');
      cursors[column] = scanner.position();
      given++;
    }
    if (given > 0 && over > 0) {
      rows.truncate(rows.rows());
      throw new VarveException(
          ErrorCode.INCORRECT_DATA, "row " + row + ": the columns are not of the same length");
    }
    return given > 0;
  }
}
