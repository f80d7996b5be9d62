// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Tables of random columns and rows, for us and for DuckDB. Values come from small sets, so that
/// keys meet, with NULLs, empty texts, duplicates, and now and then the ends of a type.
final class RandomTables {
  /// What values of a column can be used for; of a WIDE number no sum is taken.
  enum Kind {
    INT,
    WIDE,
    DOUBLE,
    DECIMAL,
    TEXT,
    DATE,
    TIME,
    BOOL
  }

  record Column(String name, Kind kind, String ours, String theirs, boolean nullable) {}

  record Table(String name, List<Column> columns, List<String> rows) {
    String createOurs(String orderBy) {
      List<String> parts = new ArrayList<>();
      for (Column column : columns) {
        String type = column.nullable ? "Nullable(" + column.ours + ")" : column.ours;
        parts.add(column.name + " " + type);
      }
      return "CREATE TABLE " + name + " (" + String.join(", ", parts) + ") ORDER BY " + orderBy;
    }

    String createTheirs() {
      List<String> parts = new ArrayList<>();
      for (Column column : columns) {
        parts.add(column.name + " " + column.theirs + (column.nullable ? "" : " NOT NULL"));
      }
      return "CREATE TABLE " + name + " (" + String.join(", ", parts) + ")";
    }
  }

  private static final String[] WORDS = {"", "a", "b", "ab", "abc", "B", "zz", "a b", "Zebra", "%"};

  private final RandomGenerator random;

  RandomTables(RandomGenerator random) {
    this.random = random;
  }

  Table table(String name) {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column("id", Kind.INT, "Int32", "INTEGER", false));
    columns.add(column("k", Kind.INT));
    columns.add(column("s", Kind.TEXT));
    int more = 2 + random.nextInt(5);
    for (int i = 0; i < more; i++) {
      columns.add(column("c" + i, Kind.values()[random.nextInt(Kind.values().length)]));
    }
    int rows = random.nextInt(8) == 0 ? random.nextInt(2) : 1 + random.nextInt(60);
    // One table of four has hardly anything but NULLs.
    int nullsOfFive = RandomQueries.SHAPES && random.nextInt(4) == 0 ? 3 : 1;
    List<String> values = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      List<String> cells = new ArrayList<>();
      cells.add("" + row);
      for (Column column : columns.subList(1, columns.size())) {
        boolean isNull = column.nullable && random.nextInt(5) < nullsOfFive;
        cells.add(isNull ? "NULL" : literal(column.kind));
      }
      values.add("(" + String.join(", ", cells) + ")");
    }
    return new Table(name, columns, values);
  }

  private Column column(String name, Kind kind) {
    boolean nullable = random.nextInt(4) != 0;
    String[] types =
        switch (kind) {
          case INT -> pick(new String[] {"Int32", "INTEGER"}, new String[] {"Int64", "BIGINT"});
          case WIDE -> pick(new String[] {"Int64", "BIGINT"}, new String[] {"Int64", "BIGINT"});
          case DOUBLE -> new String[] {"Float64", "DOUBLE"};
          case DECIMAL ->
              pick(
                  new String[] {"Decimal(9, 2)", "DECIMAL(9, 2)"},
                  new String[] {"Decimal(18, 4)", "DECIMAL(18, 4)"});
          case TEXT ->
              pick(
                  new String[] {"String", "VARCHAR"},
                  new String[] {"LowCardinality(String)", "VARCHAR"});
          case DATE -> new String[] {"Date32", "DATE"};
          case TIME -> new String[] {"DateTime64(6, 'UTC')", "TIMESTAMP"};
          case BOOL -> new String[] {"Bool", "BOOLEAN"};
        };
    boolean wrapped = types[0].startsWith("LowCardinality");
    return new Column(name, kind, wrapped && nullable ? "String" : types[0], types[1], nullable);
  }

  private String[] pick(String[] one, String[] other) {
    return random.nextBoolean() ? one : other;
  }

  /// A constant of this kind that both read.
  String literal(Kind kind) {
    return switch (kind) {
      case INT -> "" + (random.nextInt(4) == 0 ? random.nextInt(-50, 50) : random.nextInt(-2, 6));
      case WIDE ->
          switch (random.nextInt(6)) {
            case 0 -> "9223372036854775807";
            case 1 -> "-9223372036854775807";
            case 2 -> "2147483648";
            default -> "" + random.nextInt(-2, 4);
          };
      case DOUBLE ->
          switch (random.nextInt(6)) {
            case 0 -> "0.0";
            case 1 -> "1e10";
            default -> random.nextInt(-8, 8) + "." + (25 * random.nextInt(4));
          };
      case DECIMAL -> random.nextInt(-5, 9) + "." + random.nextInt(10) + random.nextInt(10);
      case TEXT -> "'" + WORDS[random.nextInt(WORDS.length)] + "'";
      case DATE ->
          random.nextInt(6) == 0 ? "'1969-12-30'" : "'2024-02-" + (26 + random.nextInt(4)) + "'";
      case TIME ->
          "'2024-02-2"
              + (8 + random.nextInt(2))
              + " 2"
              + random.nextInt(4)
              + ":59:59"
              + (random.nextBoolean() ? "" : ".250000")
              + "'";
      case BOOL -> random.nextBoolean() ? "true" : "false";
    };
  }
}
