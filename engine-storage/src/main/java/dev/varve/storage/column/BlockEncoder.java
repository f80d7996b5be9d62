// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.column;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.codec.BlockSink;
import dev.varve.storage.codec.CodecChoice;
import dev.varve.storage.codec.Compressor;
import dev.varve.storage.codec.NodeEncoder;
import dev.varve.storage.file.Checksum;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// Makes blocks of one column. One thread.
final class BlockEncoder {
  private final CodecChoice choice;
  private final NodeEncoder nodes;
  private final Compressor compressor;

  BlockEncoder(CodecChoice choice, Compressor compressor) {
    this.choice = choice;
    this.nodes = new NodeEncoder(choice);
    this.compressor = compressor;
  }

  /// The bytes of a block; they live in the scratch.
  MemorySegment encode(Vector flat, int[] granuleEnds, Scratch scratch) {
    int granules = granuleEnds.length;
    BlockSink sink = new BlockSink(granules, scratch);
    nodes.encode(flat, granuleEnds, sink);
    sink.head().align();
    long pieces = 0;
    for (int g = 0; g < granules; g++) {
      sink.piece(g).align();
      pieces += sink.piece(g).position();
    }
    // What says everything in its head, as a constant does, needs no table of frames.
    MemorySegment block =
        pieces == 0 ? whole(sink, granules, scratch) : framed(sink, granules, scratch);
    block.set(Vector.I32, 4, Math.toIntExact(block.byteSize()));
    block.set(Vector.I32, 8, flat.rows());
    block.set(Vector.I16, 12, (short) granules);
    for (int g = 0; g < granules; g++) {
      int rows = granuleEnds[g] - (g == 0 ? 0 : granuleEnds[g - 1]);
      block.set(Vector.I32, BlockLayout.HEADER_BYTES + g * 4L, rows);
    }
    block.set(Vector.I32, 0, Checksum.of(block.asSlice(4)));
    return block;
  }

  private MemorySegment whole(BlockSink sink, int granules, Scratch scratch) {
    MemorySegment plain = sink.head().written();
    Compressor.Compressed body = compressor.compress(plain, choice, scratch);
    int start = BlockLayout.framesOffset(granules);
    MemorySegment block = scratch.allocate(start + body.bytes().byteSize());
    block.asSlice(0, start).fill((byte) 0);
    block.set(JAVA_BYTE, 14, (byte) body.method());
    block.set(Vector.I32, 16, Math.toIntExact(plain.byteSize()));
    MemorySegment.copy(body.bytes(), 0, block, start, body.bytes().byteSize());
    return block;
  }

  private MemorySegment framed(BlockSink sink, int granules, Scratch scratch) {
    MemorySegment[] plain = new MemorySegment[granules + 1];
    Compressor.Compressed[] frames = new Compressor.Compressed[granules + 1];
    int start = BlockLayout.bodyOffset(granules);
    long plainBytes = 0;
    long end = start;
    for (int f = 0; f <= granules; f++) {
      plain[f] = (f == 0 ? sink.head() : sink.piece(f - 1)).written();
      frames[f] = compressor.compress(plain[f], choice, scratch);
      plainBytes += plain[f].byteSize();
      end += frames[f].bytes().byteSize() + 7 & ~7;
    }
    MemorySegment block = scratch.allocate(end);
    block.asSlice(0, start).fill((byte) 0);
    block.set(JAVA_BYTE, 15, (byte) 1);
    block.set(Vector.I32, 16, Math.toIntExact(plainBytes));
    long at = start;
    for (int f = 0; f <= granules; f++) {
      int stored = Math.toIntExact(frames[f].bytes().byteSize());
      int bytes = (int) plain[f].byteSize();
      BlockLayout.setFrame(block, granules, f, stored, bytes, frames[f].method());
      MemorySegment.copy(frames[f].bytes(), 0, block, at, stored);
      long next = at + (stored + 7 & ~7);
      block.asSlice(at + stored, next - at - stored).fill((byte) 0);
      at = next;
    }
    return block;
  }
}
