// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.hash;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;

/// One key column as numbers: equal values, and only they, have equal codes. NULL is a value here.
abstract sealed class KeyColumnCodes permits FixedCodes, InternedCodes, EncodedCodes {
  static KeyColumnCodes of(DataType type, KeyMemory memory) {
    DataType plain = type.unwrapped();
    Physical physical = plain.physical();
    if (physical.isLong() || physical.isFloat()) {
      return new FixedCodes(type);
    }
    return physical == Physical.BYTES || physical == Physical.FIXED
        ? new InternedCodes(type, memory)
        : new EncodedCodes(type, memory);
  }

  /// Bits that a code needs, without those for NULL.
  abstract int bits();

  /// Whether NULL has a bit of its own beside the code.
  abstract boolean hasNullBit();

  /// Codes of a batch, adding values that are new.
  ///
  /// @param nulls gets a 1 for each NULL row, only where [#hasNullBit()]
  abstract void add(Vector vector, int rows, long[] codes, byte[] nulls, Scratch scratch);

  /// A reader of codes for one thread, which adds nothing.
  abstract Reader reader();

  /// The values of codes.
  abstract Vector values(long[] codes, byte[] nulls, int count, Scratch scratch);

  /// Turns codes of another column's into codes of this one, adding values that are new.
  ///
  /// @param points whether bytes may stay in the other column's table, which then must stay too
  void translate(KeyColumnCodes other, boolean points, long[] codes, int count) {}

  /// Hashes of the values of codes, which do not depend on the numbers that they were given.
  void hash(long[] codes, byte[] nulls, int count, long[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = codes[i] + nulls[i];
    }
  }

  /// Ends adding; values and hashes of codes can still be read.
  ///
  /// @param order of codes that are numbers: the code `order[i]` becomes `i`; null to leave them
  void seal(int[] order) {}

  /// Gives memory back but for texts that other tables may point to; nothing is read any more.
  void retire() {}

  /// Bytes that so many values more may ask for.
  long growth(int more) {
    return 0;
  }

  /// Bytes on the Java heap.
  abstract long heapBytes();

  /// Looks codes up without adding any.
  interface Reader {
    /// @param missing gets true for each row whose value has no code
    void find(
        Vector vector, int rows, long[] codes, byte[] nulls, boolean[] missing, Scratch scratch);
  }
}
