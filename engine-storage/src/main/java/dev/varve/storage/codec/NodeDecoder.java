// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.RowPacking;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Validity;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/// Decodes granules of one node of a block in any order. Safe for threads that each bring their own
/// [IntegerDecoder] and memory.
///
/// What stands in the block as it is needed is not copied: vectors may point into it, so its bytes
/// must live as long as they do. A dictionary is decoded once, and all granules share its vector.
public final class NodeDecoder {
  /// Types nest less deep; damaged offsets may go round for ever.
  private static final int MAX_DEPTH = 64;

  /// Picking one of so many packed numbers costs as much as unpacking all.
  private static final int FEW = 8;

  private final DataType type;
  private final BlockFrames frames;
  private final boolean isWhole;
  private final MemorySegment head;
  private final long node;
  private final Scratch blockMemory;
  private final NodeDecoder[] children;

  // What all granules share. Made by the first that needs it, under the lock of blockMemory.
  private volatile Vector single;
  private volatile Vector dictionary;
  private volatile long[] numbers;
  private volatile FsstTable symbols;

  /// The entries of a dictionary while they are encoded.
  private volatile FsstText entries;

  /// @param frames the plain bytes of the block; each may be read eight bytes past its end
  /// @param blockMemory for what all granules share; lives as long as the frames
  public NodeDecoder(DataType type, BlockFrames frames, Scratch blockMemory) {
    this(type, frames, frames.isWhole(), 0, blockMemory, 0);
  }

  private NodeDecoder(
      DataType type,
      BlockFrames frames,
      boolean isWhole,
      long node,
      Scratch blockMemory,
      int depth) {
    if (depth > MAX_DEPTH) {
      throw new MalformedBytesException("at most " + MAX_DEPTH + " nodes in each other", depth);
    }
    this.type = type;
    this.frames = frames;
    this.isWhole = isWhole;
    this.head = frames.head();
    this.node = node;
    this.blockMemory = blockMemory;
    this.children = children(depth + 1);
  }

  private NodeDecoder[] children(int depth) {
    return switch (NodeLayout.kind(head, node)) {
      case NodeLayout.CONSTANT ->
          NodeLayout.has(head, node, NodeLayout.ALL_NULL)
              ? new NodeDecoder[0]
              : new NodeDecoder[] {child(0, type, true, depth)};
      case NodeLayout.DICTIONARY -> new NodeDecoder[] {child(0, type.unwrapped(), true, depth)};
      case NodeLayout.LIST ->
          switch (type.unwrapped()) {
            case DataType.MapOf map ->
                new NodeDecoder[] {child(0, DataTypes.entries(map), isWhole, depth)};
            case DataType.Array(DataType element) ->
                new NodeDecoder[] {child(0, element, isWhole, depth)};
            default -> throw new MalformedBytesException("a node of " + type.name(), "a list");
          };
      case NodeLayout.STRUCT -> {
        if (!(type.unwrapped() instanceof DataType.Tuple tuple)) {
          throw new MalformedBytesException("a node of " + type.name(), "a struct");
        }
        List<DataType> fields = tuple.fields();
        NodeDecoder[] decoders = new NodeDecoder[fields.size()];
        for (int f = 0; f < decoders.length; f++) {
          decoders[f] = child(f, fields.get(f), isWhole, depth);
        }
        yield decoders;
      }
      default -> new NodeDecoder[0];
    };
  }

  private NodeDecoder child(int number, DataType childType, boolean inHead, int depth) {
    long place = NodeLayout.child(head, node, number);
    return new NodeDecoder(childType, frames, inHead, place, blockMemory, depth);
  }

  /// The rows of a granule.
  ///
  /// @param integers the calling thread's own
  /// @param out memory for what must be computed; the vector lives as long as it and the block
  public Vector decode(int granule, int rows, IntegerDecoder integers, Scratch out) {
    return decode(granule, rows, false, integers, out);
  }

