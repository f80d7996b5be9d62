// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.column;

import dev.varve.storage.codec.CodecChoice;
import dev.varve.storage.codec.Compressor;
import dev.varve.storage.file.OutputFile;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Writes one column of a part: gathers rows to granules, granules to blocks. One thread.
///
/// The columns of a part share one list of granules. The column that is furthest ahead adds to it,
/// when a granule is full or ended on purpose; those behind follow what stands there.
public final class ColumnWriter implements AutoCloseable {
  /// A block is closed before its rows are this many bytes, so that it stays in the cache.
  private static final long BLOCK_BYTES = 4 << 20;

  private final OutputFile file;
  private final GranuleRows granules;
  private final int blockRows;
  private final BlockEncoder encoder;
  private final StatsCollector collector = new StatsCollector();
  private final Scratch memory;
  private final Scratch temporary;
  private final ColumnBuffer buffer;
  private final List<Integer> ends = new ArrayList<>();
  private final List<BlockPlace> blocks = new ArrayList<>();
  private final StatsSink stats;
  private final BlockObserver observer;
  private int granule;
  private int granuleStart;
  private long written;
  private long plainBytes;

  /// Sees the rows of each block before they are encoded.
  public interface BlockObserver {
    /// @param granuleEnds for each granule, one past its last row
    void block(Vector rows, int[] granuleEnds);
  }

  /// @param granules shared by all columns of the part
  /// @param zstdLevel 0, or the level for a column whose codec leaves the compressor to the engine
  /// @param temporary shared by all columns; holds nothing between calls
  public ColumnWriter(
      ColumnDefinition column,
      OutputFile file,
      GranuleRows granules,
      int blockRows,
      int zstdLevel,
      Compressor compressor,
      BufferAllocator allocator,
      Scratch temporary,
      BlockObserver observer) {
    this.file = file;
    this.granules = granules;
    this.blockRows = blockRows;
    this.encoder =
        new BlockEncoder(CodecChoice.parse(column.codec()).orZstd(zstdLevel), compressor);
    this.memory = new Scratch(allocator);
    this.temporary = temporary;
    this.buffer = new ColumnBuffer(column.type(), memory);
    this.stats = new StatsSink(column.type());
    this.observer = observer;
  }

  /// Takes the rows `[start, end)` of a vector; they are copied.
  public void write(Vector rows, int start, int end) {
    int from = start;
    while (from < end) {
      int count = Math.min(room(), end - from);
      buffer.append(rows, from, count, temporary);
      temporary.reset();
      from += count;
      written += count;
      if (room() == 0) {
        closeGranule();
      }
    }
  }

  /// Rows that the granule under way still takes.
  public int room() {
    int rows = buffer.rows() - granuleStart;
    return (granule < granules.granules() ? granules.rows(granule) : Batch.MAX_ROWS) - rows;
  }

  /// Bytes of the granule under way and the granules of its block, unencoded.
  public long pendingBytes() {
    return buffer.bytes();
  }

  /// Rows taken so far.
  public long rows() {
    return written;
  }

  /// Ends the granule under way, if it has rows.
  public void endGranule() {
    if (buffer.rows() > granuleStart) {
      closeGranule();
    }
  }

  private void closeGranule() {
    if (granule == granules.granules()) {
      granules.add(buffer.rows() - granuleStart);
    } else if (granules.rows(granule) != buffer.rows() - granuleStart) {
      throw new IllegalStateException(
          "granule " + granule + " of " + file.path() + " ends at another row in another column");
    }
    granule++;
    granuleStart = buffer.rows();
    ends.add(granuleStart);
    if (granuleStart + Batch.MAX_ROWS > blockRows || buffer.bytes() >= BLOCK_BYTES) {
      closeBlock();
    }
  }

  private void closeBlock() {
    Vector rows = buffer.build();
    int[] granuleEnds = ends.stream().mapToInt(Integer::intValue).toArray();
    int from = 0;
    for (int end : granuleEnds) {
      stats.add(collector.collect(rows, from, end, temporary));
      from = end;
    }
    observer.block(rows, granuleEnds);
    MemorySegment block = encoder.encode(rows, granuleEnds, temporary);
    long offset = file.append(block);
    blocks.add(
        new BlockPlace(
            offset, (int) block.byteSize(), BlockLayout.checksum(block), granuleEnds.length));
    plainBytes += buffer.bytes();
    ends.clear();
    granuleStart = 0;
    buffer.clear();
    memory.reset();
    temporary.reset();
  }

  /// Takes whole blocks of another part's column as they are, with what is known of their granules.
  /// The rows before them end their granule and block. Bytes are checked against their checksums.
  ///
  /// @param from first granule, which begins a block
  /// @param to one past the last granule, which ends a block
  public void copy(BlockCopy source, int from, int to) {
    finish();
    for (BlockPlace place : source.blocks(from, to)) {
      long offset = file.append(source.read(place));
      blocks.add(new BlockPlace(offset, place.length(), place.checksum(), place.granules()));
    }
    for (int g = from; g < to; g++) {
      int rows = source.granules().rows(g);
      if (granule == granules.granules()) {
        granules.add(rows);
      } else if (granules.rows(granule) != rows) {
        throw new IllegalStateException(
            "granule " + granule + " of " + file.path() + " ends at another row in another column");
      }
      granule++;
      written += rows;
    }
    stats.addAll(source.stats(), from, to);
    plainBytes += source.plainBytes(from, to);
  }

  /// Writes what is left.
  public void finish() {
    endGranule();
    if (!ends.isEmpty()) {
      closeBlock();
    }
  }

  public List<BlockPlace> blocks() {
    return blocks;
  }

  /// Stats of all granules, as the metadata of the part holds them.
  public StatsTable stats() {
    return stats.build();
  }

  /// Bytes of all rows, unencoded.
  public long plainBytes() {
    return plainBytes;
  }

  @Override
  public void close() {
    memory.close();
  }
}
