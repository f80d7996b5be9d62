// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.vector.VectorBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Rows of tab-separated text with backslash escapes; `\N` is NULL.
final class TabSeparatedReader implements RowsReader {
  private final ByteInput input;
  private final List<ColumnDefinition> columns;
  private final List<TextValues> values;
  private int headers;
  private boolean namesAhead;
  private int[] order;
  private byte[] field = new byte[256];
  private int fieldLength;
  private int start;

  TabSeparatedReader(InputStream in, List<ColumnDefinition> columns, int headers) {
    this(new ByteInput(in), columns, headers, false);
  }

  /// @param strict whether text must be UTF-8
  TabSeparatedReader(ByteInput input, List<ColumnDefinition> columns, int headers, boolean strict) {
    this.input = input;
    this.columns = columns;
    this.values = columns.stream().map(c -> TextValues.of(c.name(), c.type(), strict)).toList();
    this.headers = headers;
    this.namesAhead = headers > 0;
    this.order = FieldOrder.natural(columns);
  }

  @Override
  public int read(RowBuilders rows, int maxRows) throws IOException {
    for (; headers > 0; headers--) {
      header();
    }
    int count = 0;
    while (count < maxRows) {
      int end = line();
      if (end < 0) {
        break;
      }
      input.row++;
      try {
        fields(rows, end);
      } catch (VarveException e) {
        rows.truncate(rows.rows());
        throw FieldOrder.inRow(input.row, e);
      }
      rows.endRow();
      count++;
    }
    return count;
  }

  private void header() throws IOException {
    int end = line();
    if (end < 0) {
      return;
    }
    List<String> words = new ArrayList<>();
    int at = start;
    while (at <= end) {
      at = unescape(at, end) + 1;
      words.add(new String(field, 0, fieldLength, StandardCharsets.UTF_8));
    }
    if (namesAhead) {
      order = FieldOrder.named(words, columns);
      namesAhead = false;
    }
  }

  /// Finds the next line, `bytes[start, end)`, and moves the window behind it; -1 at the end.
  private int line() throws IOException {
    int scanned = 0;
    while (true) {
      byte[] bytes = input.bytes;
      for (int i = input.from + scanned; i < input.to; i++) {
        if (bytes[i] == '\n') {
          start = input.from;
          input.from = i + 1;
          return i > start && bytes[i - 1] == '\r' ? i - 1 : i;
        }
      }
      scanned = input.to - input.from;
      if (!input.more()) {
        if (scanned == 0) {
          return -1;
        }
        start = input.from;
        input.from = input.to;
        return input.to;
      }
    }
  }

  private void fields(RowBuilders rows, int end) {
    byte[] bytes = input.bytes;
    int at = start;
    int found = 0;
    while (at <= end) {
      int stop = at;
      boolean escaped = false;
      while (stop < end && bytes[stop] != '\t') {
        escaped |= bytes[stop] == '\\';
        stop++;
      }
      if (found < order.length) {
        int column = order[found];
        VectorBuilder builder = rows.builder(column);
        if (!escaped || isContainer(column)) {
          values.get(column).append(builder, bytes, at, stop - at);
        } else if (stop - at == 2 && bytes[at + 1] == 'N') {
          values.get(column).appendNull(builder);
        } else {
          unescape(at, stop);
          values.get(column).append(builder, field, 0, fieldLength);
        }
      }
      found++;
      at = stop + 1;
    }
    if (found != order.length && !(order.length == 0 && found <= 1)) {
      throw FieldOrder.fieldCount(found, order.length);
    }
  }

  /// Strings inside arrays, tuples and maps carry their own escapes, and the field has no others.
  private boolean isContainer(int column) {
    return switch (columns.get(column).type().physical()) {
      case LIST, STRUCT -> true;
      default -> false;
    };
  }

  /// Copies the field at `at` without its escapes; returns where it ends.
  private int unescape(int at, int end) {
    byte[] bytes = input.bytes;
    fieldLength = 0;
    while (at < end && bytes[at] != '\t') {
      byte b = bytes[at++];
      if (b == '\\' && at < end) {
        b = escape(bytes[at++]);
      }
      if (fieldLength == field.length) {
        field = Arrays.copyOf(field, fieldLength * 2);
      }
      field[fieldLength++] = b;
    }
    return at;
  }

  private static byte escape(byte letter) {
    return switch (letter) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case '0' -> 0;
      case 'a' -> 7;
      case 'v' -> 11;
      default -> letter;
    };
  }
}
