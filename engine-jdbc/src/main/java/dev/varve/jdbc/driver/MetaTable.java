// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import dev.varve.jdbc.wire.Column;
import dev.varve.jdbc.wire.ColumnBatch;
import dev.varve.jdbc.wire.ColumnHeader;
import dev.varve.jdbc.wire.ObjectColumn;
import dev.varve.jdbc.wire.SqlType;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A result of `DatabaseMetaData` while it is made: its columns as JDBC names them, and its rows.
final class MetaTable {
  private static final SqlType TEXT = SqlType.parse("Nullable(String)");
  private static final SqlType NUMBER = SqlType.parse("Nullable(Int32)");
  private static final SqlType BOOL = SqlType.parse("Nullable(Bool)");

  private final List<ColumnHeader> headers = new ArrayList<>();
  private final List<Object[]> rows = new ArrayList<>();

  /// @param columns names, with `#` behind that of a number and `?` behind that of a boolean
  MetaTable(String... columns) {
    for (String column : columns) {
      char last = column.charAt(column.length() - 1);
      SqlType type = last == '#' ? NUMBER : last == '?' ? BOOL : TEXT;
      String name = type == TEXT ? column : column.substring(0, column.length() - 1);
      headers.add(new ColumnHeader(name, type));
    }
  }

  void add(Object... row) {
    if (row.length != headers.size()) {
      throw new IllegalArgumentException(row.length + " values for " + headers.size());
    }
    rows.add(row);
  }

  /// Sorts by these columns, texts by their characters; NULL comes first.
  MetaTable sortedBy(int... columns) {
    rows.sort((a, b) -> {
      for (int column : columns) {
        int order = compare(a[column], b[column]);
        if (order != 0) {
          return order;
        }
      }
      return 0;
    });
    return this;
  }

  private static int compare(Object a, Object b) {
    if (a instanceof Integer first && b instanceof Integer second) {
      return first.compareTo(second);
    }
    Comparator<String> order = Comparator.nullsFirst(Comparator.naturalOrder());
    return order.compare(a == null ? null : a.toString(), b == null ? null : b.toString());
  }

  ResultSet toResultSet() {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < headers.size(); i++) {
      Object[] values = new Object[rows.size()];
      for (int row = 0; row < values.length; row++) {
        values[row] = rows.get(row)[i];
      }
      columns.add(new ObjectColumn(headers.get(i).type(), values));
    }
    return new VarveResultSet(null, headers, BatchFeed.of(new ColumnBatch(rows.size(), columns)));
  }
}
