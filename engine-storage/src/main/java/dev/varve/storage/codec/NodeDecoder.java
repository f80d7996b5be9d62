// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Validity;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/// Decodes granules of one node of a block in any order. One thread.
///
/// What stands in the body as it is needed is not copied: vectors may point into it, so the body
/// must live as long as they do. A dictionary is decoded once, and all granules share its vector.
public final class NodeDecoder {
  private final DataType type;
  private final MemorySegment body;
  private final long node;
  private final IntegerDecoder integers;
  private final Scratch blockMemory;
  private final NodeDecoder[] children;
  private Vector single;
  private Vector dictionary;
  private long[] numbers;

  /// @param body the plain body of the block; may be read eight bytes past its end
  /// @param blockMemory for what all granules share; lives as long as the body
  public NodeDecoder(DataType type, MemorySegment body, Scratch blockMemory) {
    this(type, body, 0, new IntegerDecoder(), blockMemory);
  }

  private NodeDecoder(
      DataType type, MemorySegment body, long node, IntegerDecoder integers, Scratch blockMemory) {
    this.type = type;
    this.body = body;
    this.node = node;
    this.integers = integers;
    this.blockMemory = blockMemory;
    this.children = children();
  }

  private NodeDecoder[] children() {
    return switch (NodeLayout.kind(body, node)) {
      case NodeLayout.CONSTANT ->
          NodeLayout.has(body, node, NodeLayout.ALL_NULL)
              ? new NodeDecoder[0]
              : new NodeDecoder[] {child(0, type)};
      case NodeLayout.DICTIONARY -> new NodeDecoder[] {child(0, type.unwrapped())};
      case NodeLayout.LIST ->
          new NodeDecoder[] {
            child(
                0,
                type.unwrapped() instanceof DataType.MapOf map
                    ? DataTypes.entries(map)
                    : ((DataType.Array) type.unwrapped()).element())
          };
      case NodeLayout.STRUCT -> {
        List<DataType> fields = ((DataType.Tuple) type.unwrapped()).fields();
        NodeDecoder[] decoders = new NodeDecoder[fields.size()];
        for (int f = 0; f < decoders.length; f++) {
          decoders[f] = child(f, fields.get(f));
        }
        yield decoders;
      }
      default -> new NodeDecoder[0];
    };
  }

  private NodeDecoder child(int number, DataType childType) {
    return new NodeDecoder(
        childType, body, NodeLayout.child(body, node, number), integers, blockMemory);
  }

  /// The rows of a granule.
  ///
  /// @param out memory for what must be computed; the vector lives as long as it and the body
  public Vector decode(int granule, int rows, Scratch out) {
    if (NodeLayout.kind(body, node) == NodeLayout.CONSTANT) {
      return Vector.constant(type, rows, single());
    }
    long at = NodeLayout.section(body, node, granule);
    MemorySegment validity = null;
    if (NodeLayout.has(body, node, NodeLayout.HAS_VALIDITY)) {
      long state = body.get(Vector.I64, at);
      at += 8;
      if (state == NodeLayout.SECTION_ALL_NULL) {
        validity = out.allocateZeroed(Validity.bytes(rows));
      } else if (state == NodeLayout.BITMAP) {
        validity = body.asSlice(at, Validity.bytes(rows));
        at += Validity.bytes(rows);
      }
    }
    return switch (NodeLayout.kind(body, node)) {
      case NodeLayout.INTEGERS -> integers(at, rows, validity, out);
      case NodeLayout.FIXED -> {
        int width = type.width();
        yield Vector.fixed(type, rows, body.asSlice(at, (long) rows * width), validity);
      }
      case NodeLayout.BYTES -> bytes(at, rows, validity, out);
      case NodeLayout.DICTIONARY -> coded(at, rows, validity, out);
      case NodeLayout.SCALED -> {
        MemorySegment values = out.allocate((long) rows * type.width());
        ScaledFloats.decode(body, at, rows, type.physical(), integers, values);
        yield Vector.fixed(type, rows, values, validity);
      }
      case NodeLayout.LIST -> {
        MemorySegment offsets = offsets(at, rows, out);
        int elements = offsets.get(Vector.I32, rows * 4L);
        yield Vector.list(
            type, rows, offsets, flat(children[0].decode(granule, elements, out), out), validity);
      }
      case NodeLayout.STRUCT ->
          Vector.struct(
              type,
              rows,
              Arrays.stream(children).map(c -> flat(c.decode(granule, rows, out), out)).toList(),
              validity);
      default ->
          throw new IllegalStateException(
              "node kind " + NodeLayout.kind(body, node) + " at " + node);
    };
  }

