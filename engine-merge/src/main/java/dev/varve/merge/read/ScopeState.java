// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.storage.part.Part;
import java.util.List;
import java.util.Map;
import org.roaringbitmap.RoaringBitmap;

/// Which rows count of some parts among which keys may stand more than once. Immutable; made of the
/// state before it and what has changed since.
///
/// @param parts in the order in which ties are decided
/// @param deleted the deleted rows that the masks heed, of those parts that have any
/// @param masks for each part, its rows that do not count
record ScopeState(
    List<Part> parts,
    Map<Part, RoaringBitmap> deleted,
    Map<Part, RowMasks> masks,
    List<OverlaySegment> overlays) {
  static final ScopeState EMPTY = new ScopeState(List.of(), Map.of(), Map.of(), List.of());
}