  /// As [#decode], but texts that are not needed to find the others may stay encoded: the vector's
  /// own accessors then find damage in them, as a [MalformedBytesException].
  public Vector decodeLate(int granule, int rows, IntegerDecoder integers, Scratch out) {
    return decode(granule, rows, true, integers, out);
  }

  private Vector decode(
      int granule, int rows, boolean isLate, IntegerDecoder integers, Scratch out) {
    int kind = NodeLayout.kind(head, node);
    if (kind == NodeLayout.CONSTANT) {
      return Vector.constant(type, rows, single(integers));
    }
    MemorySegment in = isWhole ? head : frames.piece(granule);
    long at = NodeLayout.section(head, node, granule) + (isWhole ? node : 0);
    MemorySegment validity = null;
    if (NodeLayout.has(head, node, NodeLayout.HAS_VALIDITY)) {
      validity = SectionValidity.decode(in, at, rows, integers, out);
      at += SectionValidity.bytes(in, at, rows);
    }
    return switch (kind) {
      case NodeLayout.INTEGERS -> integers(in, at, rows, validity, integers, out);
      case NodeLayout.FIXED -> {
        int width = type.width();
        if (width == 0) {
          throw new MalformedBytesException("a node of " + type.name(), "values of one width");
        }
        yield Vector.fixed(type, rows, in.asSlice(at, (long) rows * width), validity);
      }
      case NodeLayout.BYTES -> bytes(in, at, rows, validity, integers, out);
      case NodeLayout.FRONT ->
          FrontCoding.decode(checkedText(), in, at, rows, integers, validity, out);
      case NodeLayout.FSST -> {
        FsstText texts = FsstText.open(in, at, rows, integers);
        yield isLate
            ? texts.late(checkedText(), symbols(), validity, out)
            : texts.decode(checkedText(), symbols(), validity, out);
      }
      case NodeLayout.DICTIONARY -> coded(in, at, rows, validity, integers, out);
      case NodeLayout.SCALED, NodeLayout.ALP, NodeLayout.ALP_RD ->
          floats(kind, in, at, rows, validity, integers, out);
      case NodeLayout.LIST -> {
        MemorySegment offsets = offsets(in, at, rows, integers, out);
        int elements = offsets.get(Vector.I32, rows * 4L);
        Vector inner = flat(children[0].decode(granule, elements, integers, out), out);
        yield Vector.list(type, rows, offsets, inner, validity);
      }
      case NodeLayout.STRUCT ->
          Vector.struct(
              type,
              rows,
              Arrays.stream(children)
                  .map(c -> flat(c.decode(granule, rows, integers, out), out))
                  .toList(),
              validity);
      default -> throw new MalformedBytesException("a kind of node", kind);
    };
  }

  /// Some rows of a granule. Strings that can be read one by one are, others are taken from among
  /// all.
  ///
  /// @param wanted ascending rows of the granule
  public Vector decode(
      int granule, int rows, int[] wanted, int count, IntegerDecoder integers, Scratch out) {
    if (count <= rows / FEW) {
      Vector few = few(granule, rows, wanted, count, integers, out);
      if (few != null) {
        return few;
      }
    }
    boolean isText = NodeLayout.kind(head, node) == NodeLayout.FSST;
    boolean isCoded =
        NodeLayout.kind(head, node) == NodeLayout.DICTIONARY
            && dictionary == null
            && NodeLayout.kind(head, children[0].node) == NodeLayout.FSST;
    if (!isText && !isCoded) {
      return VectorOps.gather(decode(granule, rows, integers, out), wanted, count, out);
    }
    MemorySegment in = isWhole ? head : frames.piece(granule);
    long at = NodeLayout.section(head, node, granule) + (isWhole ? node : 0);
    MemorySegment validity = null;
    if (NodeLayout.has(head, node, NodeLayout.HAS_VALIDITY)) {
      MemorySegment all = SectionValidity.decode(in, at, rows, integers, out);
      validity = all == null ? null : Validity.gather(all, wanted, count, out);
      at += SectionValidity.bytes(in, at, rows);
    }
    return isText
        ? FsstText.open(in, at, rows, integers)
            .decode(checkedText(), symbols(), wanted, count, validity, out)
        : coded(in, at, rows, wanted, count, validity, integers, out);
  }

