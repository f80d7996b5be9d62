// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Rows of a JSON document: the array in its field `data`, as JSON and JSONCompact write it. What
/// stands before that field is passed over, what follows the array is read and dropped.
final class JsonDocumentReader implements RowsReader {
  private final ByteInput input;
  private final RowsReader rowsOf;
  private final JsonArrayReader arrayRows;
  private final JsonScanner words = new JsonScanner();
  private boolean begun;
  private boolean ended;

  JsonDocumentReader(
      InputStream in, List<ColumnDefinition> columns, boolean arrays, boolean skipUnknown) {
    this.input = new ByteInput(in);
    this.arrayRows = arrays ? new JsonArrayReader(input, columns, 0, skipUnknown) : null;
    this.rowsOf = arrays ? arrayRows : new JsonLinesReader(input, columns, skipUnknown, true);
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
    List<String> names = new ArrayList<>();
    boolean inMeta = false;
    while (!input.isEmpty()) {
      byte b = input.bytes[input.from];
      if (b == '"') {
        String word = word();
        boolean isKey = next() == ':';
        if (isKey && depth == 1) {
          inMeta = word.equals("meta");
        }
        if (isKey) {
          input.from++;
        }
        if (isKey && depth == 1 && word.equals("data") && next() == '[') {
          input.from++;
          if (arrayRows != null && !names.isEmpty()) {
            arrayRows.named(names);
          }
          return;
        }
        if (isKey && inMeta && depth == 3 && word.equals("name") && next() == '"') {
          names.add(word());
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

  /// Takes a string; what it spells.
  private String word() throws IOException {
    int end = quoteEnd();
    words.open(input.bytes, input.from, end);
    words.string();
    input.from = end;
    int length = words.valueEnd - words.valueFrom;
    return new String(words.value, words.valueFrom, length, StandardCharsets.UTF_8);
  }

  private void drain() throws IOException {
    while (!input.isEmpty()) {
      input.from = input.to;
    }
  }
}
