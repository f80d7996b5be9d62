// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.rewrite.PartMerger;
import dev.varve.merge.rewrite.PartTarget;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.part.LogRange;
import dev.varve.storage.part.MemoryPart;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartDraft;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.part.PartLayout;
import dev.varve.storage.part.PartOptions;
import dev.varve.storage.part.PartWriter;
import dev.varve.storage.part.SeqRange;
import dev.varve.storage.table.HeldPart;
import dev.varve.storage.table.TableSnapshot;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.arrow.memory.BufferAllocator;
import org.roaringbitmap.RoaringBitmap;

/// Merges parts of one partition into one new part, on disk or in memory. Commits nothing.
///
/// @param id of the new part
/// @param inputs the parts, with the rows of them that are deleted
/// @param others all other parts whose rows may share keys with the inputs
/// @param complete whether no part still to come can hold rows older than those of the inputs
record PartRewrite(
    EngineContext context,
    TableShape shape,
    long id,
    List<PartMerger.Input> inputs,
    List<Part> others,
    boolean complete) {

  /// As the other, where every deleted row has to stay.
  static PartRewrite of(
      EngineContext context,
      TableShape shape,
      List<HeldPart> inputs,
      TableSnapshot snapshot,
      boolean complete) {
    return of(context, shape, inputs, snapshot, complete, _ -> false);
  }

  /// @param snapshot holds the inputs and all other parts of the table until the rewrite is done
  /// @param mature parts whose deleted rows need not wait for late rows of lower versions
  static PartRewrite of(
      EngineContext context,
      TableShape shape,
      List<HeldPart> inputs,
      TableSnapshot snapshot,
      boolean complete,
      Predicate<PartInfo> mature) {
    Set<HeldPart> own = Set.copyOf(inputs);
    List<Part> rest =
        snapshot.parts().stream().filter(p -> !own.contains(p)).map(HeldPart::part).toList();
    List<PartMerger.Input> parts =
        inputs.stream().map(held -> input(held, mature.test(held.part().info()))).toList();
    if (rest.size() + parts.size() != snapshot.parts().size()) {
      throw new IllegalStateException("a part to rewrite is not active");
    }
    String partition = inputs.getFirst().part().info().partition();
    List<Part> others =
        shape.layout().partitionsIndependent()
            ? rest.stream().filter(p -> p.info().partition().equals(partition)).toList()
            : rest;
    return new PartRewrite(context, shape, context.catalog().newPartId(), parts, others, complete);
  }

  /// Rewrites runs of the log's tail, with the table's parts as of now.
  static <T> T leased(
      EngineContext context,
      MergeTable table,
      TableParts parts,
      List<HeldPart> runs,
      Function<PartRewrite, T> rewriting) {
    boolean complete = table.isComplete();
    TableSnapshot snapshot = parts.lease();
    try {
      return rewriting.apply(of(context, table.shape(), runs, snapshot, complete));
    } finally {
      snapshot.release();
    }
  }

  private static PartMerger.Input input(HeldPart held, boolean isMature) {
    RoaringBitmap deleted = held.deleted() == null ? new RoaringBitmap() : held.deleted();
    return new PartMerger.Input(held.part(), deleted, isMature);
  }

  /// A merged part, and what became of the rows of its inputs.
  ///
  /// @param part null when no row is left
  record Rewritten<P extends Part>(P part, PartMerger.Merged merged) {}

  private List<Part> parts() {
    return inputs.stream().map(PartMerger.Input::part).toList();
  }

  /// How a part is written.
  ///
  /// @param codec of columns that have none of their own, empty for the engine's choice
  /// @param columnsAtOnce columns that are merged together, 0 for all
  /// @param duplicatesBy columns by which rows are duplicates, none to keep all rows
  /// @param allocator holds everything the rewrite needs
  record Manner(
      PartOptions options,
      String codec,
      int columnsAtOnce,
      PartMerger.Workers workers,
      RunningMerge watcher,
      List<String> duplicatesBy,
      BufferAllocator allocator) {}

  /// The merged part, durable and not yet named by the catalog.
  Rewritten<DiskPart> toDisk() {
    PartMerger merger = new PartMerger(shape.layout(), context.allocator());
    return toDisk(
        merger,
        PartOptions.DEFAULT,
        "",
        0,
        PartMerger.Workers.NONE,
        _ -> PartMerger.Watcher.NONE,
        context.allocator());
  }

  /// As the other, in a manner.
  Rewritten<DiskPart> toDisk(Manner manner) {
    PartMerger merger = new PartMerger(shape.layout(), manner.allocator());
    return toDisk(
        manner.duplicatesBy().isEmpty() ? merger : merger.withoutDuplicates(manner.duplicatesBy()),
        manner.options(),
        manner.codec(),
        manner.columnsAtOnce(),
        manner.workers(),
        writer -> (read, written) -> manner.watcher().proceed(read, written, writer.bytes()),
        manner.allocator());
  }

  private Rewritten<DiskPart> toDisk(
      PartMerger merger,
      PartOptions options,
      String codec,
      int columnsAtOnce,
      PartMerger.Workers workers,
      Function<PartWriter, PartMerger.Watcher> watcher,
      BufferAllocator allocator) {
    PartLayout layout = shape.partLayout(PartCodec.applied(codec, merger.columns(parts())));
    try (PartWriter writer =
        PartWriter.create(context.files().directory(), draft(), layout, options, allocator)) {
      PartMerger.Watcher watched = watcher.apply(writer);
      PartMerger.Merged merged =
          columnsAtOnce > 0
              ? merger.mergeInTurns(inputs, others, complete, writer, columnsAtOnce, watched)
              : merger.merge(
                  inputs,
                  others,
                  complete,
                  new PartTarget(writer, layout, copyAtBytes(options)),
                  workers,
                  watched);
      DiskPart part = merged.rows() == 0 ? null : context.indexed(shape, writer.finish());
      return new Rewritten<>(part, merged);
    }
  }

  /// Parts of a merge that was large were compressed harder when they were written.
  private long copyAtBytes(PartOptions options) {
    return options.zstdLevel() == 0 ? 0 : context.settings().rewrite().recompressAtBytes();
  }

  /// The merged run.
  Rewritten<MemoryPart> toMemory() {
    PartMerger merger = new PartMerger(shape.layout(), context.allocator());
    PartLayout layout = shape.partLayout(merger.columns(parts()));
    Scratch memory = new Scratch(context.allocator());
    List<Batch> granules = new ArrayList<>();
    try {
      PartMerger.Merged merged =
          merger.merge(
              inputs,
              others,
              complete,
              rows -> addGranules(rows, memory, granules),
              PartMerger.Watcher.NONE);
      if (granules.isEmpty()) {
        memory.close();
        return new Rewritten<>(null, merged);
      }
      return new Rewritten<>(MemoryPart.owning(draft(), layout, granules, memory), merged);
    } catch (RuntimeException | Error failed) {
      memory.close();
      throw failed;
    }
  }

  private static void addGranules(Batch rows, Scratch memory, List<Batch> granules) {
    for (int from = 0; from < rows.rows(); from += Batch.MAX_ROWS) {
      int count = Math.min(Batch.MAX_ROWS, rows.rows() - from);
      List<Vector> columns = new ArrayList<>(rows.columns().size());
      for (Vector column : rows.columns()) {
        Vector slice = VectorOps.slice(column, from, count, memory);
        columns.add(
            slice.isFlat()
                ? VectorOps.concat(List.of(slice), memory)
                : VectorOps.flatten(slice, memory));
      }
      granules.add(new Batch(count, columns));
    }
  }

  private PartDraft draft() {
    int level = 0;
    List<Long> parents = new ArrayList<>();
    PartInfo first = inputs.getFirst().part().info();
    SeqRange sequences = first.sequences();
    List<LogRange> sources = new ArrayList<>();
    for (Part input : parts()) {
      PartInfo info = input.info();
      sequences = sequences.union(info.sequences());
      sources.addAll(info.sources());
      if (info.bytes() == 0) {
        continue; // a run in memory is no parent: nothing outlives it that would know its id
      }
      level = Math.max(level, info.level() + 1);
      parents.add(info.id());
    }
    return new PartDraft(
        id,
        first.table(),
        shape.definition().schemaVersion(),
        level,
        parents,
        first.partition(),
        sequences,
        LogRange.united(sources),
        context.clock().millis());
  }
}
