// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.Physical;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// Rows of one string column: a line, a JSON object, or all that comes is the value.
final class WholeTextReader implements RowsReader {
  /// What a row is.
  enum Shape {
    LINE,
    JSON_OBJECT,
    EVERYTHING
  }

  private final ByteInput input;
  private final Shape shape;
  private boolean taken;

  WholeTextReader(InputStream in, List<ColumnDefinition> columns, Shape shape) {
    if (columns.size() != 1 || columns.getFirst().type().physical() != Physical.BYTES) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "this format fills one column of type String; name it: INSERT INTO t (column) FORMAT …");
    }
    this.input = new ByteInput(in);
    this.shape = shape;
  }

  @Override
  public int read(RowBuilders rows, int maxRows) throws IOException {
    int count = 0;
    while (count < maxRows && next(rows)) {
      rows.endRow();
      count++;
    }
    return count;
  }

  private boolean next(RowBuilders rows) throws IOException {
    return switch (shape) {
      case LINE -> line(rows);
      case JSON_OBJECT -> object(rows);
      case EVERYTHING -> everything(rows);
    };
  }

  private boolean line(RowBuilders rows) throws IOException {
    if (input.isEmpty()) {
      return false;
    }
    int length = 0;
    while (input.from + length < input.to || input.more()) {
      if (input.bytes[input.from + length] == '\n') {
        append(rows, length);
        input.from++;
        return true;
      }
      length++;
    }
    append(rows, length);
    return true;
  }

  private boolean object(RowBuilders rows) throws IOException {
    while (!input.isEmpty() && input.bytes[input.from] != '{') {
      input.from++;
    }
    if (input.isEmpty()) {
      return false;
    }
    int end = JsonRows.end(input.bytes, input.from, input.to);
    while (end < 0) {
      if (!input.more()) {
        throw new VarveException(
            ErrorCode.CANNOT_PARSE_INPUT, "the input ends in the middle of a JSON object");
      }
      end = JsonRows.end(input.bytes, input.from, input.to);
    }
    append(rows, end - input.from);
    return true;
  }

  private boolean everything(RowBuilders rows) throws IOException {
    if (taken) {
      return false;
    }
    taken = true;
    while (input.more()) {
      continue;
    }
    append(rows, input.to - input.from);
    return true;
  }

  private void append(RowBuilders rows, int length) {
    rows.builder(0).appendBytes(input.bytes, input.from, length);
    input.from += length;
  }
}
