// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.order;

/// Offset-value codes (Conner; Graefe): a sorted key relative to one that is not above it, as a
/// number. Keys are cut into units of six bytes; the code says which unit is the first that
/// differs, and holds that unit. Of two keys that were coded relative to the same third, the one
/// with the lesser code is less; only equal codes say nothing.
///
/// | bits  | meaning                                                        |
/// |-------|----------------------------------------------------------------|
/// | 48-62 | [#UNITS] less the number of the unit, so that a later one is less |
/// | 0-47  | the unit, most significant byte first, zeros behind the key    |
///
/// Keys that differ behind [#UNITS] units only have the code of the last: it is no greater than
/// that of any key that differs there, and equal codes are looked into anyway.
final class KeyCodes {
  /// The key it is relative to.
  static final long EQUAL = 0;

  private static final int UNIT_BYTES = 6;
  private static final int VALUE_BITS = 48;
  private static final int UNITS = 0x7FFE;

  private KeyCodes() {}

  /// Relative to a key below all others.
  ///
  /// @param prefix the first eight bytes, as [KeyBlock#prefixes] has them
  static long ofFirst(long prefix) {
    return (long) UNITS << VALUE_BITS | (prefix ^ Long.MIN_VALUE) >>> 64 - VALUE_BITS;
  }

  /// Of a key that shares so many bytes with the one it is relative to.
  static long of(KeyBlock block, int row, int shared) {
    if (shared == KeyBlock.ALL) {
      return EQUAL;
    }
    int unit = Math.min(shared / UNIT_BYTES, UNITS - 1);
    long value = block.word(row, unit * UNIT_BYTES) >>> 64 - VALUE_BITS;
    return (long) (UNITS - unit) << VALUE_BITS | value;
  }

  /// Relative to the key of another row.
  static long of(KeyBlock block, int row, KeyBlock base, int baseRow) {
    long prefix = block.prefixes()[row];
    // The lowest two bytes of the prefix belong to the second unit.
    return (prefix ^ base.prefixes()[baseRow]) >>> 64 - VALUE_BITS != 0
        ? ofFirst(prefix)
        : of(block, row, block.shared(row, base, baseRow));
  }

  /// For each row but the first, relative to the row before it.
  ///
  /// @param reused gets the codes where it is large enough; may be null
  static long[] ofRows(KeyBlock block, long[] reused) {
    int rows = block.rows();
    long[] codes = reused != null && reused.length >= rows ? reused : new long[rows];
    for (int row = 1; row < rows; row++) {
      codes[row] = of(block, row, block, row - 1);
    }
    return codes;
  }
}
