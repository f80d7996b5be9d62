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
          row("CoalescingMergeTree", "keeps the last value that is not NULL of each column"),
          row("Memory", "a MergeTree without a key; Log, TinyLog, StripeLog and Set are the same"),
          row("Join", "rows by keys, for joinGet"),
          row("Null", "keeps no row; materialized views see what is inserted"),
          row("Buffer", "the table behind it"),
          row("Merge", "all tables whose names fit a pattern"),
          row("View", "a stored query"));

  /// The types, with their spelling where they have parameters, and their values.
  private static final List<List<Object>> TYPES =
      List.of(
          row("Int8", "-128 to 127"),
          row("Int16", "-32,768 to 32,767"),
          row("Int32", "-2^31 to 2^31 - 1"),
          row("Int64", "-2^63 to 2^63 - 1"),
          row("Int128", "-2^127 to 2^127 - 1"),
          row("Int256", "-2^255 to 2^255 - 1"),
          row("UInt8", "0 to 255"),
          row("UInt16", "0 to 65,535"),
          row("UInt32", "0 to 2^32 - 1"),
          row("UInt64", "0 to 2^64 - 1"),
          row("UInt128", "0 to 2^128 - 1"),
          row("UInt256", "0 to 2^256 - 1"),
          row("Float32", "IEEE 754, 24 bits of precision"),
          row("Float64", "IEEE 754, 53 bits of precision"),
          row("Decimal", "Decimal(P, S): P digits, at most 76, S of them behind the point"),
          row("Bool", "true or false"),
          row("String", "bytes, most often text in UTF-8"),
          row("FixedString", "FixedString(N): N bytes"),
          row("UUID", "128 bits"),
          row("Date", "a day, 1970 to 2149"),
          row("Date32", "a day, 1900 to 2299"),
          row("DateTime", "DateTime[('zone')]: a second, 1970 to 2106"),
          row("DateTime64", "DateTime64(P[, 'zone']): a moment with P digits of a second, 0 to 9"),
          row("Time", "signed hours, minutes and seconds, less than 1,000 hours"),
          row("Time64", "Time64(P): a Time with P digits of a second, 0 to 9"),
          row("Enum8", "Enum8('label' = number, …): one of up to 256 labels"),
          row("Enum16", "Enum16('label' = number, …): one of up to 65,536 labels"),
          row("IPv4", "an address of four bytes"),
          row("IPv6", "an address of sixteen bytes"),
          row("Nullable", "Nullable(T): a T or NULL"),
          row("LowCardinality", "LowCardinality(T): a T of which few differ"),
          row("Array", "Array(T): any number of T"),
          row("Tuple", "Tuple([name] T, …): one of each"),
          row("Map", "Map(K, V): pairs of key and value"),
          row(
              "AggregateFunction",
              "AggregateFunction(f, T, …): the state of an aggregate, from fState"),
          row(
              "SimpleAggregateFunction",
              "SimpleAggregateFunction(f, T): a value that is its own state, as of sum, min, max"));

  private ConstantTables() {}

  public static List<Relation.Rows> all(FunctionRegistry functions) {
    return List.of(
        Rows.of("one", "dummy UInt8", () -> List.of(row(0L))),
        functions(functions),
        formats(),
        Rows.of("table_engines", "name String; description String", () -> ENGINES),
        Rows.of(
            "data_type_families",
            "name String; case_insensitive UInt8; alias_to String; description String",
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
    for (List<Object> type : TYPES) {
      rows.add(row(type.getFirst(), 0L, "", type.getLast()));
    }
    DataTypes.aliases()
        .forEach((alias, type) -> {
          if (!alias.equals(type.name())) {
            rows.add(row(alias, 1L, type.name(), ""));
          }
        });
    return rows;
  }
}
