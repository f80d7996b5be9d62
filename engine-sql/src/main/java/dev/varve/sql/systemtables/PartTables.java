// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.systemtables;

import static dev.varve.sql.systemtables.Rows.count;
import static dev.varve.sql.systemtables.Rows.row;
import static dev.varve.sql.systemtables.Rows.time;

import dev.varve.merge.engine.MergeEngine;
import dev.varve.merge.engine.MergeTable;
import dev.varve.sql.catalog.Relation;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.Part.ColumnBytes;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.part.PartName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The tables about parts: `parts` and `parts_columns`. Bytes are those of the part's own metadata;
/// a part in memory counts what it holds there.
final class PartTables {
  private final MergeEngine engine;

  PartTables(MergeEngine engine) {
    this.engine = engine;
  }

  /// What a column takes in all active parts of its table.
  static ColumnBytes bytes(MergeTable table, ColumnDefinition column) {
    ColumnBytes sum = new ColumnBytes(0, 0, 0);
    if (!table.definition().isView() && column.isStored()) {
      for (Part part : table.parts()) {
        if (part.hasColumn(column.name())) {
          sum = sum.plus(part.columnBytes(column.name()));
        }
      }
    }
    return sum;
  }

  Relation.Rows parts() {
    return Rows.of(
        "parts",
        "database String; table String; partition String; partition_id String; name String; active"
            + " UInt8; level UInt32; rows UInt64; dead_rows UInt64; bytes_on_disk UInt64;"
            + " data_compressed_bytes UInt64; data_uncompressed_bytes UInt64; marks_bytes UInt64;"
            + " marks UInt64; granules UInt64; part_type String; min_block_number Int64;"
            + " max_block_number Int64; min_sequence Int64; max_sequence Int64; parents"
            + " Array(String); modification_time DateTime; delay_cause String; engine String; path"
            + " String; disk_name String",
        () -> {
          List<List<Object>> rows = new ArrayList<>();
          for (MergeTable table : engine.tables()) {
            if (!table.definition().isView()) {
              Map<Long, Long> dead = table.deadRows();
              table.parts().forEach(part -> rows.add(partRow(table, part, dead)));
            }
          }
          return rows;
        });
  }

  private static List<Object> partRow(MergeTable table, Part part, Map<Long, Long> dead) {
    PartInfo info = part.info();
    ColumnBytes bytes = new ColumnBytes(0, 0, 0);
    for (ColumnDefinition column : part.columns()) {
      bytes = bytes.plus(part.columnBytes(column.name()));
    }
    return row(
        table.definition().name().database(),
        table.definition().name().table(),
        table.partitionTypes().isEmpty() ? "tuple()" : info.partition(),
        PartName.partitionId(info.partition()),
        PartName.of(info),
        1L,
        (long) info.level(),
        count(info.rows()),
        count(dead.getOrDefault(info.id(), 0L)),
        count(info.bytes()),
        count(bytes.stored()),
        count(bytes.plain()),
        count(bytes.marks()),
        count(part.granules()),
        count(part.granules()),
        type(info),
        info.sequences().first(),
        info.sequences().last(),
        info.sequences().first(),
        info.sequences().last(),
        // Parents are gone, and what they were called with them; their directories had these names.
        info.parents().stream().map(id -> (Object) ("part-" + id)).toList(),
        time(info.createdMillis()),
        table.delayCause(),
        table.definition().engine(),
        part instanceof DiskPart disk ? disk.directory() + "/" : "",
        "default");
  }

  private static String type(PartInfo info) {
    return info.bytes() == 0 ? "Memory" : "Disk";
  }

  Relation.Rows columns() {
    return Rows.of(
        "parts_columns",
        "database String; table String; partition String; name String; active UInt8; level UInt32;"
            + " part_type String; rows UInt64; bytes_on_disk UInt64; modification_time DateTime;"
            + " column String; type String; column_position UInt64; compression_codec String;"
            + " column_bytes_on_disk UInt64; column_data_compressed_bytes UInt64;"
            + " column_data_uncompressed_bytes UInt64; column_marks_bytes UInt64; default_kind"
            + " String; default_expression String; partition_id String",
        () -> {
          List<List<Object>> rows = new ArrayList<>();
          for (MergeTable table : engine.tables()) {
            if (table.definition().isView()) {
              continue;
            }
            for (Part part : table.parts()) {
              int position = 1;
              for (ColumnDefinition column : part.columns()) {
                rows.add(columnRow(table, part, column, position++));
              }
            }
          }
          return rows;
        });
  }

  private static List<Object> columnRow(
      MergeTable table, Part part, ColumnDefinition column, int position) {
    PartInfo info = part.info();
    ColumnBytes bytes = part.columnBytes(column.name());
    return row(
        table.definition().name().database(),
        table.definition().name().table(),
        info.partition(),
        PartName.of(info),
        1L,
        (long) info.level(),
        type(info),
        count(info.rows()),
        count(info.bytes()),
        time(info.createdMillis()),
        column.name(),
        column.type().name(),
        count(position),
        column.codec(),
        count(bytes.stored() + bytes.marks()),
        count(bytes.stored()),
        count(bytes.plain()),
        count(bytes.marks()),
        column.expression().isEmpty() ? "" : column.kind().name(),
        column.expression(),
        PartName.partitionId(info.partition()));
  }
}
