// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.read.KeyMatches;
import dev.varve.merge.rule.MergeRule;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.part.LogRange;
import dev.varve.storage.part.MemoryPart;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartReader;
import dev.varve.storage.table.HeldPart;
import dev.varve.storage.table.TableSnapshot;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.roaringbitmap.RoaringBitmap;

/// Makes runs of keys that the log deletes from a Replacing table: rows that are deleted from the
/// beginning, and beat the older rows of their keys as any deleted row does. One thread.
///
/// In a table with versions such a row gets the greatest version that its key has now, so that it
/// beats what is there, and whatever comes later with that version or a higher one beats it.
final class TombstoneRuns {
  private final EngineContext context;
  private final TableShape shape;
  private final TableParts parts;
  private final BlockWriter writer;

  TombstoneRuns(EngineContext context, TableShape shape, TableParts parts, BlockWriter writer) {
    this.context = context;
    this.shape = shape;
    this.parts = parts;
    this.writer = writer;
  }

  /// @param rows of which only the sorting key counts
  /// @param beside runs of the same piece that are not visible yet
  /// @throws VarveException NOT_IMPLEMENTED if the rule of the table has no deletion
  List<HeldPart> make(Batch rows, long[] sequences, LogRange source, List<HeldPart> beside) {
    if (!(shape.layout().rule() instanceof MergeRule.Replacing replacing)) {
      throw new VarveException(
          ErrorCode.NOT_IMPLEMENTED,
          "table "
              + shape.definition().name()
              + " cannot delete keys that the log deletes; only a ReplacingMergeTree can");
    }
    if (replacing.version().isEmpty()) {
      return runs(rows, sequences, source);
    }
    try (Scratch scratch = new Scratch(context.allocator())) {
      Batch versioned = versioned(rows, sequences, replacing.version().get(), beside, scratch);
      return runs(versioned, sequences, source);
    }
  }

  private List<HeldPart> runs(Batch rows, long[] sequences, LogRange source) {
    try (RowBlock block = new RowBlock(shape, context.allocator())) {
      block.add(rows);
      List<HeldPart> runs = new ArrayList<>();
      for (MemoryPart run : writer.toMemory(block, sequences, List.of(source))) {
        runs.add(DeletesOfMade.held(LogTail.hold(run), all(run)));
      }
      return runs;
    }
  }

  private static RoaringBitmap all(Part part) {
    return RoaringBitmap.bitmapOfRange(0, part.info().rows());
  }

  /// The rows, with the greatest versions that their keys have.
  private Batch versioned(
      Batch rows, long[] sequences, String version, List<HeldPart> beside, Scratch scratch) {
    int column = insertColumn(version);
    Map<ByteBuffer, Long> greatest = new HashMap<>();
    TableSnapshot snapshot = parts.lease();
    try (RowBlock block = new RowBlock(shape, context.allocator())) {
      block.add(rows);
      List<MemoryPart> keys = writer.toMemory(block, sequences, List.of());
      try {
        List<Part> looked = new ArrayList<>();
        snapshot.parts().forEach(part -> looked.add(part.part()));
        beside.forEach(part -> looked.add(part.part()));
        List<Part> wanted = List.copyOf(keys);
        List<RoaringBitmap> found =
            new KeyMatches(shape.layout(), context.allocator())
                .find(wanted, wanted.stream().map(TombstoneRuns::all).toList(), looked);
        for (int p = 0; p < looked.size(); p++) {
          collect(looked.get(p), found.get(p), version, greatest);
        }
      } finally {
        keys.forEach(MemoryPart::close);
      }
    } finally {
      snapshot.release();
    }
    List<Vector> columns = new ArrayList<>(rows.columns());
    columns.set(column, versions(rows, column, greatest, scratch));
    return new Batch(rows.rows(), columns);
  }

  private int insertColumn(String version) {
    for (int i = 0; i < shape.insertColumns().size(); i++) {
      if (shape.insertColumns().get(i).name().equals(version)) {
        return i;
      }
    }
    throw new VarveException(
        ErrorCode.NOT_IMPLEMENTED,
        "the version \""
            + version
            + "\" of table "
            + shape.definition().name()
            + " is computed, so a key that the log deletes cannot be given one");
  }

  /// Takes in the versions of some rows of a part.
  private void collect(
      Part part, RoaringBitmap rows, String version, Map<ByteBuffer, Long> greatest) {
    if (rows.isEmpty()) {
      return;
    }
    List<String> names = new ArrayList<>(shape.layout().key());
    names.add(version);
    KeyEncoder encoder = shape.keyEncoder();
    try (PartReader reader = part.open(names, context.allocator())) {
      long first = 0;
      for (int granule = 0; granule < part.granules(); granule++) {
        int count = part.granuleRows(granule);
        if (rows.intersects(first, first + count)) {
          reader.seek(granule);
          List<Vector> keys = new ArrayList<>();
          for (int k = 0; k < names.size() - 1; k++) {
            keys.add(reader.read(k));
          }
          Vector versions = reader.read(names.size() - 1);
          for (int row = 0; row < count; row++) {
            if (rows.contains((int) (first + row))) {
              greatest.merge(
                  ByteBuffer.wrap(encoder.encode(keys, row)),
                  versions.getLong(row),
                  (a, b) -> greater(a, b, versions));
            }
          }
        }
        first += count;
      }
    }
  }

  private static long greater(long a, long b, Vector versions) {
    boolean unsigned = versions.width() == Long.BYTES && versions.type().isUnsigned();
    int order = unsigned ? Long.compareUnsigned(a, b) : Long.compare(a, b);
    return order >= 0 ? a : b;
  }

  private Vector versions(Batch rows, int column, Map<ByteBuffer, Long> greatest, Scratch scratch) {
    ColumnDefinition definition = shape.insertColumns().get(column);
    VectorBuilder versions = new VectorBuilder(definition.type(), scratch);
    List<Vector> keys = shape.keys(shape.stored(rows, scratch));
    for (int row = 0; row < rows.rows(); row++) {
      Long known = greatest.get(ByteBuffer.wrap(shape.keyEncoder().encode(keys, row)));
      if (known == null) {
        versions.append(rows.column(column), row);
      } else {
        versions.appendLong(known);
      }
    }
    return versions.build();
  }
}
