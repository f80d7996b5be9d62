// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.read.DeadRows;
import dev.varve.merge.read.UnreadablePart;
import dev.varve.merge.read.VisiblePart;
import dev.varve.storage.part.Part;
import dev.varve.storage.table.HeldPart;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/// The parts of a snapshot, those in quarantine apart.
///
/// @param parts what can be read
/// @param unreadable stand-ins for the rest
record Readable(List<HeldPart> parts, List<UnreadablePart> unreadable) {
  static Readable of(List<HeldPart> snapshot, PartQuarantine quarantine) {
    if (quarantine.isEmpty()) {
      return new Readable(snapshot, List.of());
    }
    // Those in quarantine first: one that comes in behind this line is read, and fails the reader.
    List<UnreadablePart> unreadable = quarantine.unreadable(snapshot);
    List<HeldPart> parts =
        snapshot.stream()
            .filter(held -> unreadable.stream().noneMatch(u -> u.info().id() == held.id()))
            .toList();
    return new Readable(parts, unreadable);
  }

  /// The visible parts and the stand-ins. A visible part that may share keys with a damaged one
  /// cannot be read either: which of its rows count is not known without the other's.
  ///
  /// @param related whether rows of one key may be in both parts, by their partitions
  List<VisiblePart> withUnreadable(List<VisiblePart> visible, BiPredicate<Part, Part> related) {
    if (unreadable.isEmpty()) {
      return visible;
    }
    List<VisiblePart> all = new ArrayList<>();
    for (VisiblePart each : visible) {
      all.add(
          unreadable.stream()
              .filter(lost -> related.test(lost, each.part()) && lost.mayShareKeys(each.part()))
              .findFirst()
              .map(lost -> new VisiblePart(lost.covering(each.part()), DeadRows.NONE))
              .orElse(each));
    }
    unreadable.forEach(lost -> all.add(new VisiblePart(lost, DeadRows.NONE)));
    return all;
  }
}
