// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;

/// Reads granules of some columns of a part. One thread; columns are decoded only when asked for.
public interface PartReader extends AutoCloseable {
  /// Goes to a granule, in any order. Vectors read before are gone.
  void seek(int granule);

  /// All rows of the current granule of the column with this index in the list given at `open`.
  /// Decoded at the first call after `seek`, then the same vector again.
  ///
  /// @throws dev.varve.storage.error.VarveException CHECKSUM_DOESNT_MATCH naming file and byte
  Vector read(int column);

  /// Some rows of the current granule of a column, which may spare decoding the others. Asked for
  /// one column again and again, [#read(int)] is the better call: it keeps what it decoded.
  ///
  /// @param wanted ascending rows of the granule
  /// @param out where the rows live, if they do not live until the next `seek`
  default Vector read(int column, int[] wanted, int count, Scratch out) {
    return VectorOps.gather(read(column), wanted, count, out);
  }

  /// Takes rows of the current granule out of a mask whose value in a column of numbers is NULL or
  /// not from `low` to `high`, as signed longs. Most of them are then never decoded.
  ///
  /// @param mask bit `i` of word `i / 64` for row `i`
  /// @return false, with the mask as it was, where that is no better than [#read(int)]
  default boolean keep(int column, long low, long high, long[] mask) {
    return false;
  }

  @Override
  void close();
}
