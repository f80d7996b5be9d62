// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.vector;

import java.lang.foreign.MemorySegment;

/// The bytes of a vector's texts while they are still encoded: who wants only their lengths, or a
/// few of them, or to know which cannot hold some piece, does not pay for all. They live as long as
/// the vector, and belong to one thread.
public interface LateTexts {
  /// The bytes of all texts, where the vector's offsets say. Made at the first call.
  MemorySegment all();

  /// Whether [#all()] has been called, so that asking for less saves nothing.
  boolean isMade();

  /// The bytes of some texts, one behind the other.
  ///
  /// @param wanted ascending rows
  /// @param bytes of these texts together
  MemorySegment some(int[] wanted, int count, long bytes, Scratch out);

  /// Sets the bits of the rows whose text may hold this piece; any other cannot.
  ///
  /// @param piece one byte or more
  /// @param maybe bit `i` of word `i / 64` for row `i`, all 0
  void mayHold(byte[] piece, long[] maybe);
}
