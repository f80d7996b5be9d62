// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.systemtables;

import static dev.varve.sql.systemtables.Rows.flag;
import static dev.varve.sql.systemtables.Rows.row;

import dev.varve.sql.catalog.Relation;
import dev.varve.sql.function.FunctionRegistry;
import dev.varve.storage.format.RowsFormats;
import dev.varve.storage.type.DataTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// The tables whose rows never change while the engine runs: one, functions, formats, engines,
/// types.
public final class ConstantTables {
  /// The engines of tables, with what they do.
  private static final List<List<Object>> ENGINES =
      List.of(
          row("MergeTree", "keeps every row"),
          row("ReplacingMergeTree", "keeps the newest row of a sorting key"),
          row("CollapsingMergeTree", "rows of sign 1 and -1 cancel each other"),
          row("VersionedCollapsingMergeTree", "cancels within a version, in any order"),
          row("SummingMergeTree", "adds numbers of rows with the same sorting key"),
          row("AggregatingMergeTree", "merges aggregate states"),
          row("Memory", "a MergeTree without a key; Log, TinyLog, StripeLog and Set are the same"),
          row("Join", "rows by keys, for joinGet"),
          row("Null", "keeps no row; materialized views see what is inserted"),
          row("Buffer", "the table behind it"),
          row("Merge", "all tables whose names fit a pattern"),
          row("View", "a stored query"));

  private ConstantTables() {}

  public static List<Relation.Rows> all(FunctionRegistry functions) {
    return List.of(
        Rows.of("one", "dummy UInt8", () -> List.of(row(0L))),
        functions(functions),
        formats(),
        Rows.of("table_engines", "name String; description String", () -> ENGINES),
        Rows.of(
            "data_type_families",
            "name String; case_insensitive UInt8; alias_to String",
            ConstantTables::types));
  }

  private static Relation.Rows functions(FunctionRegistry functions) {
    return Rows.of(
        "functions",
        "name String; is_aggregate UInt8; case_insensitive UInt8; alias_to String; syntax String;"
            + " arguments String; description String; categories String; origin String",
        () -> {
          List<List<Object>> rows = new ArrayList<>();
          for (FunctionRegistry.FunctionInfo f : functions.list()) {
            rows.add(
                row(
                    f.name(),
                    flag(f.isAggregate()),
                    flag(f.anyCase()),
                    f.aliasOf(),
                    f.signature(),
                    f.arguments(),
                    f.doc(),
                    f.category(),
                    "System"));
          }
          return rows;
        });
  }

  private static Relation.Rows formats() {
    return Rows.of(
        "formats",
        "name String; is_input UInt8; is_output UInt8",
        () -> {
          TreeSet<String> names = new TreeSet<>(RowsFormats.INPUT);
          names.addAll(RowsFormats.OUTPUT);
          names.add("Values");
          List<List<Object>> rows = new ArrayList<>();
          for (String name : names) {
            boolean input = RowsFormats.INPUT.contains(name) || name.equals("Values");
            rows.add(row(name, flag(input), flag(RowsFormats.OUTPUT.contains(name))));
          }
          return rows;
        });
  }

  private static List<List<Object>> types() {
    List<List<Object>> rows = new ArrayList<>();
    for (String name :
        List.of(
            "Int8",
            "Int16",
            "Int32",
            "Int64",
            "Int128",
            "Int256",
            "UInt8",
            "UInt16",
            "UInt32",
            "UInt64",
            "UInt128",
            "UInt256",
            "Float32",
            "Float64",
            "Decimal",
            "Bool",
            "String",
            "FixedString",
            "UUID",
            "Date",
            "Date32",
            "DateTime",
            "DateTime64",
            "Enum8",
            "Enum16",
            "IPv4",
            "IPv6",
            "Nullable",
            "LowCardinality",
            "Array",
            "Tuple",
            "Map",
            "AggregateFunction",
            "SimpleAggregateFunction")) {
      rows.add(row(name, 0L, ""));
    }
    DataTypes.aliases()
        .forEach((alias, type) -> {
          if (!alias.equals(type.name())) {
            rows.add(row(alias, 1L, type.name()));
          }
        });
    return rows;
  }
}