  /// The rows of a mask, without the others between; null where all had better be decoded first.
  ///
  /// @param left bits of the mask, none of them behind the last row
  public Vector decode(
      int granule,
      int rows,
      long[] mask,
      int left,
      RowPacking packing,
      IntegerDecoder integers,
      Scratch out) {
    int kind = NodeLayout.kind(head, node);
    if (kind == NodeLayout.CONSTANT) {
      return Vector.constant(type, left, single(integers));
    }
    Physical physical = isNarrow() ? Physical.INT64 : type.physical();
    int bytes = physical.width();
    if (kind != NodeLayout.INTEGERS
        || NodeLayout.has(head, node, NodeLayout.HAS_VALIDITY)
        || bytes == 0
        || bytes > 8) {
      return null;
    }
    MemorySegment in = isWhole ? head : frames.piece(granule);
    long at = NodeLayout.section(head, node, granule) + (isWhole ? node : 0);
    if (IntegerDecoder.isConstant(in, at)) {
      IntegerDecoder.checkCount(in, at, rows);
      return Vector.constant(type, left, single(IntegerDecoder.base(in, at), physical, out));
    }
    MemorySegment values = out.allocate((long) left * bytes);
    return integers.decode(in, at, rows, mask, left, packing, bytes, values)
        ? widened(Vector.fixed(type, physical, left, values, null), out)
        : null;
  }

  /// Takes rows out of a mask whose numbers are NULL or not from `low` to `high`, as signed longs.
  /// False, with the mask as it was, where the encoding does not allow that without decoding.
  ///
  /// @param mask bit `i` of word `i / 64` for row `i`
  public boolean keep(
      int granule,
      int rows,
      long low,
      long high,
      IntegerDecoder integers,
      long[] mask,
      Scratch out) {
    int kind = NodeLayout.kind(head, node);
    if (kind != NodeLayout.INTEGERS && kind != NodeLayout.DICTIONARY || !isNumbers()) {
      return false;
    }
    MemorySegment in = isWhole ? head : frames.piece(granule);
    long at = NodeLayout.section(head, node, granule) + (isWhole ? node : 0);
    long numbersAt = at;
    boolean isNullable = NodeLayout.has(head, node, NodeLayout.HAS_VALIDITY);
    if (isNullable) {
      numbersAt += SectionValidity.bytes(in, at, rows);
    }
    long first = low;
    long last = high;
    if (kind == NodeLayout.DICTIONARY) {
      long[] shared = numbers(integers);
      first = LongDictionary.below(shared, low);
      last = (high == Long.MAX_VALUE ? shared.length : LongDictionary.below(shared, high + 1)) - 1;
    }
    int bits = kind == NodeLayout.DICTIONARY ? 64 : bits();
    if (!integers.keep(in, numbersAt, rows, bits, type.isUnsigned(), first, last, mask)) {
      return false;
    }
    MemorySegment validity =
        isNullable ? SectionValidity.decode(in, at, rows, integers, out) : null;
    if (validity != null) {
      Validity.keep(validity, rows, mask);
    }
    return true;
  }

  /// The values that rows point to, where these are no numbers and none is NULL; else null.
  public Vector dictionaryOfTexts(IntegerDecoder integers) {
    return NodeLayout.kind(head, node) == NodeLayout.DICTIONARY
            && type.physical() == Physical.BYTES
            && !NodeLayout.has(head, node, NodeLayout.HAS_VALIDITY)
        ? dictionary(integers)
        : null;
  }

