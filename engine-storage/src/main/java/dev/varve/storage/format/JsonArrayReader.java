// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Rows of JSON arrays, one after another, with a row of names and one of types ahead if asked for.
final class JsonArrayReader implements RowsReader {
  private final ByteInput input;
  private final JsonScanner scanner = new JsonScanner();
  private final JsonValues values;
  private final List<ColumnDefinition> columns;
  private int headers;
  private boolean namesAhead;
  private final boolean skipUnknown;
  private int[] order;
  private long row;

  JsonArrayReader(
      InputStream in, List<ColumnDefinition> columns, int headers, boolean skipUnknown) {
    this(new ByteInput(in), columns, headers, skipUnknown);
  }

  JsonArrayReader(
      ByteInput input, List<ColumnDefinition> columns, int headers, boolean skipUnknown) {
    this.skipUnknown = skipUnknown;
    this.input = input;
    this.columns = columns;
    this.values = new JsonValues(scanner, columns);
    this.headers = headers;
    this.namesAhead = headers > 0;
    this.order = FieldOrder.natural(columns);
  }

  /// The same reader, for rows whose fields are those of these names.
  void named(List<String> names) {
    order = FieldOrder.named(names, columns, skipUnknown);
  }

  @Override
  public int read(RowBuilders rows, int maxRows) throws IOException {
    for (; headers > 0 && next(); headers--) {
      header();
    }
    int count = 0;
    while (count < maxRows && next()) {
      row++;
      try {
        array(rows);
      } catch (VarveException e) {
        rows.truncate(rows.rows());
        throw FieldOrder.inRow(row, e);
      }
      rows.endRow();
      input.from = scanner.position();
      count++;
    }
    return count;
  }

  /// Makes the whole next row stand in the window; false at the end, or at the bracket that closes
  /// an array around all rows.
  private boolean next() throws IOException {
    while (!input.isEmpty()) {
      byte b = input.bytes[input.from];
      if (b == ']' || b == '}') {
        return false;
      }
      if (b > ' ' && b != ',') {
        break;
      }
      input.from++;
    }
    if (input.isEmpty()) {
      return false;
    }
    int end = JsonRows.end(input.bytes, input.from, input.to, '[', ']');
    while (end < 0 && input.more()) {
      end = JsonRows.end(input.bytes, input.from, input.to, '[', ']');
    }
    scanner.open(input.bytes, input.from, end < 0 ? input.to : end);
    return true;
  }

  private void header() {
    List<String> words = new ArrayList<>();
    scanner.expect('[');
    do {
      scanner.string();
      int length = scanner.valueEnd - scanner.valueFrom;
      words.add(new String(scanner.value, scanner.valueFrom, length, StandardCharsets.UTF_8));
    } while (scanner.skip(','));
    scanner.expect(']');
    if (namesAhead) {
      order = FieldOrder.named(words, columns, skipUnknown);
      namesAhead = false;
    }
    input.from = scanner.position();
  }

  private void array(RowBuilders rows) {
    int found = 0;
    scanner.expect('[');
    if (!scanner.skip(']')) {
      do {
        if (found < order.length && order[found] >= 0) {
          values.read(order[found], rows.builder(order[found]));
        } else {
          scanner.any();
        }
        found++;
      } while (scanner.skip(','));
      scanner.expect(']');
    }
    if (found != order.length) {
      throw FieldOrder.fieldCount(found, order.length);
    }
  }
}
