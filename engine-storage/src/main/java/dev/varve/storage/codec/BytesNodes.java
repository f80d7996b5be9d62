// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// Nodes of byte strings and of values of fixed width that are no numbers. One thread.
///
/// Strings that repeat become a dictionary, sorted so that its entries share prefixes; strings in
/// sorted order are front-coded as they stand; others stay plain. Where it looks for one, the
/// sampler may find a table that is better than front-coding and than plain strings.
final class BytesNodes {
  private static final int MAX_DICTIONARY = 1 << 16;

  /// Up to so many values a dictionary is taken though it saves few bytes, for its codes.
  private static final int MAX_CODED = 1 << 15;

  private final IntegerEncoder integers;
  private final TextSampler sampler;
  private long[] pieces = new long[0];

  BytesNodes(IntegerEncoder integers, TextSampler sampler) {
    this.integers = integers;
    this.sampler = sampler;
  }

  /// The values as they are.
  static void raw(Vector values, int[] ends, IntegerEncoder integers, BlockSink out) {
    int width = values.width();
    long node = out.begin(NodeLayout.FIXED, NodeEncoder.flags(values), 0, ends.length);
    for (int g = 0; g < ends.length; g++) {
      ByteSink sink = NodeEncoder.section(node, g, values, ends, integers, out);
      long from = (long) NodeEncoder.from(ends, g) * width;
      sink.put(values.values(), from, (long) ends[g] * width - from);
    }
  }

  void raw(Vector values, int[] ends, BlockSink out) {
    raw(values, ends, integers, out);
  }

  void fixed(Vector values, int[] ends, BlockSink out) {
    BytesDictionary dictionary = dictionary(values, values.rows() / 4);
    if (dictionary == null
        || dictionary.distinct() == 0
        || dictionary.distinctBytes() * 2 > (long) values.rows() * values.width()) {
      raw(values, ends, out);
    } else {
      coded(values, dictionary, ends, out);
    }
  }

  void strings(Vector values, int[] ends, BlockSink out) {
    int rows = values.rows();
    BytesDictionary dictionary = dictionary(values, rows - rows / 4);
    if (dictionary != null && (isSmall(dictionary, values) || saves(dictionary, values))) {
      coded(values, dictionary, ends, out);
    } else if (isSorted(values)) {
      front(values, ends, out);
    } else {
      FsstTable table = sampler.looks() ? table(values, out) : null;
      if (table == null) {
        plain(values, ends, out);
      } else {
        symbols(values, ends, table, out);
      }
    }
  }

  private FsstTable table(Vector values, BlockSink out) {
    return sampler.find(values, rows(0, values.rows()), false, out.scratch());
  }

