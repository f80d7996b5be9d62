// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// Rows of JSONEachRow from a stream.
final class JsonLinesReader implements RowsReader {
  private final ByteInput input;
  private final JsonRows json;
  private final boolean inDocument;
  private long row;

  JsonLinesReader(InputStream in, List<ColumnDefinition> columns, boolean skipUnknown) {
    this(new ByteInput(in), columns, skipUnknown, false);
  }

  /// @param inDocument whether the bracket that closes the rows is their end
  JsonLinesReader(
      ByteInput input, List<ColumnDefinition> columns, boolean skipUnknown, boolean inDocument) {
    this.input = input;
    this.json = new JsonRows(columns, skipUnknown);
    this.inDocument = inDocument;
  }

  @Override
  public int read(RowBuilders rows, int maxRows) throws IOException {
    int count = 0;
    while (count < maxRows) {
      if (inDocument && atBracket()) {
        break;
      }
      int end = JsonRows.end(input.bytes, input.from, input.to);
      if (end < 0) {
        if (input.more()) {
          continue;
        }
        requireNothingLeft(rows);
        break;
      }
      row++;
      try {
        json.read(rows, input.bytes, input.from, end);
      } catch (VarveException e) {
        throw FieldOrder.inRow(row, e);
      }
      input.from = end;
      count++;
    }
    return count;
  }

  private boolean atBracket() throws IOException {
    while (!input.isEmpty()) {
      byte b = input.bytes[input.from];
      if (b > ' ' && b != ',' || b < 0) {
        return b == ']';
      }
      input.from++;
    }
    return false;
  }

  /// What is left is blanks and brackets, or the torn begin of a row, which the parser explains.
  private void requireNothingLeft(RowBuilders rows) {
    if (json.read(rows, input.bytes, input.from, input.to) >= 0) {
      throw new VarveException(
          ErrorCode.CANNOT_PARSE_INPUT, "the input ends in the middle of row " + (row + 1));
    }
    input.from = input.to;
  }
}
