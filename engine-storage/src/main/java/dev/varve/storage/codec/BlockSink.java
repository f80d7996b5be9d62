// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import dev.varve.storage.vector.Scratch;

/// The plain bytes of a block under construction: a head with the nodes and what all granules
/// share, and for each granule a piece with its sections. Head and pieces are compressed each on
/// its own, so that a granule is read without its neighbours.
public final class BlockSink {
  private final ByteSink head;
  private final ByteSink[] pieces;
  private final Scratch scratch;

  public BlockSink(int granules, Scratch scratch) {
    this.scratch = scratch;
    head = new ByteSink(scratch, 4096);
    pieces = new ByteSink[granules];
    for (int g = 0; g < granules; g++) {
      pieces[g] = new ByteSink(scratch, 16384);
    }
  }

  private BlockSink(ByteSink head, Scratch scratch) {
    this.scratch = scratch;
    this.head = head;
    this.pieces = null;
  }

  /// For what is needed until the block is written.
  Scratch scratch() {
    return scratch;
  }

  public ByteSink head() {
    return head;
  }

  /// The bytes of a granule; empty where all that it holds stands in the head.
  public ByteSink piece(int granule) {
    return pieces[granule];
  }

  /// The same head as the place of all sections, for what is shared by the granules.
  BlockSink shared() {
    return new BlockSink(head, scratch);
  }

  /// Writes the fixed part of a node and returns where it begins.
  long begin(int kind, int flags, int children, int granules) {
    head.align();
    long node = head.position();
    head.putByte(kind);
    head.putByte(flags);
    head.putShort(children);
    head.putInt(granules);
    head.putInt(0);
    for (int i = 0; i < granules + children; i++) {
      head.putInt(0);
    }
    head.align();
    return node;
  }

  /// Begins the section of a granule and returns where to write it.
  ByteSink section(long node, int granule) {
    ByteSink sink = pieces == null ? head : pieces[granule];
    sink.align();
    setOffset(node, granule, pieces == null ? sink.position() - node : sink.position());
    return sink;
  }

  /// Begins a child of a node.
  ///
  /// @param number the node's granules, and the child's place among the children
  void child(long node, int number) {
    head.align();
    setOffset(node, number, head.position() - node);
  }

  private void setOffset(long node, int number, long offset) {
    head.setInt(node + NodeLayout.HEADER_BYTES + number * 4L, Math.toIntExact(offset));
  }
}
