// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.Expression;
import dev.varve.sql.expression.Masks;
import dev.varve.sql.operator.GranuleFilter;
import dev.varve.sql.operator.TableScan;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.Part;
import dev.varve.storage.skip.KeptValues;
import dev.varve.storage.skip.SkipIndexData;
import dev.varve.storage.skip.SkipIndexType;
import dev.varve.storage.skip.SkipIndexes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.apache.arrow.memory.BufferAllocator;

/// Rules out granules by one skip index. A part without it keeps all its granules. Safe for
/// threads.
final class SkipPruning implements GranuleFilter {
  private final SkipIndexes indexes;
  private final SkipIndexes.Index index;
  private final BufferAllocator allocator;
  private final Demand demand;

  /// What the conditions of a scan demand of the index.
  private sealed interface Demand {
    record OfFilter(FilterCondition condition) implements Demand {}

    record OfBounds(BoundsCondition condition) implements Demand {}

    record OfValues(ValuesCondition condition) implements Demand {}
  }

  private SkipPruning(
      SkipIndexes indexes, SkipIndexes.Index index, BufferAllocator allocator, Demand demand) {
    this.indexes = indexes;
    this.index = index;
    this.allocator = allocator;
    this.demand = demand;
  }

  /// A filter by an index, or nothing where the index says nothing about the conditions.
  static Optional<SkipPruning> of(
      SkipIndexes indexes,
      SkipIndexes.Index index,
      List<Expression> conjuncts,
      List<TableScan.Column> columns,
      BufferAllocator allocator) {
    IndexedValue values = new IndexedValue(index, columns, allocator);
    Expression all = conjuncts.size() == 1 ? conjuncts.getFirst() : new Expression.And(conjuncts);
    Optional<Demand> demand =
        switch (index.type()) {
          case SkipIndexType.MinMax _ -> BoundsCondition.of(all, values).map(Demand.OfBounds::new);
          case SkipIndexType.ValueSet _, SkipIndexType.Bitmap _ ->
              ValuesCondition.of(all, values).map(Demand.OfValues::new);
          case SkipIndexType.Bloom _, SkipIndexType.Tokens _, SkipIndexType.Ngrams _ ->
              FilterCondition.of(all, values).map(Demand.OfFilter::new);
        };
    return demand.map(d -> new SkipPruning(indexes, index, allocator, d));
  }

  String name() {
    return index.definition().name();
  }

  String description() {
    return index.definition().type() + " GRANULARITY " + index.definition().granularity();
  }

  @Override
  public boolean mayMatch(Part part) {
    return true;
  }

  @Override
  public long[] granules(Part part) {
    return indexes.find(part, index).map(data -> granules(part, data)).orElse(null);
  }

  private long[] granules(Part part, SkipIndexData data) {
    int entries = index.entries(part);
    return switch (demand) {
      case Demand.OfBounds(BoundsCondition condition)
          when data instanceof SkipIndexData.Bounds bounds ->
          spread(part, entry -> condition.mayMatch(bounds, entry));
      case Demand.OfFilter(FilterCondition condition)
          when data instanceof SkipIndexData.Filters filters ->
          spread(part, entry -> condition.mayMatch(filters, entry));
      case Demand.OfValues(ValuesCondition condition) -> {
        boolean[] wanted = byValues(condition, data, entries);
        yield wanted == null ? null : spread(part, entry -> wanted[entry]);
      }
      case Demand.OfBounds _, Demand.OfFilter _ -> null;
    };
  }

  /// The granules of the entries that are wanted.
  private long[] spread(Part part, IntPredicate isWanted) {
    long[] granules = Masks.create(part.granules());
    int each = index.definition().granularity();
    for (int entry = 0; entry < index.entries(part); entry++) {
      if (isWanted.test(entry)) {
        int end = (int) Math.min(part.granules(), (entry + 1L) * each);
        for (int granule = entry * each; granule < end; granule++) {
          granules[granule >>> 6] |= 1L << granule;
        }
      }
    }
    return granules;
  }

  /// Null where the condition cannot be decided by values alone: it fails on one of them, which may
  /// stand in a row that another condition keeps from it.
  private boolean[] byValues(ValuesCondition condition, SkipIndexData data, int entries) {
    try (Scratch scratch = new Scratch(allocator)) {
      return switch (data) {
        case SkipIndexData.ValueSets sets -> bySets(condition, sets, entries, scratch);
        case SkipIndexData.Bitmaps bitmaps -> byBitmaps(condition, bitmaps, entries, scratch);
        case SkipIndexData.Bounds _, SkipIndexData.Filters _ -> null;
      };
    } catch (VarveException undecided) {
      return null;
    }
  }

  private boolean[] bySets(
      ValuesCondition condition, SkipIndexData.ValueSets sets, int entries, Scratch scratch) {
    int count = Arrays.stream(sets.counts()).filter(c -> c > 0).sum();
    boolean[] wanted = new boolean[entries];
    long[] matches = new long[0];
    if (count > 0) {
      Batch values = KeptValues.read(sets.values(), count, index.types(), scratch);
      matches = condition.test(values, scratch);
    }
    int at = 0;
    for (int entry = 0; entry < entries; entry++) {
      int own = sets.counts()[entry];
      wanted[entry] = own < 0;
      for (int i = 0; i < own; i++) {
        wanted[entry] |= Masks.isSet(matches, at++);
      }
    }
    return wanted;
  }

  private boolean[] byBitmaps(
      ValuesCondition condition, SkipIndexData.Bitmaps bitmaps, int entries, Scratch scratch) {
    if (bitmaps.count() < 0) {
      return null;
    }
    boolean[] wanted = new boolean[entries];
    if (bitmaps.count() > 0) {
      Batch values = KeptValues.read(bitmaps.values(), bitmaps.count(), index.types(), scratch);
      long[] matches = condition.test(values, scratch);
      for (int value = 0; value < bitmaps.count(); value++) {
        if (Masks.isSet(matches, value)) {
          bitmaps.entries()[value].forEach((org.roaringbitmap.IntConsumer) e -> wanted[e] = true);
        }
      }
    }
    return wanted;
  }
}