  /// Children of lists and structs are flat: gathering from them would lose what the form saves.
  private static Vector flat(Vector vector, Scratch out) {
    return VectorOps.flatten(vector, out);
  }

  private Vector single() {
    if (single == null) {
      single =
          children.length == 0
              ? VectorOps.nulls(plain(type), 1, blockMemory).as(type)
              : flat(children[0].decode(0, 1, blockMemory), blockMemory);
    }
    return single;
  }

  /// The type without `LowCardinality` and its like, which lie as what they wrap.
  private static DataType plain(DataType type) {
    return type.unwrapped();
  }

  private boolean isNarrow() {
    return NodeLayout.has(body, node, NodeLayout.NARROW);
  }

  private Vector integers(long at, int rows, MemorySegment validity, Scratch out) {
    Physical physical = isNarrow() ? Physical.INT64 : type.physical();
    int bytes = physical.width();
    if (validity == null && IntegerDecoder.isConstant(body, at) && rows > 0) {
      return Vector.constant(type, rows, single(IntegerDecoder.base(body, at), physical, out));
    }
    MemorySegment values;
    if (IntegerDecoder.isPlain(body, at)) {
      values = body.asSlice(at + IntegerEncoder.HEADER_BYTES, (long) rows * bytes);
    } else {
      values = out.allocate((long) rows * bytes);
      integers.decode(body, at, bytes, values);
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

  private Vector bytes(long at, int rows, MemorySegment validity, Scratch out) {
    int lengthBytes = body.get(Vector.I32, at);
    int valueBytes = body.get(Vector.I32, at + 4);
    MemorySegment offsets = offsets(at + 8, rows, out);
    MemorySegment values = body.asSlice(at + 8 + lengthBytes, valueBytes);
    return Vector.bytes(type, rows, offsets, values, validity);
  }

  private MemorySegment offsets(long at, int rows, Scratch out) {
    MemorySegment offsets = out.allocate((rows + 1) * 4L);
    sum(integers.decodeInts(body, at), rows, offsets);
    return offsets;
  }

  private static void sum(int[] lengths, int rows, MemorySegment offsets) {
    int at = 0;
    offsets.set(Vector.I32, 0, 0);
    for (int i = 0; i < rows; i++) {
      at += lengths[i];
      offsets.set(Vector.I32, i * 4L + 4, at);
    }
  }

  private Vector coded(long at, int rows, MemorySegment validity, Scratch out) {
    int bytes = isNarrow() ? 8 : Integers.bytes(type.physical());
    if (bytes > 0) {
      return numbers(at, rows, bytes, validity, out);
    }
    if (dictionary == null) {
      dictionary = children[0].decode(0, NodeLayout.distinct(body, node), blockMemory);
    }
    MemorySegment codes;
    if (IntegerDecoder.isPlain(body, at)) {
      codes = body.asSlice(at + IntegerEncoder.HEADER_BYTES, rows * 4L);
    } else {
      codes = out.allocate(rows * 4L);
      integers.decode(body, at, 4, codes);
    }
    return Vector.dictionary(type, rows, codes, dictionary, validity);
  }

  /// Numbers by their codes, as a flat vector.
  private Vector numbers(long at, int rows, int bytes, MemorySegment validity, Scratch out) {
    if (numbers == null) {
      long section = NodeLayout.section(body, children[0].node, 0);
      numbers = Arrays.copyOf(integers.decode(body, section), NodeLayout.distinct(body, node));
    }
    int[] codes = integers.decodeInts(body, at);
    MemorySegment values = out.allocate((long) rows * bytes);
    gather(codes, numbers, rows, bytes, values);
    Physical physical = isNarrow() ? Physical.INT64 : type.physical();
    return widened(Vector.fixed(type, physical, rows, values, validity), out);
  }

  private static void gather(
      int[] codes, long[] dictionary, int rows, int bytes, MemorySegment values) {
    switch (bytes) {
      case 8 -> {
        for (int i = 0; i < rows; i++) {
          values.set(Vector.I64, i * 8L, dictionary[codes[i]]);
        }
      }
      case 4 -> {
        for (int i = 0; i < rows; i++) {
          values.set(Vector.I32, i * 4L, (int) dictionary[codes[i]]);
        }
      }
      default -> {
        for (int i = 0; i < rows; i++) {
          values.set(Vector.I16, i * 2L, (short) dictionary[codes[i]]);
        }
      }
    }
  }
}
