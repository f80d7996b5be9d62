// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Vector;

/// Nodes of values of up to eight bytes: integers by value, floats by their bits. One thread.
final class NumberNodes {
  private static final int MAX_DICTIONARY = 1024;

  /// A stream of xors is read thirty times slower than packed bits, so it must save much.
  private static final double XOR_SHARE = 0.4;

  private final CodecChoice.Encoding forced;
  private final IntegerEncoder integers;
  private long[] longs = new long[0];
  private long[] pieces = new long[0];

  NumberNodes(CodecChoice.Encoding forced, IntegerEncoder integers) {
    // Numbers beside strings, as the lengths of a list, are free.
    this.forced = forced == CodecChoice.Encoding.FSST ? CodecChoice.Encoding.AUTOMATIC : forced;
    this.integers = integers;
  }

  void encode(Vector values, int[] ends, int flags, int bytes, BlockSink out) {
    int rows = values.rows();
    longs = longs.length < rows ? new long[rows] : longs;
    pieces = pieces.length < rows ? new long[rows] : pieces;
    if (flags == NodeLayout.NARROW) {
      Integers.loadNarrow(values, 0, rows, longs);
    } else {
      Integers.load(values, 0, rows, longs);
    }
    if (rows > 0 && values.validity() == null && isConstant(longs, rows)) {
      constant(values, ends.length, out);
      return;
    }
    boolean isFree = forced == CodecChoice.Encoding.AUTOMATIC;
    long[] dictionary = isFree ? dictionary(longs, ends) : null;
    if (dictionary != null) {
      coded(values, ends, flags, bytes, dictionary, out);
    } else if (!isFree || !values.physical().isFloat() || !floats(values, ends, out)) {
      plain(values, ends, forced, flags, bytes, out);
    }
  }

  private void plain(
      Vector values,
      int[] ends,
      CodecChoice.Encoding encoding,
      int flags,
      int bytes,
      BlockSink out) {
    int granules = ends.length;
    long node = out.begin(NodeLayout.INTEGERS, NodeEncoder.flags(values) | flags, 0, granules);
    for (int g = 0; g < granules; g++) {
      ByteSink sink = NodeEncoder.section(node, g, values, ends, integers, out);
      int count = piece(ends, g);
      switch (encoding) {
        case AUTOMATIC -> integers.encode(pieces, count, bytes, sink);
        case DELTA -> integers.encodeAs(IntegerEncoder.DELTA, pieces, count, bytes, sink);
        case DOUBLE_DELTA ->
            integers.encodeAs(IntegerEncoder.DOUBLE_DELTA, pieces, count, bytes, sink);
        case GORILLA -> integers.encodeAs(IntegerEncoder.XOR, pieces, count, bytes, sink);
        case GCD -> integers.encodeAs(IntegerEncoder.DIVIDED, pieces, count, bytes, sink);
        case FSST -> throw new IllegalStateException("numbers as strings");
        case T64 -> integers.encodeAs(IntegerEncoder.PACKED, pieces, count, bytes, sink);
      }
    }
  }

  /// Copies the numbers of a granule to where they may be overwritten; returns how many.
  private int piece(int[] ends, int granule) {
    int from = NodeEncoder.from(ends, granule);
    System.arraycopy(longs, from, pieces, 0, ends[granule] - from);
    return ends[granule] - from;
  }

  private void coded(
      Vector values, int[] ends, int flags, int bytes, long[] dictionary, BlockSink out) {
    int granules = ends.length;
    long node = out.begin(NodeLayout.DICTIONARY, NodeEncoder.flags(values) | flags, 1, granules);
    for (int g = 0; g < granules; g++) {
      int from = NodeEncoder.from(ends, g);
      ByteSink sink = NodeEncoder.section(node, g, values, ends, integers, out);
      LongDictionary.codes(longs, from, ends[g] - from, dictionary, pieces);
      integers.encode(pieces, ends[g] - from, 4, sink);
    }
    out.head().setInt(node + 8, dictionary.length);
    out.child(node, granules);
    shared(dictionary, dictionary.length, bytes, out);
  }

  /// A node of one granule in the head.
  private void shared(long[] values, int count, int bytes, BlockSink out) {
    BlockSink shared = out.shared();
    long node = shared.begin(NodeLayout.INTEGERS, 0, 0, 1);
    integers.encode(values, count, bytes, shared.section(node, 0));
  }

  /// Writes floats as what they often are: decimals, or numbers of one magnitude. False where
  /// neither saves much, so that their bits are as good.
  private boolean floats(Vector values, int[] ends, BlockSink out) {
    int rows = values.rows();
    if (rows == 0) {
      return false;
    }
    Physical physical = values.physical();
    Alp.Exponents exponents = Alp.choose(longs, rows, physical);
    if (exponents != null) {
      long node = out.begin(NodeLayout.ALP, NodeEncoder.flags(values), 0, ends.length);
      for (int g = 0; g < ends.length; g++) {
        ByteSink sink = NodeEncoder.section(node, g, values, ends, integers, out);
        Alp.encode(pieces, piece(ends, g), exponents, physical, integers, sink);
      }
      return true;
    }
    if (XorStream.share(longs, rows, 8 * physical.width()) < XOR_SHARE) {
      plain(values, ends, CodecChoice.Encoding.GORILLA, 0, physical.width(), out);
      return true;
    }
    AlpRd table = AlpRd.of(longs, rows, physical);
    if (table == null) {
      return false;
    }
    long node = out.begin(NodeLayout.ALP_RD, NodeEncoder.flags(values), 0, ends.length);
    table.writeTable(out.head());
    for (int g = 0; g < ends.length; g++) {
      ByteSink sink = NodeEncoder.section(node, g, values, ends, integers, out);
      table.encode(pieces, piece(ends, g), integers, sink);
    }
    return true;
  }

  private static boolean isConstant(long[] values, int count) {
    long differs = 0;
    for (int i = 1; i < count; i++) {
      differs |= values[i] ^ values[0];
    }
    return differs == 0;
  }

  /// A dictionary where its codes take at most half the bits.
  private static long[] dictionary(long[] values, int[] ends) {
    int rows = ends[ends.length - 1];
    if (rows < 64) {
      return null;
    }
    long bits = 0;
    for (int g = 0; g < ends.length; g++) {
      int from = NodeEncoder.from(ends, g);
      bits += (long) IntegerEncoder.packedWidth(values, from, ends[g] - from) * (ends[g] - from);
    }
    long width = bits / rows;
    if (width < 12) {
      return null;
    }
    long[] dictionary = LongDictionary.of(values, rows, Math.min(MAX_DICTIONARY, rows / 8));
    return dictionary == null || IntegerEncoder.width(dictionary.length - 1) > width / 2
        ? null
        : dictionary;
  }

  /// The node of a value that stands in every row.
  private void constant(Vector values, int granules, BlockSink out) {
    long node = out.begin(NodeLayout.CONSTANT, 0, 1, granules);
    out.child(node, granules);
    Vector one = values.head(1);
    if (values.physical().isLong() || values.physical().isFloat()) {
      Integers.load(one, 0, 1, pieces);
      shared(pieces, 1, values.physical().width(), out);
    } else {
      BytesNodes.raw(one, new int[] {1}, integers, out.shared());
    }
  }
}
