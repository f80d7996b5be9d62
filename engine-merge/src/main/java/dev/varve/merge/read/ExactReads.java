// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.merge.order.MergeTrace;
import dev.varve.merge.rule.MergeRule;
import dev.varve.merge.rule.RowLayout;
import dev.varve.merge.rule.RowMerger;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.part.MemoryPart;
import dev.varve.storage.part.Part;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.WeakHashMap;
import org.apache.arrow.memory.BufferAllocator;
import org.roaringbitmap.RoaringBitmap;

/// Finds which rows of a table's parts count, before any merge. One for each table; remembers what
/// it found out about pairs of parts as long as the parts live. Safe for threads: one resolves at a
/// time, as others would ask for the same pairs.
///
/// Parts whose ranges of keys do not overlap cost nothing. Two rows of one key with the same `_seq`
/// can only lie in different partitions of one insert; the greater partition counts as the later.
public final class ExactReads {
  private static final Comparator<Part> INSERT_ORDER =
      Comparator.comparing((Part p) -> p.info().partition())
          .thenComparingLong(p -> p.info().sequences().first())
          .thenComparingLong(p -> p.info().id());

  private final RowLayout layout;
  private final HiddenRows hiddenRows;
  private final SupersessionJudge judge;
  private final FamilyResolver familyResolver;
  private final PairStore<Supersession> supersessions;
  private final PairStore<Collisions> collisions;
  private final Map<Part, RoaringBitmap> hidden = new WeakHashMap<>();

  /// @param allocator holds overlays, and key blocks while they are compared
  public ExactReads(RowLayout layout, BufferAllocator allocator) {
    this.layout = layout;
    RowMerger merger = RowMerger.of(layout);
    KeyEncoder encoder = KeyEncoder.ascending(layout.keyTypes());
    CollisionFinder finder = new CollisionFinder(layout.key(), encoder, allocator);
    boolean combines =
        switch (layout.rule()) {
          case MergeRule.Summing _, MergeRule.Aggregating _ -> true;
          case MergeRule.Plain _,
              MergeRule.Replacing _,
              MergeRule.Collapsing _,
              MergeRule.VersionedCollapsing _ ->
              false;
        };
    this.hiddenRows = new HiddenRows(layout, merger, allocator);
    this.judge = new SupersessionJudge(layout, allocator);
    this.familyResolver = new FamilyResolver(layout, merger, encoder, combines, allocator);
    this.supersessions = new PairStore<>(finder);
    this.collisions = new PairStore<>(finder);
  }

  /// The caller closes the result when no query uses it any more. It keeps the parts from being
  /// forgotten, but not their files or memory: those the caller holds.
  public Resolution resolve(List<Part> parts) {
    return resolve(parts, Map.of());
  }

  /// As the other, where rows are deleted: of each key all rows that were there at the time.
  ///
  /// @param deleted the deleted rows of those parts that have any
  public synchronized Resolution resolve(List<Part> parts, Map<Part, RoaringBitmap> deleted) {
    if (!layout.rule().collapsesKeys()) {
      return new Resolution(
          parts.stream().map(p -> new VisiblePart(p, DeadRows.of(p, deleted.get(p)))).toList(),
          List.of());
    }
    List<VisiblePart> visible = new ArrayList<>();
    List<AutoCloseable> overlays = new ArrayList<>();
    try {
      for (List<Part> scope : scopes(parts)) {
        resolveScope(scope, deleted, visible, overlays);
      }
    } catch (RuntimeException | Error e) {
      new Resolution(List.of(), overlays).close();
      throw e;
    }
    return new Resolution(visible, overlays);
  }

  /// Learns what a merge made of its inputs, so that it need not find out again.
  public synchronized void inherit(Part merged, MergeTrace trace) {
    boolean known = trace.inputs().stream().allMatch(hidden::containsKey);
    if (!(layout.rule() instanceof MergeRule.Replacing) || !known) {
      return; // under the other rules the state of a key is more than that of its base row
    }
    RoaringBitmap carried = new RoaringBitmap();
    for (int i = 0; i < trace.inputs().size(); i++) {
      carried.or(trace.carried(i, hidden.get(trace.inputs().get(i))));
    }
    hidden.put(merged, carried);
  }

  /// Parts among which a key may stand more than once, in insert order.
  private Iterable<List<Part>> scopes(List<Part> parts) {
    Map<String, List<Part>> scopes = new TreeMap<>();
    for (Part part : parts) {
      String scope = layout.partitionsIndependent() ? part.info().partition() : "";
      scopes.computeIfAbsent(scope, _ -> new ArrayList<>()).add(part);
    }
    scopes.values().forEach(scope -> scope.sort(INSERT_ORDER));
    return scopes.values();
  }

  private void resolveScope(
      List<Part> parts,
      Map<Part, RoaringBitmap> deleted,
      List<VisiblePart> visible,
      List<AutoCloseable> overlays) {
    List<RoaringBitmap> hiddenOfParts = new ArrayList<>();
    for (Part part : parts) {
      RoaringBitmap own = hidden.computeIfAbsent(part, hiddenRows::of);
      RoaringBitmap gone = deleted.get(part);
      hiddenOfParts.add(gone == null ? own : RoaringBitmap.or(own, gone));
    }
    List<RoaringBitmap> dead;
    if (layout.rule() instanceof MergeRule.Replacing) {
      supersessions.fill(parts, judge);
      dead = Supersession.compose(parts, supersessions, hiddenOfParts);
    } else {
      collisions.fill(parts, Collisions.evaluation());
      dead = new ArrayList<>(hiddenOfParts.stream().map(RoaringBitmap::clone).toList());
      Optional<MemoryPart> overlay =
          familyResolver.resolve(parts, new KeyFamilies(parts, collisions, deleted), dead);
      overlay.ifPresent(part -> {
        overlays.add(part);
        visible.add(new VisiblePart(part, DeadRows.NONE));
      });
    }
    for (int p = 0; p < parts.size(); p++) {
      if (dead.get(p).getLongCardinality() < parts.get(p).info().rows()) {
        visible.add(new VisiblePart(parts.get(p), RowSet.of(parts.get(p), dead.get(p))));
      }
    }
  }
}
