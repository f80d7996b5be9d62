// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// Copies short runs of bytes off the heap without a bounds check for each word, which costs more
/// than the copy. So callers check first, and all that is copied lies in their own segments.
final class RawCopy {
  /// All addresses; only for bytes of a segment whose bounds were checked.
  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private RawCopy() {}

  /// Copies in steps of 8 bytes, so up to 7 bytes behind the source are read and as many behind the
  /// target written; the target may begin where the source ends.
  static void copy(long from, long to, int length) {
    for (int i = 0; i < length; i += 8) {
      ALL.set(Vector.I64, to + i, ALL.get(Vector.I64, from + i));
    }
  }
}
