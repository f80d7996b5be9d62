// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.read.TableView;
import dev.varve.merge.read.VisiblePart;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.part.LogRange;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartReader;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;

/// Short forms for tests: tables from `"k UInt64, v String"`, rows from and to `"1 a"`.
final class TableRows {
  private TableRows() {}

  static TableDefinition table(
      String name, String columns, String engine, String orderBy, String partitionBy) {
    List<ColumnDefinition> definitions = new ArrayList<>();
    for (String column : columns.split(",\\s+(?![^(]*\\))")) {
      String[] words = column.split(" ", 2);
      definitions.add(ColumnDefinition.of(words[0], DataTypes.parse(words[1])));
    }
    String[] call = engine.split("[()]");
    return new TableDefinition(
        new TableName("default", name),
        definitions,
        call[0],
        list(call.length > 1 ? call[1] : ""),
        list(orderBy),
        List.of(),
        list(partitionBy),
        Map.of(),
        "",
        "",
        1);
  }

  private static List<String> list(String names) {
    return names.isEmpty() ? List.of() : List.of(names.split(", "));
  }

  /// A batch of the table's insert columns; each row is its values, parted by blanks.
  static Batch batch(MergeTable table, Scratch scratch, String... rows) {
    List<VectorBuilder> builders =
        table.insertColumns().stream().map(c -> new VectorBuilder(c.type(), scratch)).toList();
    for (String row : rows) {
      String[] values = row.split(" ");
      for (int i = 0; i < values.length; i++) {
        VectorBuilder builder = builders.get(i);
        switch (builder.type().physical()) {
          case BYTES -> VectorValues.append(builder, values[i]);
          default -> builder.appendLong(Long.parseLong(values[i]));
        }
      }
    }
    return new Batch(rows.length, builders.stream().map(VectorBuilder::build).toList());
  }

  static void insert(MergeTable table, BufferAllocator allocator, String... rows) {
    insert(table, allocator, false, rows);
  }

  static void insert(
      MergeTable table, BufferAllocator allocator, boolean journaled, String... rows) {
    try (Scratch scratch = new Scratch(allocator);
        TableInsert insert = table.insert(journaled)) {
      insert.write(batch(table, scratch, rows));
      insert.commit();
    }
  }

  /// Applies rows at offsets from `from` on, one each, of log partition 0.
  static void apply(MergeTable table, BufferAllocator allocator, long from, String... rows) {
    try (Scratch scratch = new Scratch(allocator)) {
      long[] offsets = new long[rows.length];
      Arrays.setAll(offsets, i -> from + i);
      table.applyLog(
          batch(table, scratch, rows), offsets, new LogRange(0, from, from + rows.length));
    }
  }

  /// All rows that count, sorted as text.
  static List<String> rows(MergeTable table, BufferAllocator allocator) {
    List<String> rows = new ArrayList<>();
    try (TableView view = table.view(true)) {
      for (VisiblePart visible : view.parts()) {
        read(table, visible, allocator, rows);
      }
    }
    rows.sort(null);
    return rows;
  }

  static void read(
      MergeTable table, VisiblePart visible, BufferAllocator allocator, List<String> rows) {
    Part part = visible.part();
    List<String> names = table.definition().columns().stream().map(ColumnDefinition::name).toList();
    try (PartReader reader = part.open(names, allocator)) {
      for (int g = 0; g < part.granules(); g++) {
        reader.seek(g);
        List<Vector> columns = new ArrayList<>();
        for (int c = 0; c < names.size(); c++) {
          columns.add(reader.read(c));
        }
        long[] alive = visible.dead().count(g) == 0 ? null : visible.dead().alive(g);
        for (int row = 0; row < part.granuleRows(g); row++) {
          if (alive == null || (alive[row >> 6] >>> row & 1) != 0) {
            int at = row;
            rows.add(
                columns.stream()
                    .map(v -> String.valueOf(VectorValues.get(v, at)))
                    .collect(Collectors.joining(" ")));
          }
        }
      }
    }
  }
}
