// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.merge.order.KeyBlocks;
import dev.varve.merge.order.KeyBudget;
import dev.varve.merge.order.MergeTrace;
import dev.varve.merge.rule.CombinedColumns;
import dev.varve.merge.rule.RowLayout;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.index.KeyBounds;
import dev.varve.storage.part.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.roaringbitmap.RoaringBitmap;

/// Finds which rows of a table's parts count, before any merge. One for each table; remembers what
/// it found out as long as the parts live, so that a part more costs about what its own rows cost.
/// Safe for threads: one resolves at a time, as others would ask for the same pairs. Where rows are
/// found ahead, only those wait for the pair in hand who want it.
///
/// Parts whose ranges of keys do not overlap cost nothing. Two rows of one key with the same `_seq`
/// can only lie in different partitions of one insert; the greater partition counts as the later.
public final class ExactReads implements AutoCloseable {
  private static final long NO_ENGINE_KEY_BYTES = 64L << 20;

  private final RowLayout layout;
  private final KeyBlocks keys;
  private final ScopeResolver resolver;
  private final Optional<CombinedColumns> combined;
  private final Map<String, ScopeState> states = new HashMap<>();
  private final RangeResolver ranges;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final ReentrantLock preparing = new ReentrantLock();
  private final Condition compared = lock.newCondition();

  /// Two parts that are compared ahead, or none.
  private List<Part> inHand = List.of();

  private boolean closed;

  /// @param allocator holds overlays, and key blocks while they are compared
  public ExactReads(RowLayout layout, BufferAllocator allocator) {
    this(layout, PairArchive.NONE, new KeyBudget(NO_ENGINE_KEY_BYTES), allocator);
  }

  /// @param archive keeps what was found out of parts on disk
  /// @param keyBudget bounds the decoded keys that are kept
  public ExactReads(
      RowLayout layout, PairArchive archive, KeyBudget keyBudget, BufferAllocator allocator) {
    this.layout = layout;
    this.keys = new KeyBlocks(keyBudget, allocator);
    this.resolver = new ScopeResolver(layout, archive, keys, allocator);
    this.combined = CombinedColumns.of(layout);
    this.ranges = new RangeResolver(layout, allocator);
  }

  /// How rows that are stored make those that count; empty where these are stored themselves.
  public Optional<CombinedColumns> combined() {
    return combined;
  }

  /// The caller closes the result when no query uses it any more. It keeps the parts from being
  /// forgotten, but not their files or memory: those the caller holds.
  public Resolution resolve(List<Part> parts) {
    return resolve(parts, Map.of());
  }

  /// As the other, where rows are deleted: of each key all rows that were there at the time.
  ///
  /// @param deleted the deleted rows of those parts that have any
  public Resolution resolve(List<Part> parts, Map<Part, RoaringBitmap> deleted) {
    if (!layout.rule().collapsesKeys()) {
      return undeleted(parts, deleted);
    }
    Resolution kept = resolveAndKeep(parts, deleted);
    // The table has changed, or is gone, since the caller got hold of its parts.
    return kept == null ? resolveWithin(KeyBounds.ALL, parts, deleted) : kept;
  }

  /// Null where nothing is kept any more.
  private Resolution resolveAndKeep(List<Part> parts, Map<Part, RoaringBitmap> deleted) {
    lock.lock();
    try {
      while (!inHand.isEmpty() && parts.containsAll(inHand)) {
        compared.awaitUninterruptibly();
      }
      return closed ? null : resolveAll(parts, deleted);
    } finally {
      lock.unlock();
    }
  }

  private Resolution resolveAll(List<Part> parts, Map<Part, RoaringBitmap> deleted) {
    List<VisiblePart> visible = new ArrayList<>();
    List<AutoCloseable> overlays = new ArrayList<>();
    Map<String, List<Part>> scopes = scopes(parts);
    try {
      for (Map.Entry<String, List<Part>> scope : scopes.entrySet()) {
        show(advance(scope.getKey(), scope.getValue(), deleted), visible, overlays);
      }
    } catch (RuntimeException | Error e) {
      new Resolution(List.of(), overlays).close();
      throw e;
    }
    forgetAllBut(scopes);
    keys.retain(live(parts));
    return new Resolution(visible, overlays);
  }

  /// Finds out what [#resolve] will want to know of pairs of parts, one pair at a time, and lets
  /// others go first who do not want that pair. One thread at a time does so.
  ///
  /// @param goesOn asked before each pair; false to leave the others to whoever wants them
  public void prepare(List<Part> parts, BooleanSupplier goesOn) {
    if (!layout.rule().collapsesKeys()) {
      return;
    }
    preparing.lock();
    try {
      for (Map.Entry<String, List<Part>> scope : scopes(parts).entrySet()) {
        while (goesOn.getAsBoolean() && take(scope.getKey(), scope.getValue())) {
          compareInHand();
        }
      }
    } finally {
      preparing.unlock();
    }
  }

