// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.merge.order.MergeTrace;
import dev.varve.merge.order.RowList;
import dev.varve.storage.part.MemoryPart;
import dev.varve.storage.part.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.roaringbitmap.IntConsumer;
import org.roaringbitmap.RoaringBitmap;

/// Tells of a merged part what was known of its inputs, by following each row through the merge. No
/// key is compared and no part is read.
final class Inheritance {
  private final MergeTrace trace;
  private final Part merged;
  private final PairFacts facts;
  private final boolean collisions;
  private boolean lossy;

  /// @param collisions whether facts are shared keys, else beaten rows
  Inheritance(Part merged, MergeTrace trace, PairFacts facts, boolean collisions) {
    this.merged = merged;
    this.trace = trace;
    this.facts = facts;
    this.collisions = collisions;
  }

  /// Learns the facts of the merged part and another, if all of its inputs' are known.
  boolean learn(Part other) {
    for (Part input : trace.inputs()) {
      if (facts.of(other, input) == null || facts.of(input, other) == null) {
        return false;
      }
    }
    if (collisions) {
      learnCollisions(other);
    } else {
      learnBeaten(other);
    }
    return true;
  }

  private void learnBeaten(Part other) {
    RowList beatenOther = new RowList();
    RowList beaten = new RowList();
    for (int i = 0; i < trace.inputs().size(); i++) {
      Part input = trace.inputs().get(i);
      for (int row : facts.of(other, input)) {
        beatenOther.add(row);
      }
      for (int row : facts.of(input, other)) {
        if (trace.isBase(i, row)) {
          beaten.add(trace.outputOf(i, row));
        }
      }
    }
    facts.put(merged, other, sorted(beaten), sorted(beatenOther));
  }

  private static int[] sorted(RowList rows) {
    int[] all = rows.toArray();
    Arrays.sort(all);
    int count = 0;
    for (int i = 0; i < all.length; i++) {
      if (i == 0 || all[i] != all[i - 1]) {
        all[count++] = all[i];
      }
    }
    return count == all.length ? all : Arrays.copyOf(all, count);
  }

  /// Several inputs may hold a key of the other part, of which the merged part has one row.
  private void learnCollisions(Part other) {
    int total = 0;
    for (Part input : trace.inputs()) {
      total += facts.of(other, input).length;
    }
    long[] pairs = new long[total];
    int count = 0;
    for (int i = 0; i < trace.inputs().size(); i++) {
      int[] ofOther = facts.of(other, trace.inputs().get(i));
      int[] ofInput = facts.of(trace.inputs().get(i), other);
      for (int k = 0; k < ofOther.length; k++) {
        int output = trace.outputOf(i, ofInput[k]);
        if (output == MergeTrace.DROPPED) {
          lossy = true;
        } else {
          pairs[count++] = (long) ofOther[k] << 32 | output;
        }
      }
    }
    Arrays.sort(pairs, 0, count);
    RowList ofMerged = new RowList();
    RowList ofOther = new RowList();
    for (int i = 0; i < count; i++) {
      if (i == 0 || pairs[i] != pairs[i - 1]) {
        ofOther.add((int) (pairs[i] >>> 32));
        ofMerged.add((int) pairs[i]);
      }
    }
    facts.put(merged, other, ofMerged.toArray(), ofOther.toArray());
  }

  /// Whether the merge dropped a row whose key another part holds, so that what is shown of that
  /// key may be another row now.
  boolean isLossy() {
    return lossy;
  }

  /// The state with the merged part in place of its inputs, where rows are shown as they are
  /// stored: the row that was shown of a key is the base of the row that it became.
  ScopeState selected(ScopeState before, List<Part> parts) {
    RowMasks.Editor mask = RowMasks.clean(merged).edit();
    for (int i = 0; i < trace.inputs().size(); i++) {
      int input = i;
      IntConsumer follow =
          row -> {
            if (trace.isBase(input, row)) {
              mask.kill(trace.outputOf(input, row));
            }
          };
      before.masks().get(trace.inputs().get(i)).dead().forEach(follow);
    }
    return new ScopeState(parts, before.deleted(), masks(before, mask.done()), before.overlays());
  }

  /// The same where rows of several parts are shown as one: what only the inputs held is now in the
  /// merged part, and the overlay shows the rest.
  ///
  /// @param hidden rows of the merged part that do not count whatever other parts hold
  ScopeState combined(ScopeState before, List<Part> parts, RoaringBitmap hidden) {
    BitSet colliding = new BitSet();
    for (Part other : parts) {
      if (other != merged) {
        addColliding(other, before.deleted().get(other), colliding);
      }
    }
    RowMasks.Editor mask = RowMasks.clean(merged).edit();
    mask.kill(hidden);
    colliding.stream().forEach(mask::kill);
    List<OverlaySegment> overlays = new ArrayList<>();
    for (OverlaySegment segment : before.overlays()) {
      overlays.add(followed(segment, colliding));
    }
    return new ScopeState(parts, before.deleted(), masks(before, mask.done()), overlays);
  }

  /// Adds the rows whose key another part holds in a row that counts.
  private void addColliding(Part other, RoaringBitmap gone, BitSet colliding) {
    int[] rows = facts.of(merged, other);
    int[] ofOther = gone == null ? null : facts.of(other, merged);
    for (int i = 0; i < rows.length; i++) {
      if (ofOther == null || !gone.contains(ofOther[i])) {
        colliding.set(rows[i]);
      }
    }
  }

  private Map<Part, RowMasks> masks(ScopeState before, RowMasks mask) {
    Map<Part, RowMasks> masks = new HashMap<>(before.masks());
    trace.inputs().forEach(masks::remove);
    masks.put(merged, mask);
    return masks;
  }

  private OverlaySegment followed(OverlaySegment segment, BitSet colliding) {
    int[] inputOf = new int[segment.sources().length];
    for (int s = 0; s < inputOf.length; s++) {
      inputOf[s] = trace.inputs().indexOf(segment.sources()[s]);
    }
    int place = segment.sources().length;
    Part[] sources = Arrays.copyOf(segment.sources(), place + 1);
    sources[place] = merged;
    int[] sourceOf = segment.sourceOf().clone();
    int[] rowOf = segment.rowOf().clone();
    RowMasks.Editor masks = segment.masks().edit();
    for (int row = 0; row < rowOf.length; row++) {
      int input = inputOf[sourceOf[row]];
      if (input >= 0) {
        int before = rowOf[row];
        // A row that an earlier merge dropped is no row of the merged part either.
        int output = before < 0 ? MergeTrace.DROPPED : trace.outputOf(input, before);
        if (output == MergeTrace.DROPPED || !colliding.get(output)) {
          masks.kill(row);
        }
        sourceOf[row] = place;
        rowOf[row] = output;
      }
    }
    return packed(segment.rows(), masks.done(), sources, sourceOf, rowOf);
  }

  /// Leaves out the sources that no row names any more.
  private OverlaySegment packed(
      MemoryPart rows, RowMasks masks, Part[] sources, int[] sourceOf, int[] rowOf) {
    Set<Part> gone = Set.copyOf(trace.inputs());
    List<Part> left = new ArrayList<>();
    int[] numbers = new int[sources.length];
    for (int s = 0; s < sources.length; s++) {
      numbers[s] = left.size();
      if (!gone.contains(sources[s])) {
        left.add(sources[s]);
      }
    }
    for (int i = 0; i < sourceOf.length; i++) {
      sourceOf[i] = numbers[sourceOf[i]];
    }
    return new OverlaySegment(rows, masks, left.toArray(Part[]::new), sourceOf, rowOf);
  }
}
