// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import dev.varve.merge.engine.MergeEngine;
import dev.varve.merge.engine.MergeSettings;
import dev.varve.merge.engine.MergeTable;
import dev.varve.merge.read.TableView;
import dev.varve.merge.read.VisiblePart;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.part.PartReader;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.VectorValues;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// A merge engine and a broker over one directory, as a server has them.
final class BrokerHarness implements AutoCloseable {
  private final BufferAllocator allocator = new RootAllocator();
  private final MergeEngine engine;
  private final Broker broker;

  BrokerHarness(Path directory) throws java.io.IOException {
    this(BrokerSettings.of(directory.resolve("log"), "127.0.0.1", 0), directory);
  }

  BrokerHarness(BrokerSettings settings, Path directory) throws java.io.IOException {
    Files.createDirectories(directory.resolve("log"));
    engine = MergeEngine.open(directory.resolve("store"), MergeSettings.defaults(), allocator);
    broker = Broker.open(settings, engine, null, allocator);
  }

  MergeEngine engine() {
    return engine;
  }

  Broker broker() {
    return broker;
  }

  String address() {
    return "127.0.0.1:" + broker.port();
  }

  /// Creates `default.name` with columns given as `name, type, …`.
  MergeTable createTable(
      String name, String engineName, Map<String, String> settings, String... columns) {
    List<ColumnDefinition> definitions = new ArrayList<>();
    for (int i = 0; i < columns.length; i += 2) {
      definitions.add(ColumnDefinition.of(columns[i], DataTypes.parse(columns[i + 1])));
    }
    return engine.create(
        new TableDefinition(
            new TableName("default", name),
            definitions,
            engineName.replaceAll("\\(.*", ""),
            engineName.contains("(")
                ? List.of(engineName.replaceAll(".*\\((.*)\\)", "$1").split(", "))
                : List.of(),
            List.of(columns[0]),
            List.of(columns[0]),
            List.of(),
            settings,
            "",
            "",
            1));
  }

  MergeTable table(String name) {
    return engine.table(new TableName("default", name)).orElseThrow();
  }

  /// The rows that an exact query sees, in no particular order.
  List<List<Object>> rows(String name) {
    MergeTable table = table(name);
    List<String> columns = table.insertColumns().stream().map(ColumnDefinition::name).toList();
    List<List<Object>> rows = new ArrayList<>();
    try (TableView view = table.view(true)) {
      for (VisiblePart visible : view.parts()) {
        try (PartReader reader = visible.part().open(columns, allocator)) {
          for (int granule = 0; granule < visible.part().granules(); granule++) {
            reader.seek(granule);
            read(visible, reader, granule, columns.size(), rows);
          }
        }
      }
    }
    return rows;
  }

  private static void read(
      VisiblePart visible, PartReader reader, int granule, int columns, List<List<Object>> rows) {
    boolean someDead = visible.dead().count(granule) > 0;
    for (int row = 0; row < visible.part().granuleRows(granule); row++) {
      if (someDead && (visible.dead().alive(granule)[row / 64] >>> row % 64 & 1) == 0) {
        continue;
      }
      List<Object> values = new ArrayList<>();
      for (int column = 0; column < columns; column++) {
        values.add(VectorValues.get(reader.read(column), row));
      }
      rows.add(values);
    }
  }

  /// How many rows an exact query sees.
  long count(String name) {
    long count = 0;
    try (TableView view = table(name).view(true)) {
      for (VisiblePart visible : view.parts()) {
        count += visible.part().info().rows() - visible.dead().total();
      }
    }
    return count;
  }

  @Override
  public void close() {
    broker.close();
    engine.close();
    allocator.close();
  }
}
