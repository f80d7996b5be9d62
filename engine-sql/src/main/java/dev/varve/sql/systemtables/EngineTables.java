// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.systemtables;

import static dev.varve.sql.systemtables.Rows.count;
import static dev.varve.sql.systemtables.Rows.flag;
import static dev.varve.sql.systemtables.Rows.row;
import static dev.varve.sql.systemtables.Rows.time;

import dev.varve.merge.engine.MergeEngine;
import dev.varve.merge.engine.MergeProgress;
import dev.varve.merge.engine.MergeTable;
import dev.varve.merge.engine.MutationLog;
import dev.varve.merge.engine.QuarantinedPart;
import dev.varve.sql.catalog.EngineCatalog;
import dev.varve.sql.catalog.Relation;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.part.PartName;
import dev.varve.storage.skip.SkipIndexes;
import dev.varve.storage.table.KeptParts;
import dev.varve.storage.table.SkipIndex;
import dev.varve.storage.table.TableDefinition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/// The tables about tables: databases, tables, columns, merges, mutations, and those of
/// [PartTables].
public final class EngineTables {
  private final MergeEngine engine;
  private final Supplier<Collection<Relation.Rows>> system;
  private final PartTables parts;

  /// @param system the tables of `system` themselves
  public EngineTables(MergeEngine engine, Supplier<Collection<Relation.Rows>> system) {
    this.engine = engine;
    this.system = system;
    this.parts = new PartTables(engine);
  }

  public List<Relation.Rows> all() {
    return List.of(
        databases(),
        tables(),
        columns(),
        parts.parts(),
        parts.columns(),
        merges(),
        mutations(),
        quarantinedParts(),
        detachedParts(),
        skipIndexes());
  }

  private Relation.Rows databases() {
    return Rows.of(
        "databases",
        "name String; engine String; comment String",
        () -> {
          List<List<Object>> rows = new ArrayList<>();
          engine.databases().forEach(name -> rows.add(row(name, "Atomic", "")));
          rows.add(row("system", "Memory", ""));
          rows.add(row(EngineCatalog.INFORMATION, "Memory", ""));
          return rows;
        });
  }

  private Relation.Rows tables() {
    return Rows.of(
        "tables",
        "database String; name String; engine String; is_temporary UInt8; create_table_query"
            + " String; engine_full String; partition_key String; sorting_key String; primary_key"
            + " String; total_rows Nullable(UInt64); total_bytes Nullable(UInt64); parts"
            + " Nullable(UInt64); as_select String; comment String; merge_failure String;"
            + " sampling_key String; storage_policy String; has_own_data UInt8",
        () -> {
          List<List<Object>> rows = new ArrayList<>();
          for (MergeTable table : engine.tables()) {
            rows.add(tableRow(table));
          }
          for (Relation.Rows table : system.get()) {
            rows.add(
                row(
                    "system",
                    table.name(),
                    "System",
                    0L,
                    "",
                    "",
                    "",
                    "",
                    "",
                    null,
                    null,
                    null,
                    "",
                    "",
                    "",
                    "",
                    "",
                    0L));
          }
          return rows;
        });
  }

  private List<Object> tableRow(MergeTable table) {
    TableDefinition definition = table.definition();
    boolean view = definition.isView();
    long total = 0;
    long bytes = 0;
    List<Part> parts = view ? List.of() : table.parts();
    for (Part part : parts) {
      total += part.info().rows();
      bytes += part.info().bytes();
    }
    return row(
        definition.name().database(),
        definition.name().table(),
        TableText.engineName(definition),
        0L,
        TableText.createStatement(definition, engine.innerTable(table).map(MergeTable::definition)),
        view ? "" : TableText.engine(definition).replace('\n', ' '),
        String.join(", ", definition.partitionBy()),
        String.join(", ", definition.orderBy()),
        String.join(", ", definition.primaryKey()),
        view ? null : count(total),
        view ? null : count(bytes),
        view ? null : count(parts.size()),
        definition.query(),
        definition.comment(),
        table.mergeFailure().or(table::ttlFailure).orElse(""),
        definition.settings().getOrDefault(TableDefinition.SAMPLE_BY, ""),
        view ? "" : "default",
        flag(!view));
  }

