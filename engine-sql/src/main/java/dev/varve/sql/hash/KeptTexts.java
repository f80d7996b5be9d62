// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.hash;

import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// The bytes of texts that a table keeps, in memory that never moves, so that other tables may
/// point to them. A text's place is one word: its address in the lower 48 bits, its length above; a
/// length that does not fit there stands in the eight bytes before the text.
final class KeptTexts {
  private static final int ADDRESS_BITS = 48;
  private static final long ADDRESS = (1L << ADDRESS_BITS) - 1;
  private static final int LONG = 0xFFFF;
  private static final long FIRST_BYTES = 1 << 13;
  private static final long MOST_BYTES = 1 << 22;

  private final KeyMemory memory;
  private long next;
  private long end;
  private long usual = FIRST_BYTES;

  KeptTexts(KeyMemory memory) {
    this.memory = memory;
  }

  static long address(long place) {
    return place & ADDRESS;
  }

  static int length(long place) {
    int length = (int) (place >>> ADDRESS_BITS);
    return length < LONG ? length : (int) KeyMemory.ALL.get(Vector.I64, address(place) - 8);
  }

  /// Keeps a copy of a text and gives its place. Eight bytes from its start can be read however
  /// short it is.
  long keep(MemorySegment source, long from, int length) {
    boolean isLong = length >= LONG;
    long needed = length + (isLong ? 16L : 8L);
    if (needed > end - next) {
      nextBlock(needed);
    }
    long address = isLong ? next + 8 : next;
    if (isLong) {
      KeyMemory.ALL.set(Vector.I64, next, length);
    }
    MemorySegment.copy(source, from, KeyMemory.ALL, address, length);
    // The eight bytes behind the last text of a block are nobody's.
    next = address + length;
    return (long) (isLong ? LONG : length) << ADDRESS_BITS | address;
  }

  private void nextBlock(long needed) {
    KeyMemory.Block block = memory.allocate(Math.max(usual, needed));
    usual = Math.min(MOST_BYTES, usual << 1);
    next = block.address();
    end = block.address() + block.bytes();
  }
}
