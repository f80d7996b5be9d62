// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.VectorBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Rows of comma-separated values (RFC 4180): fields may stand in double quotes, where a double
/// quote is doubled and line breaks count as text. `\N` without quotes is NULL; an empty field
/// without quotes is left out of the row, and so is the column's default.
final class CsvReader implements RowsReader {
  private final ByteInput input;
  private final List<ColumnDefinition> columns;
  private final List<TextValues> values;
  private final byte delimiter;
  private final boolean spread;
  private final boolean strict;
  private final boolean skipUnknown;
  private final boolean trims;
  private int skipped;
  private int headers;
  private boolean namesAhead;
  private int[] order;
  private byte[] field = new byte[256];
  private int fieldLength;
  private boolean quoted;
  private boolean lastOfRow;
  private RowErrors errors;

  CsvReader(InputStream in, List<ColumnDefinition> columns, int headers, FormatSettings settings) {
    this(new ByteInput(in), columns, headers, settings, false);
  }

  /// @param strict whether text must be UTF-8
  CsvReader(
      ByteInput input,
      List<ColumnDefinition> columns,
      int headers,
      FormatSettings settings,
      boolean strict) {
    this.delimiter = (byte) settings.csvDelimiter();
    this.spread = settings.tupleColumns();
    this.strict = strict;
    this.skipped = settings.skipLines().csv();
    this.skipUnknown = settings.skipUnknown();
    this.trims = settings.trimsCsv();
    this.input = input;
    this.columns = columns;
    this.values = columns.stream().map(c -> TextValues.of(c.name(), c.type(), strict)).toList();
    this.headers = headers;
    this.namesAhead = headers > 0;
    this.order = FieldOrder.natural(columns);
  }

  /// The same reader, for rows whose fields are these columns.
  CsvReader inOrder(int[] columnsOfFields) {
    order = columnsOfFields;
    skipped = 0;
    return this;
  }

  @Override
  public CsvReader tolerating(RowErrors allowed) {
    errors = allowed;
    input.numberLines();
    return this;
  }

  @Override
  public int read(RowBuilders rows, int maxRows) throws IOException {
    header();
    int count = 0;
    while (count < maxRows && !(order.length == 1 ? input.isEmpty() : atEnd())) {
      input.row++;
      long line = errors == null ? 0 : input.lineOf(input.from);
      lastOfRow = false;
      try {
        fields(rows);
        rows.endRow();
        count++;
      } catch (VarveException e) {
        rows.truncate(rows.rows());
        if (errors == null) {
          throw FieldOrder.inRow(input.row, e);
        }
        errors.refuse(input.row, line, e);
        while (!lastOfRow) {
          field();
        }
      }
    }
    return count;
  }

  /// Whether nothing but line breaks is left.
  private boolean atEnd() throws IOException {
    while (!input.isEmpty()) {
      byte b = input.bytes[input.from];
      if (b != '\n' && b != '\r') {
        return false;
      }
      input.from++;
    }
    return true;
  }

  /// Reads the header, if there is one still to come. Returns the column of each field.
  int[] header() throws IOException {
    while (skipped > 0 && !input.isEmpty()) {
      skipped -= input.bytes[input.from++] == '\n' ? 1 : 0;
    }
    for (; headers > 0; headers--) {
      headerRow();
    }
    return order;
  }

  private void headerRow() throws IOException {
    if (atEnd()) {
      return;
    }
    List<String> words = new ArrayList<>();
    do {
      field();
      words.add(new String(field, 0, fieldLength, StandardCharsets.UTF_8));
    } while (!lastOfRow);
    if (namesAhead) {
      order = FieldOrder.named(spread ? whole(words) : words, columns, skipUnknown);
      namesAhead = false;
    }
  }

  /// The names of columns where tuples are spread over `t.x`, `t.y`.
  private List<String> whole(List<String> words) {
    List<String> names = new ArrayList<>();
    for (String word : words) {
      int dot = word.indexOf('.');
      String outer = dot < 0 ? word : word.substring(0, dot);
      boolean isField =
          columns.stream().noneMatch(c -> c.name().equals(word))
              && columns.stream().anyMatch(c -> c.name().equals(outer) && Tuples.isTuple(c.type()));
      if (!isField) {
        names.add(word);
      } else if (names.isEmpty() || !names.getLast().equals(outer)) {
        names.add(outer);
      }
    }
    return names;
  }

