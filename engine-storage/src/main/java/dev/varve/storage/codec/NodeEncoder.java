// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Validity;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Encodes the values of a block as nodes ([NodeLayout]). One thread.
public final class NodeEncoder {
  private static final int MAX_DICTIONARY = 1 << 15;
  private static final int MAX_LONG_DICTIONARY = 1024;

  private final boolean forceDelta;
  private final IntegerEncoder integers = new IntegerEncoder();
  private long[] longs = new long[0];
  private long[] pieces = new long[0];

  public NodeEncoder(CodecChoice choice) {
    this.forceDelta = choice.delta();
  }

  /// Appends the node of these rows.
  ///
  /// @param flat a flat vector of all rows of the block, whose offsets begin at 0
  /// @param ends for each granule, one past its last row
  public void encode(Vector flat, int[] ends, ByteSink out) {
    out.align();
    int rows = flat.rows();
    int nulls = flat.validity() == null ? 0 : rows - Validity.count(flat.validity(), rows);
    Vector values = nulls == 0 ? flat.withValidity(null) : flat;
    Physical physical = values.physical();
    boolean isNested = physical == Physical.LIST || physical == Physical.STRUCT;
    if (nulls == rows && nulls > 0 && !isNested) {
      begin(NodeLayout.CONSTANT, NodeLayout.ALL_NULL, 0, ends.length, out);
      return;
    }
    switch (physical) {
      case BYTES -> bytes(values, ends, out);
      case LIST -> list(values, ends, out);
      case STRUCT -> struct(values, ends, out);
      case FIXED -> fixed(values, ends, out);
      case INT128, INT256 -> {
        if (Integers.isNarrow(values, 0, rows)) {
          numbers(values, ends, NodeLayout.NARROW, 8, out);
        } else {
          raw(values, ends, out);
        }
      }
      default -> numbers(values, ends, 0, physical.width(), out);
    }
  }

  private static int flags(Vector values) {
    return values.validity() == null ? 0 : NodeLayout.HAS_VALIDITY;
  }

  /// Writes the fixed part of a node and returns where it begins.
  private static long begin(int kind, int flags, int children, int granules, ByteSink out) {
    long node = out.position();
    out.putByte(kind);
    out.putByte(flags);
    out.putShort(children);
    out.putInt(granules);
    out.putInt(0);
    for (int i = 0; i < granules + children; i++) {
      out.putInt(0);
    }
    out.align();
    return node;
  }

  /// Begins the section or child with this number.
  private static void begin(long node, int number, ByteSink out) {
    out.align();
    out.setInt(
        node + NodeLayout.HEADER_BYTES + number * 4L, Math.toIntExact(out.position() - node));
  }

  private static void section(long node, int granule, Vector values, int[] ends, ByteSink out) {
    begin(node, granule, out);
    MemorySegment validity = values.validity();
    if (validity == null) {
      return;
    }
    int from = from(ends, granule);
    int to = ends[granule];
    int present = 0;
    for (int row = from; row < to; row += 64) {
      present += Long.bitCount(validityWord(validity, row, to));
    }
    if (present == to - from || present == 0) {
      out.putLong(present == 0 ? NodeLayout.SECTION_ALL_NULL : NodeLayout.NONE_NULL);
      return;
    }
    out.putLong(NodeLayout.BITMAP);
    for (int row = from; row < to; row += 64) {
      out.putLong(validityWord(validity, row, to));
    }
  }

  /// The bits of up to 64 rows from `row` on; zeros from `to` on.
  private static long validityWord(MemorySegment validity, int row, int to) {
    int rows = Math.min(64, to - row);
    if ((row & 7) == 0 && (row >>> 3) + 8 <= validity.byteSize()) {
      return validity.get(Vector.I64, row >>> 3) & -1L >>> (64 - rows);
    }
    long bits = 0;
    for (int i = 0; i < rows; i++) {
      bits |= Validity.isSet(validity, row + i) ? 1L << i : 0;
    }
    return bits;
  }

  private static int from(int[] ends, int granule) {
    return granule == 0 ? 0 : ends[granule - 1];
  }