  /// Takes rows out of a mask whose numbers in the dictionary are not from `low` to `high`. False,
  /// with the mask as it was, where that takes decoding them. Only where there is
  /// [#dictionaryOfTexts].
  public boolean keepCodes(
      int granule, int rows, int low, int high, IntegerDecoder integers, long[] mask) {
    MemorySegment in = isWhole ? head : frames.piece(granule);
    long at = NodeLayout.section(head, node, granule) + (isWhole ? node : 0);
    return integers.keep(in, at, rows, 64, false, low, high, mask);
  }

  /// Whether the values are numbers that order as signed longs, where they lie as numbers.
  private boolean isNumbers() {
    boolean isUnsignedLong = type.physical() == Physical.INT64 && type.isUnsigned();
    boolean isDecimal = type.unwrapped() instanceof DataType.Decimal;
    return isNarrow() ? isDecimal : type.physical().isLong() && !isUnsignedLong;
  }

  /// Bits that count of a decoded number.
  private int bits() {
    return isNarrow() || !type.physical().isLong() ? 64 : 8 * type.physical().width();
  }

  /// Some numbers of a granule, or null where others had to be decoded with them.
  private Vector few(
      int granule, int rows, int[] wanted, int count, IntegerDecoder integers, Scratch out) {
    int kind = NodeLayout.kind(head, node);
    if (kind != NodeLayout.INTEGERS && kind != NodeLayout.DICTIONARY
        || !isNumbers()
        || NodeLayout.has(head, node, NodeLayout.HAS_VALIDITY)) {
      return null;
    }
    MemorySegment in = isWhole ? head : frames.piece(granule);
    long at = NodeLayout.section(head, node, granule) + (isWhole ? node : 0);
    long[] picked = integers.pick(in, at, rows, wanted, count);
    if (picked == null) {
      return null;
    }
    if (kind == NodeLayout.DICTIONARY) {
      LongDictionary.replace(picked, numbers(integers));
    }
    Physical physical = isNarrow() ? Physical.INT64 : type.physical();
    MemorySegment values = out.allocate((long) count * physical.width());
    IntegerDecoder.narrow(picked, count, physical.width(), values);
    return widened(Vector.fixed(type, physical, count, values, null), out);
  }

  /// Rows by their codes, with a dictionary of only those entries that they need.
  private Vector coded(
      MemorySegment in,
      long at,
      int rows,
      int[] wanted,
      int count,
      MemorySegment validity,
      IntegerDecoder integers,
      Scratch out) {
    int[] all = codes(in, at, rows, integers);
    int[] codes = new int[count];
    for (int i = 0; i < count; i++) {
      codes[i] = all[wanted[i]];
    }
    int[] needed = Arrays.stream(codes).sorted().distinct().toArray();
    MemorySegment stored = out.allocate(count * 4L);
    for (int i = 0; i < count; i++) {
      stored.set(Vector.I32, i * 4L, Arrays.binarySearch(needed, codes[i]));
    }
    NodeDecoder child = children[0];
    Vector found =
        entries(integers)
            .decode(child.checkedText(), child.symbols(), needed, needed.length, null, out);
    return Vector.dictionary(type, count, stored, found, validity);
  }

  private FsstText entries(IntegerDecoder integers) {
    if (entries == null) {
      synchronized (blockMemory) {
        if (entries == null) {
          NodeDecoder child = children[0];
          long section = child.node + NodeLayout.section(head, child.node, 0);
          entries = FsstText.open(head, section, NodeLayout.distinct(head, node), integers);
        }
      }
    }
    return entries;
  }

  private FsstTable symbols() {
    if (symbols == null) {
      synchronized (blockMemory) {
        if (symbols == null) {
          symbols = FsstTable.read(head, NodeLayout.extra(head, node));
        }
      }
    }
    return symbols;
  }

