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
  private boolean wholeRows;
  private RowErrors errors;

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

  /// The same reader, for input that is all there and that somebody has cut behind a row: it need
  /// not look for the end of a row before it reads it. Of what is wrong with one, it may say less.
  JsonLinesReader ofWholeRows() {
    wholeRows = true;
    return this;
  }

  private int readWhole(RowBuilders rows, int maxRows) {
    int count = 0;
    while (count < maxRows) {
      int end = json.read(rows, input.bytes, input.from, input.to);
      if (end < 0) {
        break;
      }
      input.row++;
      input.from = end;
      count++;
    }
    return count;
  }

  @Override
  public int read(RowBuilders rows, int maxRows) throws IOException {
    if (wholeRows) {
      return readWhole(rows, maxRows);
    }
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
        if (errors == null || start(input.to) == input.to) {
          requireNothingLeft(rows);
          break;
        }
        end = input.to;
      }
      input.row++;
      try {
        json.read(rows, input.bytes, input.from, end);
        count++;
      } catch (VarveException e) {
        if (errors == null) {
          throw FieldOrder.inRow(input.row, e);
        }
        rows.truncate(rows.rows());
        int start = start(end);
        errors.refuse(input.row, input.lineOf(start), e);
        end = behindTorn(start, end);
      }
      input.from = end;
    }
    return count;
  }

  @Override
  public JsonLinesReader tolerating(RowErrors allowed) {
    errors = allowed;
    input.numberLines();
    return this;
  }

  /// Where the row begins, behind blanks and commas.
  private int start(int end) {
    int at = input.from;
    while (at < end && input.bytes[at] != '{') {
      at++;
    }
    return at;
  }

  /// Where to go on behind a row that does not fit: at its end, or, where a line break inside it is
  /// followed by what looks like a row, there, since the row is torn and has swallowed that one.
  private int behindTorn(int start, int end) {
    for (int at = start; at < end; at++) {
      if (input.bytes[at] == '\n') {
        int next = at + 1;
        while (next < end && input.bytes[next] <= ' ' && input.bytes[next] >= 0) {
          next++;
        }
        if (next < end && input.bytes[next] == '{') {
          return at + 1;
        }
      }
    }
    return end;
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
          ErrorCode.CANNOT_PARSE_INPUT, "the input ends in the middle of row " + (input.row + 1));
    }
    input.from = input.to;
  }
}