  /// Takes the next pair in hand. False if nothing is missing.
  private boolean take(String scope, List<Part> parts) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      ScopeState before = states.getOrDefault(scope, ScopeState.EMPTY);
      ScopeState after = resolver.followed(before, parts);
      states.put(scope, after);
      ScopeResolver.release(before, after);
      inHand = resolver.nextPair(after, parts);
      return !inHand.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private void compareInHand() {
    PairResolver.Findings found = null;
    try {
      found = resolver.pairs().compare(inHand);
    } finally {
      lock.lock();
      try {
        if (found != null) {
          resolver.pairs().keep(found);
          found.close();
        }
        inHand = List.of();
        compared.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /// Rows of a table that holds a key more than once beat none.
  private static Resolution undeleted(List<Part> parts, Map<Part, RoaringBitmap> deleted) {
    return new Resolution(
        parts.stream().map(p -> new VisiblePart(p, DeadRows.of(p, deleted.get(p)))).toList(),
        List.of());
  }

  /// As the others, for a reader who wants no key beyond a range: what it is told of other keys may
  /// be wrong. Reads keys of the range only, waits for nobody, and remembers nothing.
  public Resolution resolveWithin(
      KeyBounds range, List<Part> parts, Map<Part, RoaringBitmap> deleted) {
    if (!layout.rule().collapsesKeys()) {
      return undeleted(parts, deleted);
    }
    List<VisiblePart> visible = new ArrayList<>();
    List<AutoCloseable> overlays = new ArrayList<>();
    try {
      for (List<Part> scope : scopes(parts).values()) {
        ScopeState state = ranges.resolve(scope, deleted, range);
        try {
          show(state, visible, overlays);
        } finally {
          ScopeResolver.release(state, ScopeState.EMPTY); // what is shown is held by the overlays
        }
      }
    } catch (RuntimeException | Error e) {
      new Resolution(List.of(), overlays).close();
      throw e;
    }
    return new Resolution(visible, overlays);
  }

  /// The parts whose keys may be wanted again.
  private List<Part> live(List<Part> parts) {
    List<Part> live = new ArrayList<>(parts);
    states.values().forEach(state -> state.overlays().forEach(s -> live.add(s.rows())));
    return live;
  }

  /// Learns what a merge made of its inputs, so that it need not find out again. Called before the
  /// merged part is shown.
  ///
  /// @param parts all parts as of now, the inputs among them
  /// @param deleted their deleted rows
  public void inherit(
      Part merged, MergeTrace trace, List<Part> parts, Map<Part, RoaringBitmap> deleted) {
    lock.lock();
    try {
      String scope = scope(merged);
      if (closed || !states.containsKey(scope)) {
        return; // nobody has read the table, so there is nothing to inherit
      }
      advance(scope, scopes(parts).getOrDefault(scope, List.of()), deleted);
      resolver.remember(merged, trace);
    } catch (VarveException | OutOfMemoryException unreadable) {
      // The merge is committed, and what could not be learned now is found out by the next read:
      // or it fails in its turn, where somebody can be told.
      forgetAllBut(Map.of());
    } finally {
      lock.unlock();
    }
  }

  /// Stores what is known of these parts, which the caller holds, and is not stored yet.
  public void store(List<Part> parts) {
    List<PairFacts.Storable> storable = new ArrayList<>();
    lock.lock();
    try {
      if (layout.rule().collapsesKeys()) {
        scopes(parts).values().forEach(s -> storable.addAll(resolver.facts().storable(s)));
      }
    } finally {
      lock.unlock();
    }
    storable.forEach(resolver.facts()::store);
  }

  /// Pairs of parts whose keys had to be compared so far.
  public long comparedPairs() {
    lock.lock();
    try {
      return resolver.pairs().compared();
    } finally {
      lock.unlock();
    }
  }

  private ScopeState advance(String scope, List<Part> parts, Map<Part, RoaringBitmap> deleted) {
    ScopeState before = states.getOrDefault(scope, ScopeState.EMPTY);
    ScopeState after = resolver.advance(before, parts, deleted);
    states.put(scope, after);
    ScopeResolver.release(before, after);
    return after;
  }

  private String scope(Part part) {
    return layout.partitionsIndependent() ? part.info().partition() : "";
  }

  /// Parts among which a key may stand more than once.
  private Map<String, List<Part>> scopes(List<Part> parts) {
    Map<String, List<Part>> scopes = new TreeMap<>();
    for (Part part : parts) {
      scopes.computeIfAbsent(scope(part), _ -> new ArrayList<>()).add(part);
    }
    return scopes;
  }

  private static void show(
      ScopeState state, List<VisiblePart> visible, List<AutoCloseable> overlays) {
    for (OverlaySegment segment : state.overlays()) {
      if (!segment.rows().retain()) {
        throw new IllegalStateException("an overlay was freed while it is shown");
      }
      overlays.add(segment.rows());
      visible.add(new VisiblePart(segment.rows(), shown(segment.masks())));
    }
    for (Part part : state.parts()) {
      RowMasks masks = state.masks().get(part);
      if (masks.total() < part.info().rows()) {
        visible.add(new VisiblePart(part, shown(masks)));
      }
    }
  }

  private static DeadRows shown(RowMasks masks) {
    return masks.total() == 0 ? DeadRows.NONE : masks;
  }

  private void forgetAllBut(Map<String, List<Part>> scopes) {
    List<String> gone = states.keySet().stream().filter(s -> !scopes.containsKey(s)).toList();
    for (String scope : gone) {
      ScopeResolver.release(states.remove(scope), ScopeState.EMPTY);
    }
  }

  /// Frees the overlays that no read shows, and the keys.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      forgetAllBut(Map.of());
      keys.close();
    } finally {
      lock.unlock();
    }
  }
}
