// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.merge.order.KeyBlocks;
import dev.varve.merge.order.MergeTrace;
import dev.varve.merge.rule.MergeRule;
import dev.varve.merge.rule.RowLayout;
import dev.varve.merge.rule.RowMerger;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.part.Part;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.apache.arrow.memory.BufferAllocator;
import org.roaringbitmap.RoaringBitmap;

/// Brings what is known of a scope up to date with its parts: merges are followed, fresh parts are
/// compared with the others, and everything else stays as it was. Not safe for threads.
final class ScopeResolver {
  /// The order in which ties are decided.
  static final Comparator<Part> INSERT_ORDER =
      Comparator.comparing((Part p) -> p.info().partition())
          .thenComparingLong(p -> p.info().sequences().first())
          .thenComparingLong(p -> p.info().id());

  private static final RoaringBitmap NOTHING = new RoaringBitmap();

  private final boolean replaces;
  private final boolean combines;
  private final HiddenRows hiddenRows;
  private final FamilyResolver families;
  private final CollisionFinder finder;
  private final PairFacts facts;
  private final PairResolver pairs;
  private final OverlayFold fold;
  private final Map<Part, RoaringBitmap> hidden = new WeakHashMap<>();
  private final Map<Part, MergeTrace> traces = new WeakHashMap<>();

  /// @param keys keeps decoded keys; the caller closes it
  ScopeResolver(RowLayout layout, PairArchive archive, KeyBlocks keys, BufferAllocator allocator) {
    RowMerger merger = RowMerger.of(layout);
    KeyEncoder encoder = KeyEncoder.ascending(layout.keyTypes());
    this.replaces = layout.rule() instanceof MergeRule.Replacing;
    this.combines = layout.rule().combinesRows();
    this.facts = new PairFacts(archive, !replaces);
    this.hiddenRows = new HiddenRows(layout, merger, allocator);
    this.finder = new CollisionFinder(layout.key(), encoder, keys, allocator);
    this.pairs = new PairResolver(layout, finder, facts, allocator);
    this.families = new FamilyResolver(layout, merger, encoder, combines, allocator);
    this.fold = new OverlayFold(layout, encoder, allocator);
  }

  PairFacts facts() {
    return facts;
  }

  /// What became of the inputs of a merge; looked up when the merged part is met.
  void remember(Part merged, MergeTrace trace) {
    traces.put(merged, trace);
  }

  /// @param before any earlier state of the scope
  /// @param parts of the scope as of now
  /// @param deleted the deleted rows of those parts that have any
  /// @return a state that takes over the overlays it shares with the one before
  ScopeState advance(ScopeState before, List<Part> parts, Map<Part, RoaringBitmap> deleted) {
    List<Part> ordered = ordered(parts);
    ScopeState state = followed(before, ordered);
    if (!Set.copyOf(ordered).containsAll(state.parts())) {
      // Parts are gone that no merge took up: what they beat counts again.
      state = ScopeState.EMPTY;
    }
    state = withDeleted(state, deleted);
    return state.parts().size() == ordered.size() ? state : withFresh(state, ordered, deleted);
  }

  private static List<Part> ordered(List<Part> parts) {
    List<Part> ordered = new ArrayList<>(parts);
    ordered.sort(INSERT_ORDER);
    return ordered;
  }

  /// The state with merged parts in the place of their inputs.
  ScopeState followed(ScopeState before, List<Part> parts) {
    ScopeState state = before;
    for (Part part : parts) {
      state = follow(state, part);
    }
    return state;
  }

  /// The next pair of parts of which something is missing, the earlier first; none where nothing
  /// is, or where it is better found in one pass over many parts.
  ///
  /// @param state which has followed the merges
  List<Part> nextPair(ScopeState state, List<Part> parts) {
    List<Part> ordered = ordered(parts);
    boolean[] fresh = new boolean[ordered.size()];
    for (int p = 0; p < fresh.length; p++) {
      fresh[p] = !state.masks().containsKey(ordered.get(p));
    }
    return pairs.next(ordered, pairs.missing(ordered, fresh));
  }

  PairResolver pairs() {
    return pairs;
  }

  /// Heeds what was deleted since. A deleted row of a Replacing table goes on to beat others, so
  /// that only it is to be masked; of the other rules it takes part in nothing any more.
  private ScopeState withDeleted(ScopeState state, Map<Part, RoaringBitmap> deleted) {
    Map<Part, RowMasks> masks = new HashMap<>(state.masks());
    boolean changed = false;
    for (Part part : state.parts()) {
      RoaringBitmap before = state.deleted().get(part);
      RoaringBitmap now = deleted.get(part);
      if (before == now) {
        continue;
      }
      changed = true;
      if (!replaces || now == null || (before != null && !now.contains(before))) {
        return ScopeState.EMPTY;
      }
      RowMasks.Editor editor = masks.get(part).edit();
      editor.kill(now);
      masks.put(part, editor.done());
    }
    return changed ? new ScopeState(state.parts(), deleted, masks, state.overlays()) : state;
  }