  private Vector floats(
      int kind,
      MemorySegment in,
      long at,
      int rows,
      MemorySegment validity,
      IntegerDecoder integers,
      Scratch out) {
    Physical physical = type.physical();
    if (!physical.isFloat()) {
      throw new MalformedBytesException("a node of " + type.name(), "floats");
    }
    MemorySegment values = out.allocate((long) rows * physical.width());
    switch (kind) {
      case NodeLayout.SCALED -> ScaledFloats.decode(in, at, rows, physical, integers, values);
      case NodeLayout.ALP -> Alp.decode(in, at, rows, physical, integers, values);
      default ->
          AlpRd.decode(
              head, NodeLayout.extra(head, node), in, at, rows, physical, integers, values);
    }
    return Vector.fixed(type, rows, values, validity);
  }

  private DataType checkedText() {
    if (type.physical() != Physical.BYTES) {
      throw new MalformedBytesException("a node of " + type.name(), "byte strings");
    }
    return type;
  }

  /// Children of lists and structs are flat: gathering from them would lose what the form saves.
  private static Vector flat(Vector vector, Scratch out) {
    return VectorOps.flatten(vector, out);
  }

  private Vector single(IntegerDecoder integers) {
    if (single == null) {
      synchronized (blockMemory) {
        if (single == null) {
          single =
              children.length == 0
                  ? VectorOps.nulls(plain(type), 1, blockMemory).as(type)
                  : flat(children[0].decode(0, 1, integers, blockMemory), blockMemory);
        }
      }
    }
    return single;
  }

  /// The type without `LowCardinality` and its like, which lie as what they wrap.
  private static DataType plain(DataType type) {
    return type.unwrapped();
  }

  private boolean isNarrow() {
    boolean isNarrow = NodeLayout.has(head, node, NodeLayout.NARROW);
    if (isNarrow && !type.physical().isWideInteger()) {
      throw new MalformedBytesException("a node of " + type.name(), "narrowed integers");
    }
    return isNarrow;
  }

  private Vector integers(
      MemorySegment in,
      long at,
      int rows,
      MemorySegment validity,
      IntegerDecoder integers,
      Scratch out) {
    Physical physical = isNarrow() ? Physical.INT64 : type.physical();
    int bytes = physical.width();
    if (bytes == 0 || bytes > 8) {
      throw new MalformedBytesException("a node of " + type.name(), "integers");
    }
    if (validity == null && IntegerDecoder.isConstant(in, at) && rows > 0) {
      IntegerDecoder.checkCount(in, at, rows);
      return Vector.constant(type, rows, single(IntegerDecoder.base(in, at), physical, out));
    }
    MemorySegment values;
    if (IntegerDecoder.isPlain(in, at)) {
      values = in.asSlice(at + IntegerEncoder.HEADER_BYTES, (long) rows * bytes);
    } else {
      values = out.allocate((long) rows * bytes);
      integers.decode(in, at, rows, bytes, values);
    }
    return widened(Vector.fixed(type, physical, rows, values, validity), out);
  }

  private Vector single(long value, Physical physical, Scratch out) {
    MemorySegment values = out.allocate(8);
    values.set(Vector.I64, 0, value);
    return widened(Vector.fixed(type, physical, 1, values, null), out);
  }

  /// Decimals may lie narrower than their type, wide integers may not.
  private Vector widened(Vector vector, Scratch out) {
    if (!isNarrow() || type.unwrapped() instanceof DataType.Decimal) {
      return vector;
    }
    return VectorOps.widen(vector, type.physical(), out);
  }

  private Vector bytes(
      MemorySegment in,
      long at,
      int rows,
      MemorySegment validity,
      IntegerDecoder integers,
      Scratch out) {
    int lengthBytes = in.get(Vector.I32, at);
    int valueBytes = in.get(Vector.I32, at + 4);
    MemorySegment offsets = offsets(in, at + 8, rows, integers, out);
    int end = offsets.get(Vector.I32, rows * 4L);
    if (end != valueBytes) {
      throw new MalformedBytesException(valueBytes + " bytes of strings", end);
    }
    MemorySegment values = in.asSlice(at + 8 + lengthBytes, valueBytes);
    return Vector.bytes(checkedText(), rows, offsets, values, validity);
  }