  private Relation.Rows skipIndexes() {
    return Rows.of(
        "data_skipping_indices",
        "database String; table String; name String; type String; type_full String; expr String;"
            + " granularity UInt64; data_compressed_bytes UInt64; marks UInt64",
        () -> {
          List<List<Object>> rows = new ArrayList<>();
          for (MergeTable table : engine.tables()) {
            for (SkipIndex index : table.definition().indexes()) {
              rows.add(skipIndexRow(table, index));
            }
          }
          return rows;
        });
  }

  private static List<Object> skipIndexRow(MergeTable table, SkipIndex index) {
    long bytes = 0;
    long entries = 0;
    for (Part part : table.parts()) {
      long own = part instanceof DiskPart disk ? SkipIndexes.bytes(disk, index.name()) : 0;
      bytes += own;
      entries += own > 0 ? Math.ceilDiv(part.granules(), index.granularity()) : 0;
    }
    return row(
        table.definition().name().database(),
        table.definition().name().table(),
        index.name(),
        index.type().split("\\(", 2)[0].strip(),
        index.type(),
        index.expression(),
        count(index.granularity()),
        count(bytes),
        count(entries));
  }

  private Relation.Rows columns() {
    return Rows.of(
        "columns",
        "database String; table String; name String; type String; position UInt64;"
            + " default_kind String; default_expression String; data_compressed_bytes UInt64;"
            + " data_uncompressed_bytes UInt64; marks_bytes UInt64; comment String;"
            + " is_in_partition_key UInt8;"
            + " is_in_sorting_key UInt8; is_in_primary_key UInt8; compression_codec String;"
            + " character_octet_length Nullable(UInt64); numeric_precision Nullable(UInt64);"
            + " numeric_precision_radix Nullable(UInt64); numeric_scale Nullable(UInt64);"
            + " datetime_precision Nullable(UInt64); is_in_sampling_key UInt8;"
            + " ttl_expression String",
        () -> {
          List<List<Object>> rows = new ArrayList<>();
          for (MergeTable table : engine.tables()) {
            int position = 1;
            for (ColumnDefinition column : table.definition().columns()) {
              rows.add(columnRow(table, column, position++));
            }
          }
          for (Relation.Rows table : system.get()) {
            int position = 1;
            for (ColumnDefinition column : table.columns()) {
              rows.add(systemColumnRow(table, column, position++));
            }
          }
          return rows;
        });
  }

  private static List<Object> systemColumnRow(
      Relation.Rows table, ColumnDefinition column, int position) {
    TypeFacts facts = TypeFacts.of(column.type());
    return row(
        "system",
        table.name(),
        column.name(),
        column.type().name(),
        count(position),
        "",
        "",
        count(0),
        count(0),
        count(0),
        "",
        0L,
        0L,
        0L,
        "",
        facts.octets(),
        facts.precision(),
        facts.radix(),
        facts.scale(),
        facts.timePrecision(),
        0L,
        "");
  }

  private static List<Object> columnRow(MergeTable table, ColumnDefinition column, int position) {
    TableDefinition definition = table.definition();
    Part.ColumnBytes bytes = PartTables.bytes(table, column);
    TypeFacts facts = TypeFacts.of(column.type());
    return row(
        definition.name().database(),
        definition.name().table(),
        column.name(),
        column.type().name(),
        count(position),
        column.expression().isEmpty() ? "" : column.kind().name(),
        column.expression(),
        count(bytes.stored()),
        count(bytes.plain()),
        count(bytes.marks()),
        column.comment(),
        flag(definition.partitionBy().contains(column.name())),
        flag(definition.orderBy().contains(column.name())),
        flag(definition.primaryKey().contains(column.name())),
        column.codec(),
        facts.octets(),
        facts.precision(),
        facts.radix(),
        facts.scale(),
        facts.timePrecision(),
        flag(column.name().equals(definition.settings().get(TableDefinition.SAMPLE_BY))),
        column.ttl());
  }

  private Relation.Rows quarantinedParts() {
    return Rows.of(
        "quarantined_parts",
        "database String; table String; partition String; name String; rows UInt64;"
            + " bytes_on_disk UInt64; since DateTime; reason String; is_durable UInt8",
        () -> {
          List<List<Object>> rows = new ArrayList<>();
          for (MergeTable table : engine.tables()) {
            table.quarantined().forEach(part -> rows.add(quarantinedRow(table, part)));
          }
          return rows;
        });
  }