  /// Puts a merged part in the place of its inputs, if the state has them all.
  private ScopeState follow(ScopeState before, Part part) {
    MergeTrace trace = traces.get(part);
    if (trace == null || before.masks().containsKey(part)) {
      return before;
    }
    ScopeState state = before;
    for (Part input : trace.inputs()) {
      state = follow(state, input);
    }
    if (!state.masks().keySet().containsAll(trace.inputs())) {
      return state;
    }
    Inheritance inheritance = new Inheritance(part, trace, facts, !replaces);
    List<Part> merged = new ArrayList<>(state.parts());
    merged.removeAll(trace.inputs());
    for (Part other : merged) {
      if (!inheritance.learn(other)) {
        throw new IllegalStateException("facts of a resolved pair are missing");
      }
    }
    boolean deletes = trace.inputs().stream().anyMatch(state.deleted()::containsKey);
    if (inheritance.isLossy() || (deletes && !replaces)) {
      return state; // which lacks the part, so that all is composed again of the facts
    }
    merged.add(part);
    merged.sort(INSERT_ORDER);
    traces.remove(part);
    if (combines) {
      return inheritance.combined(state, merged, hiddenOf(part));
    }
    inheritHidden(part, trace);
    return inheritance.selected(state, merged);
  }

  private void inheritHidden(Part part, MergeTrace trace) {
    boolean known = trace.inputs().stream().allMatch(hidden::containsKey);
    if (!replaces || !known) {
      return; // under the other rules the state of a key is more than that of its base row
    }
    RoaringBitmap carried = new RoaringBitmap();
    for (int i = 0; i < trace.inputs().size(); i++) {
      carried.or(trace.carried(i, hidden.get(trace.inputs().get(i))));
    }
    hidden.put(part, carried);
  }

  private RoaringBitmap hiddenOf(Part part) {
    return hidden.computeIfAbsent(part, hiddenRows::of);
  }

  private ScopeState withFresh(
      ScopeState state, List<Part> parts, Map<Part, RoaringBitmap> deleted) {
    int size = parts.size();
    boolean[] fresh = new boolean[size];
    RowMasks.Editor[] masks = new RowMasks.Editor[size];
    for (int p = 0; p < size; p++) {
      RowMasks known = state.masks().get(parts.get(p));
      fresh[p] = known == null;
      masks[p] = (fresh[p] ? RowMasks.clean(parts.get(p)) : known).edit();
      if (fresh[p]) {
        masks[p].kill(hiddenOf(parts.get(p)));
        masks[p].kill(deleted.getOrDefault(parts.get(p), NOTHING));
      }
    }
    List<PairResolver.Pair> missing = pairs.missing(parts, fresh);
    if (replaces) {
      pairs.resolve(parts, missing, null);
      killBeaten(parts, fresh, masks);
      return new ScopeState(parts, deleted, done(parts, masks), List.of());
    }
    List<OverlaySegment> overlays = new ArrayList<>();
    OverlaySegment made;
    try (FamilyResolver.Run run = families.begin(parts, masks)) {
      boolean walksAll = state.parts().isEmpty() && deleted.isEmpty();
      if (!pairs.resolve(parts, missing, walksAll ? run : null)) {
        run.takeAll(new KeyFamilies(parts, fresh, facts, deleted));
      }
      for (OverlaySegment segment : state.overlays()) {
        overlays.add(outdated(segment, parts, fresh));
      }
      made = run.finish();
    }
    if (made != null) {
      overlays.add(made);
    }
    return new ScopeState(parts, deleted, done(parts, masks), folded(overlays, made));
  }

  /// @param made among the segments, and not shown by any state yet; null if there is none
  private List<OverlaySegment> folded(List<OverlaySegment> segments, OverlaySegment made) {
    List<OverlaySegment> folded = List.of();
    try {
      folded = fold.folded(segments);
    } finally {
      if (made != null && !folded.contains(made)) {
        made.rows().close();
      }
    }
    return folded;
  }

  private void killBeaten(List<Part> parts, boolean[] fresh, RowMasks.Editor[] masks) {
    for (int p = 0; p < masks.length; p++) {
      for (int o = 0; o < masks.length; o++) {
        if (o != p && (fresh[p] || fresh[o])) {
          masks[p].kill(facts.of(parts.get(p), parts.get(o)));
        }
      }
    }
  }

  private static Map<Part, RowMasks> done(List<Part> parts, RowMasks.Editor[] masks) {
    Map<Part, RowMasks> done = new HashMap<>();
    for (int p = 0; p < masks.length; p++) {
      done.put(parts.get(p), masks[p].done());
    }
    return done;
  }

  /// Overlay rows of keys that fresh parts hold too: another segment shows these from now on.
  private OverlaySegment outdated(OverlaySegment segment, List<Part> parts, boolean[] fresh) {
    RowMasks.Editor masks = segment.masks().edit();
    for (int p = 0; p < fresh.length; p++) {
      if (fresh[p] && CollisionFinder.overlap(segment.rows(), parts.get(p))) {
        finder.between(
            segment.rows(),
            parts.get(p),
            (map, groups) -> {
              for (int g = 0; g < groups.count(); g++) {
                masks.kill(map.row(groups.start(g)));
              }
            });
      }
    }
    return segment.with(masks.done());
  }

  /// Frees the overlays of a state that another one, or none, does not show any more.
  static void release(ScopeState before, ScopeState after) {
    Set<Object> kept = new HashSet<>();
    after.overlays().forEach(segment -> kept.add(segment.rows()));
    for (OverlaySegment segment : before.overlays()) {
      if (!kept.contains(segment.rows())) {
        segment.rows().close();
      }
    }
  }
}
