// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// Layout of a node: the values of one column, or of one child of a nested column, in a block. All
/// little-endian; nodes and sections begin at multiples of eight within the block's body.
///
/// | bytes | field | meaning |
/// |-------|-------|---------|
/// | 0 | kind | one of the kinds below |
/// | 1 | flags | 1: sections begin with their validity; 2: wide integers stored in eight bytes; 4: all NULL |
/// | 2-3 | children | number of child nodes |
/// | 4-7 | granules | number of sections |
/// | 8-11 | distinct | number of values behind a `DICTIONARY`, else 0 |
/// | 12- | offsets | `u32`: each section, from the first byte of its granule's piece; each child, from the node's first byte |
///
/// Sections of a node below a constant or a dictionary, and all sections in a block of version 1,
/// stand in the head: they too are counted from the node's first byte.
///
/// | kind | section of a granule | children |
/// |------|----------------------|----------|
/// | `CONSTANT` | empty | the value (one granule of one row); none where all are NULL |
/// | `INTEGERS` | a run of integers | |
/// | `FIXED` | the values as they are | |
/// | `BYTES` | `u32` bytes of the lengths, `u32` bytes of the values; lengths as a run of integers; values | |
/// | `DICTIONARY` | codes as a run of integers | the distinct values as one granule |
/// | `LIST` | lengths as a run of integers | the elements |
/// | `STRUCT` | empty | the fields |
/// | `SCALED` | floats as integers over a power of ten, see [ScaledFloats] | |
/// | `FRONT` | byte strings without the prefix they share with the one before, see [FrontCoding] | |
/// | `ALP` | floats as integers by two powers of ten, see [Alp] | |
/// | `ALP_RD` | floats as their upper bits by a table and their lower bits, see [AlpRd] | |
/// | `FSST` | byte strings as codes of a table behind the offsets, see [FsstTable] and [FsstText] | |
///
/// Validity is a `u64`: 0 none is NULL, 1 a bitmap of Arrow follows (bytes rounded up to eight), 2
/// all are NULL, 3 and 4 a run of integers follows (zeros to a multiple of eight; its bytes, `u32`,
/// and its count, `u32`, before it): the rows that are NULL, or that are not.
final class NodeLayout {
  static final int HEADER_BYTES = 12;

  static final int CONSTANT = 1;
  static final int INTEGERS = 2;
  static final int FIXED = 3;
  static final int BYTES = 4;
  static final int DICTIONARY = 5;
  static final int LIST = 6;
  static final int STRUCT = 7;
  static final int SCALED = 8;
  static final int FRONT = 9;
  static final int ALP = 10;
  static final int ALP_RD = 11;
  static final int FSST = 12;

  static final int HAS_VALIDITY = 1;
  static final int NARROW = 2;
  static final int ALL_NULL = 4;

  static final int NONE_NULL = 0;
  static final int BITMAP = 1;
  static final int SECTION_ALL_NULL = 2;
  static final int NULL_ROWS = 3;
  static final int PRESENT_ROWS = 4;

  private NodeLayout() {}

  static int kind(MemorySegment body, long node) {
    return body.get(JAVA_BYTE, node);
  }

  static boolean has(MemorySegment body, long node, int flag) {
    return (body.get(JAVA_BYTE, node + 1) & flag) != 0;
  }

  static int granules(MemorySegment body, long node) {
    return body.get(Vector.I32, node + 4);
  }

  static int distinct(MemorySegment body, long node) {
    return body.get(Vector.I32, node + 8);
  }

  static int children(MemorySegment body, long node) {
    return body.get(Vector.I16, node + 2) & 0xFFFF;
  }

  /// Where a section begins in its piece, or from the node's first byte.
  static long section(MemorySegment body, long node, int granule) {
    return Integer.toUnsignedLong(body.get(Vector.I32, node + HEADER_BYTES + granule * 4L));
  }

  static long child(MemorySegment body, long node, int child) {
    return node + section(body, node, granules(body, node) + child);
  }

  /// First byte behind the offsets, rounded up to eight.
  static long extra(MemorySegment body, long node) {
    long offsets = HEADER_BYTES + 4L * (granules(body, node) + children(body, node));
    return node + (offsets + 7 & ~7);
  }
}
