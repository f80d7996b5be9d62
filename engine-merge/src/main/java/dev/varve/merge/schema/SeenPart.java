// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.schema;

import dev.varve.merge.rule.RowLayout;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.column.ColumnStats;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.index.SparseIndex;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.part.PartReader;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;

/// A part of an earlier schema version as the present definition has it. Its rows, granules and
/// order are those of the part; a key that was continued since ends in the default of its new
/// columns, which keeps the order.
final class SeenPart implements Part {
  private final Part stored;
  private final List<ColumnDefinition> columns;
  private final Map<String, ColumnSource> sources;
  private final SparseIndex index;

  SeenPart(
      Part stored,
      List<ColumnDefinition> columns,
      Map<String, ColumnSource> sources,
      RowLayout layout,
      BufferAllocator allocator) {
    this.stored = stored;
    this.columns = List.copyOf(columns);
    this.sources = Map.copyOf(sources);
    this.index = index(layout, allocator);
  }

  private SparseIndex index(RowLayout layout, BufferAllocator allocator) {
    ByteArrayOutputStream suffix = new ByteArrayOutputStream();
    for (String key : layout.key()) {
      if (sources.get(key) instanceof ColumnSource.Constant constant) {
        KeyEncoder encoder = KeyEncoder.ascending(List.of(constant.type()));
        try (Scratch scratch = new Scratch(allocator)) {
          Vector value = Defaults.constant(constant.type(), 1, scratch);
          suffix.writeBytes(encoder.encodeColumn(0, value, 0));
        }
      }
    }
    if (suffix.size() == 0) {
      return stored.index();
    }
    ByteArrayOutputStream keys = new ByteArrayOutputStream();
    int[] offsets = new int[stored.granules() + 2];
    for (int g = 0; g <= stored.granules(); g++) {
      keys.writeBytes(g < stored.granules() ? stored.firstKey(g) : stored.lastKey());
      keys.writeBytes(suffix.toByteArray());
      offsets[g + 1] = keys.size();
    }
    return SparseIndex.of(keys.toByteArray(), offsets);
  }

  /// Columns that are not just read.
  List<String> converted() {
    return columns.stream()
        .map(ColumnDefinition::name)
        .filter(name ->
            switch (sources.get(name)) {
              case ColumnSource.Cast _, ColumnSource.Computed _ -> true;
              case ColumnSource.Stored _,
                  ColumnSource.Retyped _,
                  ColumnSource.Sized _,
                  ColumnSource.Constant _ ->
                  false;
            })
        .toList();
  }

  @Override
  public PartInfo info() {
    return stored.info();
  }

  @Override
  public List<ColumnDefinition> columns() {
    return columns;
  }

  @Override
  public boolean hasColumn(String name) {
    return sources.containsKey(name);
  }

  @Override
  public int granules() {
    return stored.granules();
  }

  @Override
  public int granuleRows(int granule) {
    return stored.granuleRows(granule);
  }

  @Override
  public long granuleFirstRow(int granule) {
    return stored.granuleFirstRow(granule);
  }

  @Override
  public byte[] firstKey(int granule) {
    return index.firstKey(granule);
  }

  @Override
  public byte[] lastKey() {
    return index.lastKey();
  }

  @Override
  public SparseIndex index() {
    return index;
  }

  @Override
  public ColumnStats stats(String column, int granule) {
    return switch (sources.get(column)) {
      case ColumnSource.Stored(String name) -> stored.stats(name, granule);
      case ColumnSource.Retyped(String name, var _) -> stored.stats(name, granule);
      case null -> null;
      case ColumnSource.Cast _,
          ColumnSource.Computed _,
          ColumnSource.Sized _,
          ColumnSource.Constant _ ->
          null;
    };
  }

  @Override
  public PartReader open(List<String> names, BufferAllocator allocator) {
    return new SeenReader(
        stored, sources, names, physical -> stored.open(physical, allocator), allocator);
  }

  @Override
  public PartReader openCached(List<String> names, BufferAllocator allocator) {
    return new SeenReader(
        stored, sources, names, physical -> stored.openCached(physical, allocator), allocator);
  }

  @Override
  public ColumnBytes columnBytes(String column) {
    return switch (sources.get(column)) {
      case ColumnSource.Stored(String name) -> stored.columnBytes(name);
      case ColumnSource.Retyped(String name, var _) -> stored.columnBytes(name);
      case ColumnSource.Cast(String name, var _, var _) -> stored.columnBytes(name);
      case null -> throw new IllegalArgumentException("no column " + column);
      case ColumnSource.Computed _, ColumnSource.Sized _, ColumnSource.Constant _ ->
          new ColumnBytes(0, 0, 0);
    };
  }
}
