// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.systemtables;

import dev.varve.sql.catalog.Relation;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.type.DataTypes;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/// Makes a relation from a list of `"name Type"` and rows.
final class Rows {
  private Rows() {}

  static Relation.Rows of(String table, String columns, Supplier<List<List<Object>>> rows) {
    List<ColumnDefinition> definitions = new ArrayList<>();
    for (String column : columns.split(";")) {
      String[] nameAndType = column.strip().split(" ", 2);
      definitions.add(ColumnDefinition.of(nameAndType[0], DataTypes.parse(nameAndType[1])));
    }
    return new Relation.Rows(table, definitions, rows);
  }

  static List<Object> row(Object... values) {
    return Arrays.asList(values);
  }

  /// A count as UInt64 wants it.
  static BigInteger count(long value) {
    return BigInteger.valueOf(value);
  }

  static Long flag(boolean value) {
    return value ? 1L : 0L;
  }

  static LocalDateTime time(long epochMillis) {
    return LocalDateTime.ofInstant(Instant.ofEpochMilli(epochMillis), ZoneOffset.UTC);
  }
}
