// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// Rows of JSONObjectEachRow: one object around all, in which each row has a name that says
/// nothing.
final class JsonNamedRowsReader implements RowsReader {
  private final ByteInput input;
  private final JsonRows json;
  private boolean begun;

  JsonNamedRowsReader(InputStream in, List<ColumnDefinition> columns, boolean skipUnknown) {
    this.input = new ByteInput(in);
    this.json = new JsonRows(columns, skipUnknown);
  }

  @Override
  public int read(RowBuilders rows, int maxRows) throws IOException {
    if (!begun) {
      begun = true;
      if (next() == 0) {
        return 0;
      }
      take('{');
    }
    int count = 0;
    while (count < maxRows && next() == '"') {
      name();
      take(':');
      next();
      int end = JsonRows.end(input.bytes, input.from, input.to);
      while (end < 0) {
        if (!input.more()) {
          throw torn();
        }
        end = JsonRows.end(input.bytes, input.from, input.to);
      }
      input.row++;
      try {
        json.read(rows, input.bytes, input.from, end);
      } catch (VarveException e) {
        throw FieldOrder.inRow(input.row, e);
      }
      input.from = end;
      count++;
    }
    return count;
  }

  /// The next byte that is no blank and no comma; it is not taken. 0 at the end.
  private byte next() throws IOException {
    while (!input.isEmpty()) {
      byte b = input.bytes[input.from];
      if (b != ',' && (b > ' ' || b < 0)) {
        return b;
      }
      input.from++;
    }
    return 0;
  }

  private void take(char wanted) throws IOException {
    if (next() != wanted) {
      throw new VarveException(
          ErrorCode.CANNOT_PARSE_INPUT,
          "expected '" + wanted + "' around or before row " + (input.row + 1));
    }
    input.from++;
  }

  private void name() throws IOException {
    input.from++;
    while (!input.isEmpty()) {
      byte b = input.bytes[input.from++];
      if (b == '"') {
        return;
      }
      if (b == '\\' && !input.isEmpty()) {
        input.from++;
      }
    }
    throw torn();
  }

  private VarveException torn() {
    return new VarveException(
        ErrorCode.CANNOT_PARSE_INPUT, "the input ends in the middle of row " + (input.row + 1));
  }
}
