// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/// Rows of ClickHouse's Native; the counterpart of [NativeWriter]. Columns are taken by name; a
/// type that is not the column's is converted where no value is lost.
final class NativeReader implements RowsReader {
  private static final int MAX_COLUMNS = 10_000;

  private final ByteInput input;
  private final NativeColumns values;
  private final List<String> names;
  private final boolean skipUnknown;
  private final TypedVectors typed = new TypedVectors();
  private final List<ColumnDefinition> header = new ArrayList<>();
  private final List<Vector> block = new ArrayList<>();
  private int blockRows;
  private int row;

  NativeReader(InputStream in, List<ColumnDefinition> columns, boolean skipUnknown) {
    this.input = new ByteInput(in);
    this.values = new NativeColumns(input);
    this.names = columns.stream().map(ColumnDefinition::name).toList();
    this.skipUnknown = skipUnknown;
  }

  /// The columns of the first block.
  static List<ColumnDefinition> columns(InputStream in) throws IOException {
    NativeReader reader = new NativeReader(in, List.of(), true);
    if (!reader.input.isEmpty()) {
      reader.nextBlock();
    }
    return reader.header;
  }

  @Override
  public int read(RowBuilders rows, int maxRows) throws IOException {
    while (row == blockRows) {
      if (input.isEmpty()) {
        return 0;
      }
      nextBlock();
    }
    int end = (int) Math.min(blockRows, (long) row + maxRows);
    int count = end - row;
    for (; row < end; row++) {
      row(rows);
    }
    return count;
  }

  private void row(RowBuilders rows) {
    for (int c = 0; c < block.size(); c++) {
      int place = names.indexOf(header.get(c).name());
      if (place < 0) {
        continue;
      }
      try {
        typed.append(block.get(c), row, rows.builder(place));
      } catch (VarveException e) {
        rows.truncate(rows.rows());
        throw TypedValues.inField(row, names.get(place), e);
      }
    }
    rows.endRow();
  }

  private void nextBlock() throws IOException {
    int count = values.count("the number of columns", MAX_COLUMNS);
    blockRows = values.count("the number of rows", Integer.MAX_VALUE);
    row = 0;
    header.clear();
    block.clear();
    for (int c = 0; c < count; c++) {
      String name = values.text();
      DataType type = DataTypes.parse(values.text());
      if (!skipUnknown && !names.contains(name)) {
        throw new VarveException(
            ErrorCode.UNKNOWN_IDENTIFIER,
            "the block names \""
                + name
                + "\", which is no column to insert into"
                + NearNames.suggest(name, names));
      }
      header.add(ColumnDefinition.of(name, type));
      if (blockRows > 0) {
        block.add(values.column(type, blockRows));
      }
    }
  }
}
