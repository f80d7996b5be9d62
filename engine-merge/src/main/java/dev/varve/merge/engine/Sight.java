// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.read.ExactReads;
import dev.varve.merge.read.Resolution;
import dev.varve.merge.rule.CombinedColumns;
import dev.varve.storage.index.KeyBounds;
import dev.varve.storage.part.Part;
import dev.varve.storage.table.HeldPart;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/// What a view shows of the parts of a table.
///
/// @param exact whether rows that do not count are left out
/// @param reads finds these; null where every row counts that is not deleted
/// @param related whether rows of one key may be in both parts, by their partitions
/// @param skip leaves out the parts in quarantine, rather than let those fail who need them
/// @param wanted told that somebody wants to know of all rows which count, but did not wait
record Sight(
    boolean exact,
    ExactReads reads,
    BiPredicate<Part, Part> related,
    boolean skip,
    Runnable wanted) {
  static Sight raw(boolean skip) {
    return new Sight(false, null, (_, _) -> false, skip, () -> {});
  }

  Resolution resolve(List<HeldPart> parts) {
    return reads == null
        ? TableViews.withoutDeleted(parts)
        : reads.resolve(TableViews.parts(parts), TableViews.deletedRows(parts));
  }

  Resolution resolveWithin(KeyBounds range, List<HeldPart> parts) {
    return reads.resolveWithin(range, TableViews.parts(parts), TableViews.deletedRows(parts));
  }

  Optional<CombinedColumns> combined() {
    return reads == null ? Optional.empty() : reads.combined();
  }
}
