// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.file.FieldReader;
import dev.varve.storage.file.FieldWriter;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchBytes;
import dev.varve.storage.vector.Scratch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// A run in memory as bytes: all that is needed to have the same run again.
///
/// | field    | meaning                                                                  |
/// |----------|--------------------------------------------------------------------------|
/// | schema   | `u32`, the table's schema version                                        |
/// | part     | text, the value of the partition key                                     |
/// | seq      | two `u64`, the range of `_seq`                                           |
/// | created  | `u64`, milliseconds since the epoch                                      |
/// | key      | `u32` columns, a text each                                               |
/// | columns  | `u32` columns; of each name, type, kind, expression, codec, comment      |
/// | granules | `u32` granules; of each `u32` rows, `u32` bytes, and [BatchBytes] of them |
///
/// There is no checksum: whoever keeps such bytes has one.
public final class RunBytes {
  private RunBytes() {}

  public static byte[] encode(MemoryPart run, BufferAllocator allocator) {
    PartInfo info = run.info();
    FieldWriter out = new FieldWriter();
    out.putInt(info.schemaVersion());
    out.putText(info.partition());
    out.putLong(info.sequences().first());
    out.putLong(info.sequences().last());
    out.putLong(info.createdMillis());
    out.putInt(run.layout().sortingKey().size());
    run.layout().sortingKey().forEach(out::putText);
    out.putInt(run.columns().size());
    run.columns().forEach(column -> ColumnFields.write(column, out));
    out.putInt(run.granules());
    try (Scratch scratch = new Scratch(allocator)) {
      for (int g = 0; g < run.granules(); g++) {
        out.putInt(run.granuleRows(g));
        out.putBytes(BatchBytes.encode(run.granule(g), scratch).toArray(ValueLayout.JAVA_BYTE));
        scratch.reset();
      }
    }
    return out.toByteArray();
  }

  /// The run of such bytes, in memory from the allocator.
  ///
  /// @param path named in errors
  /// @param id of the run
  public static MemoryPart decode(
      Path path, byte[] bytes, long id, long table, BufferAllocator allocator) {
    FieldReader in = new FieldReader(path, bytes, 0, bytes.length);
    int schemaVersion = in.getInt();
    String partition = in.getText();
    SeqRange sequences = new SeqRange(in.getLong(), in.getLong());
    long created = in.getLong();
    List<String> key = new ArrayList<>();
    for (int n = in.getCount(4); n > 0; n--) {
      key.add(in.getText());
    }
    List<ColumnDefinition> columns = new ArrayList<>();
    for (int n = in.getCount(21); n > 0; n--) {
      columns.add(ColumnFields.read(path, in));
    }
    PartDraft draft =
        new PartDraft(
            id, table, schemaVersion, 0, List.of(), partition, sequences, List.of(), created);
    Scratch memory = new Scratch(allocator);
    try {
      List<Batch> granules = new ArrayList<>();
      for (int n = in.getCount(8); n > 0; n--) {
        granules.add(granule(in, columns, memory));
      }
      return MemoryPart.owning(draft, new PartLayout(columns, key), granules, memory);
    } catch (RuntimeException | Error failed) {
      memory.close();
      throw failed;
    }
  }

  private static Batch granule(FieldReader in, List<ColumnDefinition> columns, Scratch memory) {
    int rows = in.getInt();
    byte[] bytes = in.getBytes();
    MemorySegment held = memory.allocate(bytes.length);
    MemorySegment.copy(bytes, 0, held, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return BatchBytes.decode(columns.stream().map(ColumnDefinition::type).toList(), rows, held);
  }
}