  private void fields(RowBuilders rows) throws IOException {
    int found = 0;
    do {
      field();
      if (found < order.length) {
        int column = order[found];
        if (column < 0) {
          found++;
          continue;
        }
        if (spread && Tuples.isTuple(columns.get(column).type()) && !isWholeTuple()) {
          tuple(columns.get(column), rows.builder(column));
        } else {
          append(rows, column);
        }
      }
      found++;
    } while (!lastOfRow);
    if (found != order.length) {
      throw FieldOrder.fieldCount(found, order.length);
    }
  }

  /// Whether the field holds all of a tuple: `(1, 'a')`.
  private boolean isWholeTuple() {
    return fieldLength > 1 && field[0] == '(' && field[fieldLength - 1] == ')';
  }

  /// A tuple that is spread over as many fields as it has; the first has been read.
  private void tuple(ColumnDefinition column, VectorBuilder to) throws IOException {
    List<DataType> types = ((DataType.Tuple) column.type().unwrapped()).fields();
    for (int f = 0; f < types.size(); f++) {
      if (f > 0) {
        if (lastOfRow) {
          throw new VarveException(
              ErrorCode.CANNOT_PARSE_INPUT,
              "column \"" + column.name() + "\" takes " + types.size() + " fields, found " + f);
        }
        field();
      }
      if (Tuples.isTuple(types.get(f))) {
        tuple(ColumnDefinition.of(column.name(), types.get(f)), to.child(f));
      } else if (isNull()) {
        to.child(f).appendDefault();
      } else {
        TextValues.of(column.name(), types.get(f), strict)
            .append(to.child(f), field, 0, fieldLength);
      }
    }
    to.endStruct();
  }

  private boolean isNull() {
    return !quoted && fieldLength == 2 && field[0] == '\\' && field[1] == 'N';
  }

  private void append(RowBuilders rows, int column) {
    VectorBuilder builder = rows.builder(column);
    if (isNull()) {
      values.get(column).appendNull(builder);
    } else if (quoted || fieldLength > 0) {
      // Without either nothing is appended, and the end of the row puts the default there.
      values.get(column).append(builder, field, 0, fieldLength);
    }
  }

  /// Reads one field and what ends it.
  private void field() throws IOException {
    fieldLength = 0;
    while (trims && !input.isEmpty() && isBlank(input.bytes[input.from])) {
      input.from++;
    }
    quoted = !input.isEmpty() && input.bytes[input.from] == '"';
    if (quoted) {
      quotedField();
    }
    while (true) {
      if (input.isEmpty()) {
        lastOfRow = true;
        trim();
        return;
      }
      byte b = input.bytes[input.from++];
      if (b == delimiter) {
        lastOfRow = false;
        trim();
        return;
      }
      if (b == '\n' || b == '\r') {
        if (b == '\r' && !input.isEmpty() && input.bytes[input.from] == '\n') {
          input.from++;
        }
        lastOfRow = true;
        trim();
        return;
      }
      if (quoted && b != ' ' && b != '\t') {
        throw new VarveException(
            ErrorCode.CANNOT_PARSE_INPUT,
            "text follows the closing quote of a field; double the quotes inside it");
      }
      if (!quoted) {
        put(b);
      }
    }
  }

  private boolean isBlank(byte b) {
    return (b == ' ' || b == '\t') && b != delimiter;
  }

  private void trim() {
    while (trims && !quoted && fieldLength > 0 && isBlank(field[fieldLength - 1])) {
      fieldLength--;
    }
  }

  private void quotedField() throws IOException {
    input.from++;
    while (true) {
      if (input.isEmpty()) {
        throw new VarveException(
            ErrorCode.CANNOT_PARSE_INPUT, "the input ends inside a quoted field");
      }
      byte b = input.bytes[input.from++];
      if (b == '"') {
        if (input.isEmpty() || input.bytes[input.from] != '"') {
          return;
        }
        input.from++;
      }
      put(b);
    }
  }

  private void put(byte b) {
    if (fieldLength == field.length) {
      field = Arrays.copyOf(field, fieldLength * 2);
    }
    field[fieldLength++] = b;
  }
}