  private static MemorySegment offsets(
      MemorySegment in, long at, int rows, IntegerDecoder integers, Scratch out) {
    MemorySegment offsets = out.allocate((rows + 1) * 4L);
    if (!sum(integers.decodeInts(in, at, rows), rows, offsets)) {
      throw new MalformedBytesException("lengths of 0 and more", "a length below");
    }
    return offsets;
  }

  /// False where a length is below 0, or they are too many for an offset.
  private static boolean sum(int[] lengths, int rows, MemorySegment offsets) {
    int at = 0;
    int signs = 0;
    offsets.set(Vector.I32, 0, 0);
    for (int i = 0; i < rows; i++) {
      at += lengths[i];
      signs |= lengths[i] | at;
      offsets.set(Vector.I32, i * 4L + 4, at);
    }
    return signs >= 0;
  }

  private Vector coded(
      MemorySegment in,
      long at,
      int rows,
      MemorySegment validity,
      IntegerDecoder integers,
      Scratch out) {
    int bytes = isNarrow() ? 8 : Integers.bytes(type.physical());
    if (bytes > 0) {
      return numbers(in, at, rows, bytes, validity, integers, out);
    }
    Vector shared = dictionary(integers);
    int[] codes = codes(in, at, rows, integers);
    MemorySegment stored = out.allocate(rows * 4L);
    MemorySegment.copy(codes, 0, stored, Vector.I32, 0, rows);
    return Vector.dictionary(type, rows, stored, shared, validity);
  }

  private Vector dictionary(IntegerDecoder integers) {
    if (dictionary == null) {
      synchronized (blockMemory) {
        if (dictionary == null) {
          int distinct = NodeLayout.distinct(head, node);
          dictionary = flat(children[0].decode(0, distinct, integers, blockMemory), blockMemory);
        }
      }
    }
    return dictionary;
  }

  /// The codes of a granule, in an array that lives until the next run is decoded.
  private int[] codes(MemorySegment in, long at, int rows, IntegerDecoder integers) {
    int[] codes = integers.decodeInts(in, at, rows);
    check(codes, rows, NodeLayout.distinct(head, node));
    return codes;
  }

  private static void check(int[] codes, int rows, int distinct) {
    int low = 0;
    int high = 0;
    for (int i = 0; i < rows; i++) {
      low = Math.min(low, codes[i]);
      high = Math.max(high, codes[i]);
    }
    if (rows > 0 && (low < 0 || high >= distinct)) {
      throw new MalformedBytesException("codes of " + distinct + " values", low + " to " + high);
    }
  }

  /// Numbers by their codes, as a flat vector.
  private Vector numbers(
      MemorySegment in,
      long at,
      int rows,
      int bytes,
      MemorySegment validity,
      IntegerDecoder integers,
      Scratch out) {
    long[] shared = numbers(integers);
    int[] codes = codes(in, at, rows, integers);
    MemorySegment values = out.allocate((long) rows * bytes);
    LongDictionary.gather(codes, shared, rows, bytes, values);
    Physical physical = isNarrow() ? Physical.INT64 : type.physical();
    return widened(Vector.fixed(type, physical, rows, values, validity), out);
  }

  private long[] numbers(IntegerDecoder integers) {
    if (numbers == null) {
      synchronized (blockMemory) {
        if (numbers == null) {
          int distinct = NodeLayout.distinct(head, node);
          long child = children[0].node;
          long section = child + NodeLayout.section(head, child, 0);
          long[] values = Arrays.copyOf(integers.decode(head, section, distinct), distinct);
          Integers.extend(values, bits(), type.isUnsigned());
          numbers = values;
        }
      }
    }
    return numbers;
  }
}