  private static int[] rows(int from, int to) {
    int[] rows = new int[to - from];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = from + i;
    }
    return rows;
  }

  /// Strings as codes of a table of the block.
  private void symbols(Vector values, int[] ends, FsstTable table, BlockSink out) {
    long node = out.begin(NodeLayout.FSST, NodeEncoder.flags(values), 0, ends.length);
    table.write(out.head());
    for (int g = 0; g < ends.length; g++) {
      ByteSink sink = NodeEncoder.section(node, g, values, ends, integers, out);
      int[] rows = rows(NodeEncoder.from(ends, g), ends[g]);
      FsstText.encode(values, rows, table, FsstText.ROWS_OF_STOP, integers, sink);
    }
  }

  private static long bytes(Vector values) {
    return values.offsets().get(Vector.I32, values.rows() * 4L);
  }

  /// Whether there are so few values that codes are the better form to work on.
  private static boolean isSmall(BytesDictionary dictionary, Vector values) {
    int rows = values.rows();
    int distinct = dictionary.distinct();
    return distinct > 0
        && (isLowCardinality(values.type())
            || distinct <= Math.min(MAX_CODED, Math.max(1, rows / 4)))
        && dictionary.distinctBytes() + 2L * distinct <= (rows + bytes(values)) / 2;
  }

  /// Whether a large dictionary is smaller than the strings one by one, both compressed. By what
  /// was seen in URLs, titles and comments, LZ4 leaves three tenths of text and a fifth of sorted
  /// text without shared prefixes, whose lengths take another byte.
  private static boolean saves(BytesDictionary dictionary, Vector values) {
    int distinct = dictionary.distinct();
    if (distinct == 0) {
      return false;
    }
    long codes = (long) values.rows() * IntegerEncoder.width(distinct - 1) / 8;
    return dictionary.distinctBytes() / 5 + distinct + codes < bytes(values) * 3 / 10;
  }

  private static BytesDictionary dictionary(Vector values, int limit) {
    boolean wished = isLowCardinality(values.type());
    int most = wished ? MAX_DICTIONARY : Math.min(MAX_DICTIONARY, limit);
    return BytesDictionary.of(values, Math.max(1, most), !wished);
  }

  private static boolean isLowCardinality(DataType type) {
    return switch (type) {
      case DataType.LowCardinality _ -> true;
      case DataType.SimpleAggregate(String _, DataType inner) -> isLowCardinality(inner);
      case DataType.Nullable(DataType inner) -> isLowCardinality(inner);
      default -> false;
    };
  }

  private void coded(Vector values, BytesDictionary dictionary, int[] ends, BlockSink out) {
    if (dictionary.distinct() == 1 && values.validity() == null) {
      constant(values, ends.length, out);
      return;
    }
    int[] rows = dictionary.firstRows();
    int[] places = null;
    if (values.physical() == Physical.BYTES) {
      places = sorted(values, rows);
    }
    long node = out.begin(NodeLayout.DICTIONARY, NodeEncoder.flags(values), 1, ends.length);
    for (int g = 0; g < ends.length; g++) {
      int from = NodeEncoder.from(ends, g);
      int count = ends[g] - from;
      ByteSink sink = NodeEncoder.section(node, g, values, ends, integers, out);
      reserve(count);
      codes(dictionary.codes(), from, count, places, pieces);
      integers.encode(pieces, count, 4, sink);
    }
    out.head().setInt(node + 8, rows.length);
    out.child(node, ends.length);
    distinct(values, rows, out.shared());
  }

  private static void codes(long[] codes, int from, int count, int[] places, long[] out) {
    if (places == null) {
      System.arraycopy(codes, from, out, 0, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      out[i] = places[(int) codes[from + i]];
    }
  }

  /// Sorts the rows by their strings and returns where each came to stand.
  private static int[] sorted(Vector values, int[] rows) {
    int[] places = new int[values.rows()];
    int[] before = rows.clone();
    StringOrder.sort(values, rows);
    for (int place = 0; place < rows.length; place++) {
      places[rows[place]] = place;
    }
    int[] placeOfCode = new int[rows.length];
    for (int code = 0; code < rows.length; code++) {
      placeOfCode[code] = places[before[code]];
    }
    return placeOfCode;
  }

  /// The node of a value that stands in every row.
  private void constant(Vector values, int granules, BlockSink out) {
    long node = out.begin(NodeLayout.CONSTANT, 0, 1, granules);
    out.child(node, granules);
    distinct(values, new int[1], out.shared());
  }

  /// The distinct values as a node of one granule.
  private void distinct(Vector values, int[] rows, BlockSink out) {
    if (values.physical() == Physical.FIXED) {
      ByteSink sink = out.section(out.begin(NodeLayout.FIXED, 0, 0, 1), 0);
      for (int row : rows) {
        sink.put(values.values(), (long) row * values.width(), values.width());
      }
      return;
    }
    FsstTable table =
        rows.length > 1 && sampler.looks() ? sampler.find(values, rows, true, out.scratch()) : null;
    if (table != null) {
      long node = out.begin(NodeLayout.FSST, 0, 0, 1);
      table.write(out.head());
      FsstText.encode(values, rows, table, 1, integers, out.section(node, 0));
      return;
    }
    if (rows.length > 1) {
      ByteSink sink = out.section(out.begin(NodeLayout.FRONT, 0, 0, 1), 0);
      FrontCoding.encode(values, rows, rows.length, integers, sink);
      return;
    }
    ByteSink sink = out.section(out.begin(NodeLayout.BYTES, 0, 0, 1), 0);
    long from = values.offsets().get(Vector.I32, rows[0] * 4L);
    long length = values.offsets().get(Vector.I32, rows[0] * 4L + 4) - from;
    long fields = lengths(new long[] {length}, 1, sink);
    sink.put(values.values(), from, length);
    sink.setInt(fields + 4, (int) length);
  }

  /// Writes the two sizes and the lengths; the second size is to be set. Returns where they are.
  private long lengths(long[] lengths, int count, ByteSink out) {
    long fields = out.position();
    out.putLong(0);
    integers.encode(lengths, count, 4, out);
    out.align();
    out.setInt(fields, Math.toIntExact(out.position() - fields - 8));
    return fields;
  }

  private void reserve(int count) {
    pieces = pieces.length < count ? new long[count] : pieces;
  }

  private void plain(Vector values, int[] ends, BlockSink out) {
    long node = out.begin(NodeLayout.BYTES, NodeEncoder.flags(values), 0, ends.length);
    MemorySegment offsets = values.offsets();
    for (int g = 0; g < ends.length; g++) {
      int from = NodeEncoder.from(ends, g);
      int count = ends[g] - from;
      ByteSink sink = NodeEncoder.section(node, g, values, ends, integers, out);
      reserve(count);
      NodeEncoder.loadLengths(offsets, from, count, pieces);
      long fields = lengths(pieces, count, sink);
      int start = offsets.get(Vector.I32, from * 4L);
      int bytes = offsets.get(Vector.I32, ends[g] * 4L) - start;
      sink.put(values.values(), start, bytes);
      sink.setInt(fields + 4, bytes);
    }
  }

  private void front(Vector values, int[] ends, BlockSink out) {
    long node = out.begin(NodeLayout.FRONT, NodeEncoder.flags(values), 0, ends.length);
    for (int g = 0; g < ends.length; g++) {
      int[] rows = rows(NodeEncoder.from(ends, g), ends[g]);
      ByteSink sink = NodeEncoder.section(node, g, values, ends, integers, out);
      FrontCoding.encode(values, rows, rows.length, integers, sink);
    }
  }

  /// Whether neighbours share half their bytes, by a sample of pairs.
  private static boolean isSorted(Vector values) {
    int rows = values.rows();
    long shared = 0;
    long all = 0;
    for (int row = 1; row < rows; row += 1 + rows / 512) {
      long a = values.offsets().get(Vector.I32, row * 4L - 4);
      long b = values.offsets().get(Vector.I32, row * 4L);
      int length = values.offsets().get(Vector.I32, row * 4L + 4) - (int) b;
      shared += ByteWords.shared(values.values(), a, b, Math.min((int) (b - a), length));
      all += length;
    }
    return rows >= 64 && shared * 2 > all && all > 4;
  }
}
