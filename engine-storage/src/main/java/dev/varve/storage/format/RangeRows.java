// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/// Reads rows of CSV, TSV or RowBinary out of one range of bytes after another, each a document of
/// its own. Made once for a list of columns; one thread.
public final class RangeRows {
  private final ByteInput input = new ByteInput();
  private final RowsReader reader;

  private RangeRows(String format, List<ColumnDefinition> columns, int[] order) {
    this.reader =
        switch (format) {
          case "CSV" ->
              new CsvReader(input, columns, 0, FormatSettings.DEFAULT, true).inOrder(order);
          case "TSV", "TabSeparated" ->
              new TabSeparatedReader(input, columns, 0, false, true, FormatSettings.DEFAULT)
                  .inOrder(order);
          case "RowBinary" -> new RowBinaryReader(input, columns, order);
          default ->
              throw new VarveException(
                  ErrorCode.UNKNOWN_FORMAT, "no format of single records: " + format);
        };
  }

  /// @param format CSV, TSV or RowBinary
  /// @param order the columns that the fields of a row are, by their positions
  public static RangeRows of(String format, List<ColumnDefinition> columns, int[] order) {
    return new RangeRows(format, columns, order);
  }

  /// Appends all rows of `bytes[from, to)`.
  ///
  /// @throws VarveException what is wrong with a row; rows before it are appended
  public void read(RowBuilders rows, byte[] bytes, int from, int to) {
    input.open(bytes, from, to);
    try {
      int count;
      do {
        count = reader.read(rows, Integer.MAX_VALUE);
      } while (count > 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // there is no stream that could fail
    }
  }
}
