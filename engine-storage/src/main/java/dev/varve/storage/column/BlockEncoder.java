// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.column;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.codec.ByteSink;
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
    ByteSink sink = new ByteSink(scratch, 1 << 16);
    nodes.encode(flat, granuleEnds, sink);
    sink.align();
    MemorySegment plain = sink.written();
    Compressor.Compressed body = compressor.compress(plain, choice, scratch);
    int granules = granuleEnds.length;
    int start = BlockLayout.bodyOffset(granules);
    MemorySegment block = scratch.allocate(start + body.bytes().byteSize());
    block.asSlice(0, start).fill((byte) 0);
    block.set(Vector.I32, 4, Math.toIntExact(block.byteSize()));
    block.set(Vector.I32, 8, flat.rows());
    block.set(Vector.I16, 12, (short) granules);
    block.set(JAVA_BYTE, 14, (byte) body.method());
    block.set(Vector.I32, 16, Math.toIntExact(plain.byteSize()));
    for (int g = 0; g < granules; g++) {
      int rows = granuleEnds[g] - (g == 0 ? 0 : granuleEnds[g - 1]);
      block.set(Vector.I32, BlockLayout.HEADER_BYTES + g * 4L, rows);
    }
    MemorySegment.copy(body.bytes(), 0, block, start, body.bytes().byteSize());
    block.set(Vector.I32, 0, Checksum.of(block.asSlice(4)));
    return block;
  }
}
