// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.storage.part.Part;
import org.roaringbitmap.RoaringBitmap;

/// The rows of one part that do not count in an exact read: beaten by another row of their key,
/// cancelled, deleted, or replaced by an overlay row. Immutable; safe for threads.
///
/// It is the *first* selection of a scan: before filters, LIMIT and everything else.
public interface DeadRows {
  /// Dead rows of a granule; 0 means that the granule may be read without a look at [#alive].
  int count(int granule);

  /// Dead rows of the part.
  long total();

  /// Bit `i` of word `i / 64` is 1 where row `i` of the granule counts. Only to be called where
  /// [#count] is above 0; not to be changed by the caller.
  long[] alive(int granule);

  /// @param dead rows of the part, or null for none; not changed any more
  static DeadRows of(Part part, RoaringBitmap dead) {
    return dead == null || dead.isEmpty() ? NONE : RowMasks.of(part, dead);
  }

  /// A part all of whose rows count.
  DeadRows NONE =
      new DeadRows() {
        @Override
        public int count(int granule) {
          return 0;
        }

        @Override
        public long total() {
          return 0;
        }

        @Override
        public long[] alive(int granule) {
          throw new IllegalStateException("no row of granule " + granule + " is dead");
        }
      };
}
