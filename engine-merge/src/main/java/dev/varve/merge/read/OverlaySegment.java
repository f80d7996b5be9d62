// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.storage.part.MemoryPart;
import dev.varve.storage.part.Part;

/// Rows that Summing or Aggregating show for keys that several parts hold, sorted by key.
/// Immutable.
///
/// For each row it keeps one of the stored rows that went into it, so that a merge of parts can be
/// followed without comparing keys.
///
/// @param rows holds one reference, which passes on to the segment made of this one
/// @param masks rows that newer segments, or a merged part, show instead
/// @param sources parts of the stored rows
/// @param sourceOf for each row, the index in `sources`
/// @param rowOf for each row, the stored row
record OverlaySegment(
    MemoryPart rows, RowMasks masks, Part[] sources, int[] sourceOf, int[] rowOf) {

  long aliveRows() {
    return rows.info().rows() - masks.total();
  }

  OverlaySegment with(RowMasks changed) {
    return new OverlaySegment(rows, changed, sources, sourceOf, rowOf);
  }
}
