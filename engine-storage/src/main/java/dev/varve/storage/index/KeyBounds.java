// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.index;

import java.util.Arrays;

/// A range of normalised keys, `[from, to)`; null means open on that side.
///
/// Pieces are keys of the first columns, as [KeyEncoder#encode] gives for a shorter list of
/// vectors: a piece stands for every key that begins with it.
public record KeyBounds(byte[] from, byte[] to) {
  public static final KeyBounds ALL = new KeyBounds(null, null);

  /// Keys that begin with the piece.
  public static KeyBounds startingWith(byte[] piece) {
    return new KeyBounds(piece, successor(piece));
  }

  public static KeyBounds atLeast(byte[] piece) {
    return new KeyBounds(piece, null);
  }

  /// Keys behind all that begin with the piece.
  public static KeyBounds above(byte[] piece) {
    byte[] next = successor(piece);
    // Nothing is above FF FF …; an empty range has equal ends.
    return next == null ? new KeyBounds(piece, piece) : new KeyBounds(next, null);
  }

  public static KeyBounds below(byte[] piece) {
    return new KeyBounds(null, piece);
  }

  public static KeyBounds atMost(byte[] piece) {
    return new KeyBounds(null, successor(piece));
  }

  /// Keys in both ranges.
  public KeyBounds and(KeyBounds other) {
    byte[] low = from;
    if (low == null || (other.from != null && Arrays.compareUnsigned(other.from, low) > 0)) {
      low = other.from;
    }
    byte[] high = to;
    if (high == null || (other.to != null && Arrays.compareUnsigned(other.to, high) < 0)) {
      high = other.to;
    }
    return new KeyBounds(low, high);
  }

  public boolean isEmpty() {
    return from != null && to != null && Arrays.compareUnsigned(from, to) >= 0;
  }

  public boolean contains(byte[] key) {
    return (from == null || Arrays.compareUnsigned(from, key) <= 0)
        && (to == null || Arrays.compareUnsigned(key, to) < 0);
  }

  /// Whether a key of the closed range `[first, last]` may be among these.
  public boolean overlaps(byte[] first, byte[] last) {
    return !isEmpty()
        && (from == null || Arrays.compareUnsigned(from, last) <= 0)
        && (to == null || Arrays.compareUnsigned(first, to) < 0);
  }

  /// The least byte string above all that begin with the piece, or null where there is none.
  static byte[] successor(byte[] piece) {
    int length = piece.length;
    while (length > 0 && piece[length - 1] == (byte) 0xFF) {
      length--;
    }
    if (length == 0) {
      return null;
    }
    byte[] next = Arrays.copyOf(piece, length);
    next[length - 1]++;
    return next;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeyBounds(byte[] otherFrom, byte[] otherTo)
        && Arrays.equals(from, otherFrom)
        && Arrays.equals(to, otherTo);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(from) + Arrays.hashCode(to);
  }
}
