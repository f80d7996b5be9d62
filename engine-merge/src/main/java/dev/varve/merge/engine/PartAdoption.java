// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.rule.RowLayout;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartDraft;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.part.PartOptions;
import dev.varve.storage.part.PartReader;
import dev.varve.storage.part.PartWriter;
import dev.varve.storage.part.SeqRange;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.roaringbitmap.RoaringBitmap;

/// Writes parts from elsewhere as new parts of a table. All their `_seq` are raised by the same
/// step, above all that the table has given: so the rows count as inserted now, in the order they
/// had. Rows keep their places in the part, and with them deleted rows.
///
/// @param table that gets the parts, its lock for changes held
record PartAdoption(MergeTable table, EngineContext context) {
  /// A part from elsewhere, as the table's definition shows it.
  ///
  /// @param deleted its deleted rows, or null
  /// @param parents parts of the table that are gone with it
  record Source(Part part, RoaringBitmap deleted, List<Long> parents) {}

  /// The change that brings them.
  PartExchange of(List<Source> sources) {
    PartExchange exchange = new PartExchange(context, table.id());
    if (sources.isEmpty()) {
      return exchange;
    }
    long first = Long.MAX_VALUE;
    long last = 0;
    for (Source source : sources) {
      SeqRange range = source.part().info().sequences();
      first = Math.min(first, range.first());
      last = Math.max(last, range.last());
    }
    Sequences sequences = table.sequences();
    long step = sequences.ofInsert(last - first + 1) - first;
    List<DiskPart> made = new ArrayList<>();
    try {
      for (Source source : sources) {
        made.add(write(source, step));
      }
    } catch (RuntimeException | Error failed) {
      table.writer().discard(made);
      throw failed;
    } finally {
      // The caller holds off all rewrites until the parts are visible.
      sequences.published(1);
    }
    for (int i = 0; i < made.size(); i++) {
      RoaringBitmap deleted = sources.get(i).deleted();
      exchange.add(made.get(i), deleted == null ? new RoaringBitmap() : deleted);
    }
    InsertCommit.describeSequences(table, made, exchange::also);
    return exchange;
  }

  private DiskPart write(Source source, long step) {
    TableShape shape = table.shape();
    Part part = source.part();
    List<ColumnDefinition> columns = new ArrayList<>(shape.layout().columns());
    for (ColumnDefinition state : shape.layout().stateColumns()) {
      if (part.hasColumn(state.name())) {
        columns.add(state);
      }
    }
    List<String> names = columns.stream().map(ColumnDefinition::name).toList();
    PartDraft draft = draft(source, shape.definition().schemaVersion(), step);
    try (PartWriter writer =
            PartWriter.create(
                context.files().directory(),
                draft,
                shape.partLayout(columns),
                PartOptions.DEFAULT,
                context.allocator());
        PartReader reader = part.open(names, context.allocator());
        Scratch scratch = new Scratch(context.allocator())) {
      for (int granule = 0; granule < part.granules(); granule++) {
        reader.seek(granule);
        writer.write(rows(part, granule, reader, names, step, scratch));
        scratch.reset();
      }
      return context.indexed(shape, writer.finish());
    }
  }

  private Batch rows(
      Part part, int granule, PartReader reader, List<String> names, long step, Scratch scratch) {
    List<Vector> vectors = new ArrayList<>(names.size());
    for (int c = 0; c < names.size(); c++) {
      Vector vector = reader.read(c);
      vectors.add(isSequence(names.get(c)) ? raised(vector, step, scratch) : vector);
    }
    return new Batch(part.granuleRows(granule), vectors);
  }

  private static boolean isSequence(String column) {
    return column.equals(Part.SEQ)
        || column.equals(RowLayout.LAST_SEQ)
        || column.startsWith(Part.SEQ + "(");
  }

  private static Vector raised(Vector sequences, long step, Scratch scratch) {
    int rows = sequences.rows();
    MemorySegment values = scratch.allocate(rows * 8L);
    for (int row = 0; row < rows; row++) {
      values.set(Vector.I64, row * 8L, sequences.getLong(row) + step);
    }
    return Vector.fixed(DataTypes.INT64, rows, values, null);
  }

  private PartDraft draft(Source source, int schemaVersion, long step) {
    PartInfo info = source.part().info();
    return new PartDraft(
        context.catalog().newPartId(),
        table.id(),
        schemaVersion,
        info.level(),
        source.parents(),
        info.partition(),
        new SeqRange(info.sequences().first() + step, info.sequences().last() + step),
        List.of(),
        context.clock().millis());
  }

  /// That parts of one table can be parts of the other.
  ///
  /// @throws VarveException BAD_ARGUMENTS with the difference
  static void checkSame(MergeTable from, MergeTable to) {
    TableDefinition source = from.definition();
    TableDefinition target = to.definition();
    if (from.id() == to.id()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, source.name() + " is both tables; name another one");
    }
    Optional<String> difference = difference(from.shape(), to.shape());
    if (difference.isPresent()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "parts of "
              + source.name()
              + " do not fit into "
              + target.name()
              + ": "
              + difference.get()
              + "; use INSERT INTO … SELECT");
    }
  }

  private static Optional<String> difference(TableShape from, TableShape to) {
    if (!texts(from).equals(texts(to))) {
      return Optional.of("columns " + texts(from) + " are not " + texts(to));
    }
    if (!from.layout().key().equals(to.layout().key())) {
      return Optional.of("the sorting keys differ");
    }
    if (!from.definition().partitionBy().equals(to.definition().partitionBy())) {
      return Optional.of("the partition keys differ");
    }
    if (!from.layout().rule().equals(to.layout().rule())) {
      return Optional.of("the engines differ");
    }
    return Optional.empty();
  }

  private static List<String> texts(TableShape shape) {
    return shape.layout().columns().stream()
        .map(column -> column.name() + " " + column.type().name())
        .toList();
  }

  /// A name as a directory of its own.
  static String fileName(String name) {
    String file = URLEncoder.encode(name, StandardCharsets.UTF_8);
    if (file.isEmpty() || file.equals(".") || file.equals("..")) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "\"" + name + "\" is no name for a frozen copy; give one WITH NAME '…'");
    }
    return file;
  }
}
