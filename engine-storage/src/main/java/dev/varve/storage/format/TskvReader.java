// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.vector.VectorBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Rows of TSKV: `name=value` fields with tabs between, in any order. Fields that a row leaves out
/// take the column's default.
final class TskvReader implements RowsReader {
  private final TabSeparatedLines lines;
  private final List<ColumnDefinition> columns;
  private final List<String> names;
  private final List<TextValues> values;
  private final boolean skipUnknown;
  private long row;

  TskvReader(InputStream in, List<ColumnDefinition> columns, boolean skipUnknown) {
    this.lines = new TabSeparatedLines(new ByteInput(in));
    this.columns = columns;
    this.names = columns.stream().map(ColumnDefinition::name).toList();
    this.values = columns.stream().map(c -> TextValues.of(c.name(), c.type())).toList();
    this.skipUnknown = skipUnknown;
  }

  @Override
  public int read(RowBuilders rows, int maxRows) throws IOException {
    int count = 0;
    while (count < maxRows && lines.next()) {
      row++;
      try {
        fields(rows);
      } catch (VarveException e) {
        rows.truncate(rows.rows());
        throw FieldOrder.inRow(row, e);
      }
      rows.endRow();
      count++;
    }
    return count;
  }

  private void fields(RowBuilders rows) {
    int at = lines.start();
    while (at < lines.end()) {
      int stop = lines.fieldEnd(at);
      int equals = at;
      while (equals < stop && lines.bytes()[equals] != '=') {
        equals++;
      }
      String name = new String(lines.bytes(), at, equals - at, StandardCharsets.UTF_8);
      int column = names.indexOf(name);
      if (column >= 0) {
        value(column, rows.builder(column), Math.min(stop, equals + 1), stop);
      } else if (!skipUnknown && !name.equals("tskv")) {
        throw new VarveException(
            ErrorCode.INCORRECT_DATA,
            "unknown field \"" + name + "\"" + NearNames.suggest(name, names));
      }
      at = stop + 1;
    }
  }

  private void value(int column, VectorBuilder to, int from, int stop) {
    boolean isContainer = columns.get(column).type().physical().isNested();
    if (isContainer) {
      values.get(column).append(to, lines.bytes(), from, stop - from);
    } else if (stop - from == 2 && lines.isNull(from)) {
      values.get(column).appendNull(to);
    } else {
      int length = lines.unescape(from, stop);
      values.get(column).append(to, lines.field(), 0, length);
    }
  }
}
