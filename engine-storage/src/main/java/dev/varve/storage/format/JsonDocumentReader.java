// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// Rows of a JSON document: the array in its field `data`, as JSON and JSONCompact write it. What
/// stands before that field is passed over, what follows the array is read and dropped.
final class JsonDocumentReader implements RowsReader {
  private static final byte[] DATA = {'"', 'd', 'a', 't', 'a', '"'};

  private final ByteInput input;
  private final RowsReader rowsOf;
  private boolean begun;
  private boolean ended;

  JsonDocumentReader(
      InputStream in, List<ColumnDefinition> columns, boolean arrays, boolean skipUnknown) {
    this.input = new ByteInput(in);
    this.rowsOf =
        arrays
            ? new JsonArrayReader(input, columns, 0)
            : new JsonLinesReader(input, columns, skipUnknown, true);
  }

  @Override
  public int read(RowBuilders rows, int maxRows) throws IOException {
    if (!begun) {
      begun = true;
      findData();
    }
    if (ended) {
      return 0;
    }
    int count = rowsOf.read(rows, maxRows);
    if (count == 0) {
      ended = true;
      drain();
    }
    return count;
  }

  /// Goes behind the bracket that opens the field `data` of the outermost object.
  private void findData() throws IOException {
    int depth = 0;
    while (!input.isEmpty()) {
      byte b = input.bytes[input.from];
      if (b == '"') {
        int end = quoteEnd();
        boolean isData = depth == 1 && isData(end - input.from);
        input.from = end;
        if (isData && next() == ':') {
          input.from++;
          if (next() == '[') {
            input.from++;
            return;
          }
        }
        continue;
      }
      depth += b == '{' || b == '[' ? 1 : b == '}' || b == ']' ? -1 : 0;
      input.from++;
    }
    throw new VarveException(
        ErrorCode.INCORRECT_DATA,
        "the JSON document has no field \"data\" with an array of rows; for rows alone use the"
            + " format JSONEachRow or JSONCompactEachRow");
  }

  private byte next() throws IOException {
    while (!input.isEmpty() && input.bytes[input.from] <= ' ' && input.bytes[input.from] >= 0) {
      input.from++;
    }
    return input.isEmpty() ? 0 : input.bytes[input.from];
  }

  private int quoteEnd() throws IOException {
    int at = 1;
    while (true) {
      input.require(at + 1, "a string");
      byte b = input.bytes[input.from + at];
      if (b == '"') {
        return input.from + at + 1;
      }
      at += b == '\\' ? 2 : 1;
    }
  }

  private boolean isData(int length) {
    if (length != DATA.length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (input.bytes[input.from + i] != DATA[i]) {
        return false;
      }
    }
    return true;
  }

  private void drain() throws IOException {
    while (!input.isEmpty()) {
      input.from = input.to;
    }
  }
}