  private static List<Object> quarantinedRow(MergeTable table, QuarantinedPart quarantined) {
    PartInfo info = quarantined.part();
    return row(
        table.definition().name().database(),
        table.definition().name().table(),
        info.partition(),
        PartName.of(info),
        count(info.rows()),
        count(info.bytes()),
        time(quarantined.why().sinceMillis()),
        quarantined.why().reason(),
        flag(quarantined.kept()));
  }

  private Relation.Rows detachedParts() {
    return Rows.of(
        "detached_parts",
        "database String; table String; partition_id String; name String; bytes_on_disk UInt64;"
            + " modification_time DateTime; path String; reason String; min_block_number Int64;"
            + " max_block_number Int64; level UInt32; rows UInt64",
        () -> {
          List<List<Object>> rows = new ArrayList<>();
          for (MergeTable table : engine.tables()) {
            if (!table.definition().isView()) {
              table.kept().detached().forEach(part -> rows.add(detachedRow(table, part)));
            }
          }
          return rows;
        });
  }

  private static List<Object> detachedRow(MergeTable table, KeptParts.Kept part) {
    PartInfo info = part.info();
    return row(
        table.definition().name().database(),
        table.definition().name().table(),
        PartName.partitionId(info.partition()),
        PartName.of(info),
        count(info.bytes()),
        time(info.createdMillis()),
        part.directory().toString(),
        "",
        info.sequences().first(),
        info.sequences().last(),
        (long) info.level(),
        count(info.rows()));
  }

  private Relation.Rows mutations() {
    return Rows.of(
        "mutations",
        "database String; table String; mutation_id String; command String; create_time DateTime;"
            + " parts_to_do Int64; is_done UInt8; is_failed UInt8; affected_rows UInt64;"
            + " latest_fail_reason String; is_killed UInt8",
        () -> {
          List<List<Object>> rows = new ArrayList<>();
          for (MergeTable table : engine.tables()) {
            table.mutations().forEach(entry -> rows.add(mutationRow(table, entry)));
          }
          return rows;
        });
  }

  private static List<Object> mutationRow(MergeTable table, MutationLog.Entry entry) {
    return row(
        table.definition().name().database(),
        table.definition().name().table(),
        entry.id(),
        entry.command(),
        time(entry.createdMillis()),
        (long) entry.partsToDo(),
        flag(entry.isDone()),
        flag(entry.isFailed()),
        count(entry.rows()),
        "",
        0L);
  }

  private Relation.Rows merges() {
    return Rows.of(
        "merges",
        "database String; table String; elapsed Float64; progress Float64; num_parts UInt64;"
            + " source_part_names Array(String); result_part_name String; partition String;"
            + " partition_id String; total_size_bytes_compressed UInt64; rows_read UInt64;"
            + " rows_written UInt64; bytes_read UInt64; bytes_written UInt64;"
            + " rows_per_second Float64; memory_usage UInt64; merge_type String;"
            + " total_rows UInt64; started DateTime",
        () -> {
          long now = System.currentTimeMillis();
          return engine.merges().stream().map(merge -> mergeRow(merge, now)).toList();
        });
  }

  private static List<Object> mergeRow(MergeProgress merge, long now) {
    double elapsed = Math.max(0, now - merge.startedMillis()) / 1000.0;
    double progress = merge.totalRows() == 0 ? 0 : (double) merge.rowsRead() / merge.totalRows();
    return row(
        merge.table().database(),
        merge.table().table(),
        elapsed,
        progress,
        count(merge.sourceParts().size()),
        List.copyOf(merge.sourceParts()),
        merge.resultPart(),
        merge.partition(),
        merge.partition(),
        count(merge.totalBytes()),
        count(merge.rowsRead()),
        count(merge.rowsWritten()),
        count(Math.round(progress * merge.totalBytes())),
        count(merge.bytesWritten()),
        elapsed == 0 ? 0.0 : merge.rowsRead() / elapsed,
        count(merge.memoryBytes()),
        merge.inBackground() ? "Regular" : "Optimize",
        count(merge.totalRows()),
        time(merge.startedMillis()));
  }
}
