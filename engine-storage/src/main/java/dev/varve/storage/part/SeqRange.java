// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

/// Closed range of insert sequences (`_seq`) whose rows a part may hold.
///
/// Ranges of live parts may overlap and have holes, because a merge need not take neighbours. Never
/// conclude from two ranges which of two rows is newer: only the `_seq` of the rows decides that.
public record SeqRange(long first, long last) {
  public SeqRange {
    if (first > last) {
      throw new IllegalArgumentException("empty range: first=" + first + " > last=" + last);
    }
  }

  /// Whether neither part is wholly the newer one, so that their rows must be compared.
  public boolean overlaps(SeqRange other) {
    return first <= other.last && other.first <= last;
  }

  public SeqRange union(SeqRange other) {
    return new SeqRange(Math.min(first, other.first), Math.max(last, other.last));
  }
}
