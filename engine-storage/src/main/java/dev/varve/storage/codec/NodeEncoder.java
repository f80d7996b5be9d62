// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Validity;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Encodes the values of a block as nodes ([NodeLayout]). One thread.
public final class NodeEncoder {
  private final IntegerEncoder integers = new IntegerEncoder();
  private final NumberNodes numbers;
  private final BytesNodes bytes;

  public NodeEncoder(CodecChoice choice) {
    this.numbers = new NumberNodes(choice.encoding(), integers);
    this.bytes = new BytesNodes(integers, new TextSampler(choice));
  }

  /// Appends the node of these rows.
  ///
  /// @param flat a flat vector of all rows of the block, whose offsets begin at 0
  /// @param ends for each granule, one past its last row
  public void encode(Vector flat, int[] ends, BlockSink out) {
    int rows = flat.rows();
    int nulls = flat.validity() == null ? 0 : rows - Validity.count(flat.validity(), rows);
    Vector values = nulls == 0 ? flat.withValidity(null) : flat;
    Physical physical = values.physical();
    boolean isNested = physical == Physical.LIST || physical == Physical.STRUCT;
    if (nulls == rows && nulls > 0 && !isNested) {
      out.begin(NodeLayout.CONSTANT, NodeLayout.ALL_NULL, 0, ends.length);
      return;
    }
    switch (physical) {
      case BYTES -> bytes.strings(values, ends, out);
      case LIST -> list(values, ends, out);
      case STRUCT -> struct(values, ends, out);
      case FIXED -> bytes.fixed(values, ends, out);
      case INT128, INT256 -> {
        if (Integers.isNarrow(values, 0, rows)) {
          numbers.encode(values, ends, NodeLayout.NARROW, 8, out);
        } else {
          bytes.raw(values, ends, out);
        }
      }
      default -> numbers.encode(values, ends, 0, physical.width(), out);
    }
  }

  static int flags(Vector values) {
    return values.validity() == null ? 0 : NodeLayout.HAS_VALIDITY;
  }

  static int from(int[] ends, int granule) {
    return granule == 0 ? 0 : ends[granule - 1];
  }

  /// Begins the section of a granule with its validity.
  static ByteSink section(
      long node, int granule, Vector values, int[] ends, IntegerEncoder integers, BlockSink out) {
    ByteSink sink = out.section(node, granule);
    if (values.validity() != null) {
      int from = from(ends, granule);
      SectionValidity.encode(values.validity(), from, ends[granule], integers, sink);
    }
    return sink;
  }

  /// Lengths of `count` strings or lists from row `from` on.
  static void loadLengths(MemorySegment offsets, int from, int count, long[] lengths) {
    int[] ends = new int[count + 1];
    MemorySegment.copy(offsets, Vector.I32, from * 4L, ends, 0, count + 1);
    for (int i = 0; i < count; i++) {
      lengths[i] = (long) ends[i + 1] - ends[i];
    }
  }

  private void list(Vector values, int[] ends, BlockSink out) {
    long node = out.begin(NodeLayout.LIST, flags(values), 1, ends.length);
    int[] childEnds = new int[ends.length];
    long[] lengths = new long[values.rows()];
    for (int g = 0; g < ends.length; g++) {
      int count = ends[g] - from(ends, g);
      ByteSink sink = section(node, g, values, ends, integers, out);
      loadLengths(values.offsets(), from(ends, g), count, lengths);
      integers.encode(lengths, count, 4, sink);
      childEnds[g] = values.offsets().get(Vector.I32, ends[g] * 4L);
    }
    out.child(node, ends.length);
    encode(values.elements(), childEnds, out);
  }

  private void struct(Vector values, int[] ends, BlockSink out) {
    List<Vector> fields = values.children();
    long node = out.begin(NodeLayout.STRUCT, flags(values), fields.size(), ends.length);
    for (int g = 0; g < ends.length; g++) {
      section(node, g, values, ends, integers, out);
    }
    for (int f = 0; f < fields.size(); f++) {
      out.child(node, ends.length + f);
      encode(fields.get(f), ends, out);
    }
  }
}