  private void numbers(Vector values, int[] ends, int flags, int bytes, ByteSink out) {
    int rows = values.rows();
    longs = longs.length < rows ? new long[rows] : longs;
    if (flags == NodeLayout.NARROW) {
      Integers.loadNarrow(values, 0, rows, longs);
    } else {
      Integers.load(values, 0, rows, longs);
    }
    if (rows > 0 && values.validity() == null && isConstant(longs, rows)) {
      constant(values, ends.length, out);
      return;
    }
    long[] dictionary = forceDelta ? null : dictionary(longs, ends);
    pieces = pieces.length < rows ? new long[rows] : pieces;
    if (dictionary == null && values.physical().isFloat() && !forceDelta && rows > 0) {
      int exponent = ScaledFloats.exponent(longs, rows, values.physical());
      if (exponent >= 0) {
        scaled(values, ends, exponent, out);
        return;
      }
    }
    long node =
        begin(
            dictionary == null ? NodeLayout.INTEGERS : NodeLayout.DICTIONARY,
            flags(values) | flags,
            dictionary == null ? 0 : 1,
            ends.length,
            out);
    for (int g = 0; g < ends.length; g++) {
      int from = from(ends, g);
      section(node, g, values, ends, out);
      if (dictionary == null) {
        System.arraycopy(longs, from, pieces, 0, ends[g] - from);
        integers.encode(pieces, ends[g] - from, bytes, forceDelta, out);
      } else {
        LongDictionary.codes(longs, from, ends[g] - from, dictionary, pieces);
        integers.encode(pieces, ends[g] - from, 4, false, out);
      }
    }
    if (dictionary != null) {
      out.setInt(node + 8, dictionary.length);
      begin(node, ends.length, out);
      begin(begin(NodeLayout.INTEGERS, 0, 0, 1, out), 0, out);
      integers.encode(dictionary, dictionary.length, bytes, false, out);
    }
  }

