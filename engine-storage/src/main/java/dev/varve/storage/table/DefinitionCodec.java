// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.type.DataTypes;
import java.util.Optional;

/// A table's definition in a manifest record, in the order that `docs/format/manifest.md` draws.
final class DefinitionCodec {
  private DefinitionCodec() {}

  static void write(TableDefinition definition, RecordWriter out) {
    out.text(definition.name().database()).text(definition.name().table());
    out.list(definition.columns(), column -> writeColumn(column, out));
    out.text(definition.engine());
    out.list(definition.engineArguments(), out::text);
    out.list(definition.orderBy(), out::text);
    out.list(definition.primaryKey(), out::text);
    out.list(definition.partitionBy(), out::text);
    out.texts(definition.settings());
    out.text(definition.query()).text(definition.comment()).i32(definition.schemaVersion());
    out.list(
        definition.indexes(),
        i -> out.text(i.name()).text(i.expression()).text(i.type()).i32(i.granularity()));
    out.list(definition.ttls(), ttl -> writeTtl(ttl, out));
    out.list(
        definition.constraints(),
        c -> out.text(c.name()).u8(c.checked() ? 1 : 0).text(c.expression()));
    out.list(definition.projections(), p -> out.text(p.name()).text(p.query()));
    out.u8(definition.target().isPresent() ? 1 : 0);
    definition.target().ifPresent(to -> out.text(to.database()).text(to.table()));
  }

  private static void writeColumn(ColumnDefinition column, RecordWriter out) {
    out.text(column.name()).text(column.type().name()).text(column.kind().name());
    out.text(column.expression()).text(column.codec()).text(column.comment()).text(column.ttl());
    out.list(column.namings(), naming -> out.i32(naming.since()).text(naming.name()));
    out.text(column.fill());
  }

  private static void writeTtl(TtlRule ttl, RecordWriter out) {
    out.text(ttl.expression()).text(ttl.action().name()).text(ttl.where());
    out.list(ttl.groupBy(), out::text);
    out.list(ttl.assignments(), out::text);
    out.text(ttl.codec());
  }

  static TableDefinition read(RecordReader in) {
    return new TableDefinition(
        new TableName(in.text(), in.text()),
        in.list(() -> readColumn(in)),
        in.text(),
        in.list(in::text),
        in.list(in::text),
        in.list(in::text),
        in.list(in::text),
        in.texts(),
        in.text(),
        in.text(),
        in.i32(),
        in.list(() -> new SkipIndex(in.text(), in.text(), in.text(), in.i32())),
        in.list(() -> readTtl(in)),
        in.list(() -> new Constraint(in.text(), in.u8() == 1, in.text())),
        in.list(() -> new Projection(in.text(), in.text())),
        in.u8() == 1 ? Optional.of(new TableName(in.text(), in.text())) : Optional.empty());
  }

  private static ColumnDefinition readColumn(RecordReader in) {
    return new ColumnDefinition(
        in.text(),
        DataTypes.parse(in.text()),
        ColumnDefinition.Kind.valueOf(in.text()),
        in.text(),
        in.text(),
        in.text(),
        in.text(),
        in.list(() -> new ColumnDefinition.Naming(in.i32(), in.text())),
        in.text());
  }

  private static TtlRule readTtl(RecordReader in) {
    return new TtlRule(
        in.text(),
        TtlRule.Action.valueOf(in.text()),
        in.text(),
        in.list(in::text),
        in.list(in::text),
        in.text());
  }

  /// As version 1 of the manifest wrote it.
  static TableDefinition readFirst(RecordReader in) {
    return new TableDefinition(
        new TableName(in.text(), in.text()),
        in.list(() ->
            new ColumnDefinition(
                in.text(),
                DataTypes.parse(in.text()),
                ColumnDefinition.Kind.valueOf(in.text()),
                in.text(),
                in.text(),
                in.text())),
        in.text(),
        in.list(in::text),
        in.list(in::text),
        in.list(in::text),
        in.list(in::text),
        in.texts(),
        in.text(),
        in.text(),
        in.i32());
  }
}
