// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import dev.varve.storage.vector.RowPacking;
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

  /// As [#read(int)], but the bytes of texts may stay encoded until somebody asks the vector for
  /// them; damage in them is then found there.
  default Vector readLate(int column) {
    return read(column);
  }

  /// Some rows of the current granule of a column, which may spare decoding the others. Asked for
  /// one column again and again, [#read(int)] is the better call: it keeps what it decoded.
  ///
  /// @param wanted ascending rows of the granule
  /// @param out where the rows live, if they do not live until the next `seek`
  default Vector read(int column, int[] wanted, int count, Scratch out) {
    return VectorOps.gather(read(column), wanted, count, out);
  }

  /// The rows of a mask of the current granule of a column, packed while their values are still
  /// narrow.
  ///
  /// @param left bits of the mask, none of them behind the last row
  /// @param out where the rows live, if they do not live until the next `seek`
  /// @return null where it is no worse to read all of them and pack those
  default Vector read(int column, long[] mask, int left, RowPacking packing, Scratch out) {
    return null;
  }

  /// Takes rows of the current granule out of a mask whose value in a column of numbers is NULL or
  /// not from `low` to `high`, as signed longs. Most of them are then never decoded.
  ///
  /// @param mask bit `i` of word `i / 64` for row `i`
  /// @return false, with the mask as it was, where that is no better than [#read(int)]
  default boolean keep(int column, long low, long high, long[] mask) {
    return false;
  }

  /// The values that rows of the current granule of a column share by their numbers, where it is
  /// stored so and has no NULLs; else null. One vector for all granules of a block.
  default Vector dictionary(int column) {
    return null;
  }

  /// Takes rows of the current granule out of a mask whose number in [#dictionary] is not from
  /// `low` to `high`. The numbers themselves are then not decoded.
  ///
  /// @return false, with the mask as it was, where that is no better than [#read(int)]
  default boolean keepCodes(int column, int low, int high, long[] mask) {
    return false;
  }

  @Override
  void close();
}