  private void scaled(Vector values, int[] ends, int exponent, ByteSink out) {
    long node = begin(NodeLayout.SCALED, flags(values), 0, ends.length, out);
    for (int g = 0; g < ends.length; g++) {
      int from = from(ends, g);
      section(node, g, values, ends, out);
      System.arraycopy(longs, from, pieces, 0, ends[g] - from);
      ScaledFloats.encode(pieces, ends[g] - from, exponent, values.physical(), integers, out);
    }
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
      int from = from(ends, g);
      bits += (long) IntegerEncoder.packedWidth(values, from, ends[g] - from) * (ends[g] - from);
    }
    long width = bits / rows;
    if (width < 12) {
      return null;
    }
    long[] dictionary = LongDictionary.of(values, rows, Math.min(MAX_LONG_DICTIONARY, rows / 8));
    return dictionary == null || IntegerEncoder.width(dictionary.length - 1) > width / 2
        ? null
        : dictionary;
  }

  /// The node of a value that stands in every row.
  private void constant(Vector values, int granules, ByteSink out) {
    long node = begin(NodeLayout.CONSTANT, 0, 1, granules, out);
    begin(node, granules, out);
    Vector one = values.head(1);
    int[] ends = {1};
    switch (values.physical()) {
      case BYTES -> plainBytes(one, ends, out);
      case FIXED, INT128, INT256 -> raw(one, ends, out);
      default -> {
        Integers.load(one, 0, 1, longs);
        begin(begin(NodeLayout.INTEGERS, 0, 0, 1, out), 0, out);
        integers.encode(longs, 1, values.physical().width(), false, out);
      }
    }
  }

  private void raw(Vector values, int[] ends, ByteSink out) {
    int width = values.width();
    long node = begin(NodeLayout.FIXED, flags(values), 0, ends.length, out);
    for (int g = 0; g < ends.length; g++) {
      section(node, g, values, ends, out);
      long from = (long) from(ends, g) * width;
      out.put(values.values(), from, (long) ends[g] * width - from);
    }
  }

  private void fixed(Vector values, int[] ends, ByteSink out) {
    BytesDictionary dictionary = dictionary(values);
    if (dictionary == null
        || dictionary.distinct() == 0
        || dictionary.distinctBytes() * 2 > (long) values.rows() * values.width()) {
      raw(values, ends, out);
    } else {
      coded(values, dictionary, ends, out);
    }
  }

  private void bytes(Vector values, int[] ends, ByteSink out) {
    BytesDictionary dictionary = dictionary(values);
    long plain = (long) values.rows() + values.offsets().get(Vector.I32, values.rows() * 4L);
    if (dictionary == null
        || dictionary.distinct() == 0
        || dictionary.distinctBytes() + 2L * dictionary.distinct() > plain / 2) {
      plainBytes(values, ends, out);
    } else {
      coded(values, dictionary, ends, out);
    }
  }

  private static BytesDictionary dictionary(Vector values) {
    boolean wished = isLowCardinality(values.type());
    int limit = wished ? MAX_DICTIONARY * 2 : Math.min(MAX_DICTIONARY, values.rows() / 4);
    return BytesDictionary.of(values, Math.max(1, limit), !wished);
  }

  private static boolean isLowCardinality(DataType type) {
    return switch (type) {
      case DataType.LowCardinality _ -> true;
      case DataType.SimpleAggregate(String _, DataType inner) -> isLowCardinality(inner);
      case DataType.Nullable(DataType inner) -> isLowCardinality(inner);
      default -> false;
    };
  }

  private void coded(Vector values, BytesDictionary dictionary, int[] ends, ByteSink out) {
    if (dictionary.distinct() == 1 && values.validity() == null) {
      constant(values, ends.length, out);
      return;
    }
    long node = begin(NodeLayout.DICTIONARY, flags(values), 1, ends.length, out);
    pieces = pieces.length < values.rows() ? new long[values.rows()] : pieces;
    for (int g = 0; g < ends.length; g++) {
      int from = from(ends, g);
      section(node, g, values, ends, out);
      System.arraycopy(dictionary.codes(), from, pieces, 0, ends[g] - from);
      integers.encode(pieces, ends[g] - from, 4, false, out);
    }
    out.setInt(node + 8, dictionary.distinct());
    begin(node, ends.length, out);
    distinct(values, dictionary.firstRows(), out);
  }

  /// The distinct values as a node of one granule.
  private void distinct(Vector values, int[] rows, ByteSink out) {
    boolean isFixed = values.physical() == Physical.FIXED;
    long node = begin(isFixed ? NodeLayout.FIXED : NodeLayout.BYTES, 0, 0, 1, out);
    begin(node, 0, out);
    if (isFixed) {
      for (int row : rows) {
        out.put(values.values(), (long) row * values.width(), values.width());
      }
      return;
    }
    long[] lengths = new long[rows.length];
    for (int i = 0; i < rows.length; i++) {
      lengths[i] = length(values, rows[i]);
    }
    long fields = lengths(lengths, rows.length, out);
    long start = out.position();
    for (int row : rows) {
      out.put(values.values(), values.offsets().get(Vector.I32, row * 4L), length(values, row));
    }
    out.setInt(fields + 4, Math.toIntExact(out.position() - start));
  }

  private static int length(Vector values, int row) {
    return values.offsets().get(Vector.I32, row * 4L + 4)
        - values.offsets().get(Vector.I32, row * 4L);
  }

  /// Writes the two sizes and the lengths; the second size is to be set. Returns where they are.
  private long lengths(long[] lengths, int count, ByteSink out) {
    long fields = out.position();
    out.putLong(0);
    integers.encode(lengths, count, 4, false, out);
    out.align();
    out.setInt(fields, Math.toIntExact(out.position() - fields - 8));
    return fields;
  }

  private void loadLengths(MemorySegment offsets, int from, int count) {
    pieces = pieces.length < count ? new long[count] : pieces;
    for (int i = 0; i < count; i++) {
      long at = (from + i) * 4L;
      pieces[i] = (long) offsets.get(Vector.I32, at + 4) - offsets.get(Vector.I32, at);
    }
  }

  private void plainBytes(Vector values, int[] ends, ByteSink out) {
    long node = begin(NodeLayout.BYTES, flags(values), 0, ends.length, out);
    MemorySegment offsets = values.offsets();
    for (int g = 0; g < ends.length; g++) {
      int from = from(ends, g);
      section(node, g, values, ends, out);
      loadLengths(offsets, from, ends[g] - from);
      long fields = lengths(pieces, ends[g] - from, out);
      int start = offsets.get(Vector.I32, from * 4L);
      int count = offsets.get(Vector.I32, ends[g] * 4L) - start;
      out.put(values.values(), start, count);
      out.setInt(fields + 4, count);
    }
  }

  private void list(Vector values, int[] ends, ByteSink out) {
    long node = begin(NodeLayout.LIST, flags(values), 1, ends.length, out);
    int[] childEnds = new int[ends.length];
    for (int g = 0; g < ends.length; g++) {
      int from = from(ends, g);
      section(node, g, values, ends, out);
      loadLengths(values.offsets(), from, ends[g] - from);
      integers.encode(pieces, ends[g] - from, 4, false, out);
      childEnds[g] = values.offsets().get(Vector.I32, ends[g] * 4L);
    }
    begin(node, ends.length, out);
    encode(values.elements(), childEnds, out);
  }

  private void struct(Vector values, int[] ends, ByteSink out) {
    List<Vector> fields = values.children();
    long node = begin(NodeLayout.STRUCT, flags(values), fields.size(), ends.length, out);
    for (int g = 0; g < ends.length; g++) {
      section(node, g, values, ends, out);
    }
    for (int f = 0; f < fields.size(); f++) {
      begin(node, ends.length + f, out);
      encode(fields.get(f), ends, out);
    }
  }
}
