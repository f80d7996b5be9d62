// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// Copies short runs of bytes off the heap without a bounds check for each word, which costs more
/// than the copy. So callers check first, and all that is copied lies in their own segments.
final class RawCopy {
  /// Bytes of a step of [#copyWide].
  static final int WIDE = 32;

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

  /// The same in steps of 32 bytes, so up to 31 bytes more are read and written: what is copied is
  /// mostly a few times eight bytes long, and a loop that mostly ends at once is well predicted.
  static void copyWide(long from, long to, int length) {
    for (int i = 0; i < length; i += WIDE) {
      long a = ALL.get(Vector.I64, from + i);
      long b = ALL.get(Vector.I64, from + i + 8);
      long c = ALL.get(Vector.I64, from + i + 16);
      long d = ALL.get(Vector.I64, from + i + 24);
      ALL.set(Vector.I64, to + i, a);
      ALL.set(Vector.I64, to + i + 8, b);
      ALL.set(Vector.I64, to + i + 16, c);
      ALL.set(Vector.I64, to + i + 24, d);
    }
  }
}
