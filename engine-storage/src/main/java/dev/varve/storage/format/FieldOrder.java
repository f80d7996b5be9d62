// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import java.util.List;

/// Which column each field of a row belongs to: as the columns come, or as a header names them.
final class FieldOrder {
  private FieldOrder() {}

  static int[] natural(List<ColumnDefinition> columns) {
    int[] order = new int[columns.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    return order;
  }

  /// @param skipsUnknown whether a field that no column has is passed over; its place is -1
  static int[] named(List<String> header, List<ColumnDefinition> columns, boolean skipsUnknown) {
    List<String> names = columns.stream().map(ColumnDefinition::name).toList();
    int[] order = new int[header.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = names.indexOf(header.get(i));
      if (order[i] < 0 && !skipsUnknown) {
        throw new VarveException(
            ErrorCode.UNKNOWN_IDENTIFIER,
            "the header names \""
                + header.get(i)
                + "\", which is no column to insert into"
                + NearNames.suggest(header.get(i), names));
      }
    }
    return order;
  }

  /// A row number put before what went wrong in it.
  static VarveException inRow(long row, VarveException e) {
    return new VarveException(e.code(), "row " + row + ": " + e.getMessage(), e);
  }

  static VarveException fieldCount(int found, int expected) {
    return new VarveException(
        ErrorCode.CANNOT_PARSE_INPUT, "expected " + expected + " fields, found " + found);
  }
}
