// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.expression.Batches;
import dev.varve.sql.expression.Expression;
import dev.varve.storage.index.KeyColumn;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A running ORDER BY. Each worker keeps its rows; with a limit only those that may still be among
/// the first, so that memory is bounded by the limit.
final class Sorting {
  /// Up to this many rows wanted, workers throw away what cannot be among them.
  private static final long TOP_ROWS = 100_000;

  /// Where one of so many rows may be among the first, throwing the others away costs little.
  private static final int MANY = 64;

  private final Sort plan;
  private final QueryContext context;
  private final List<DataType> types;
  private final KeyEncoder encoder;
  private final long wanted;
  private final TopBound bound;

  Sorting(Sort plan, QueryContext context) {
    this.plan = plan;
    this.context = context;
    this.types = plan.input().types();
    List<KeyColumn> columns = new ArrayList<>();
    for (SortKey key : plan.keys()) {
      columns.add(new KeyColumn(types.get(key.column()), key.descending(), key.nullsFirst()));
    }
    this.encoder = new KeyEncoder(columns);
    this.wanted = plan.limit() < 0 ? Long.MAX_VALUE : Math.addExact(plan.limit(), plan.offset());
    this.bound = wanted <= TOP_ROWS ? bound(columns.getFirst()) : null;
  }

  /// For an input that can leave out what lies beyond the rows wanted, else null.
  private TopBound bound(KeyColumn first) {
    int column = plan.keys().getFirst().column();
    return switch (plan.input()) {
      case TableScan scan -> new TopBound(first, scan.output().get(column));
      case HashAggregate aggregate
          when aggregate.sets().size() == 1 && column >= aggregate.keys().size() ->
          new TopBound(first, column - aggregate.keys().size());
      case Project(HashAggregate aggregate, List<Expression> expressions)
          when aggregate.sets().size() == 1
              && expressions.get(column) instanceof Expression.InputColumn(int from, DataType _)
              && from >= aggregate.keys().size() ->
          new TopBound(first, from - aggregate.keys().size());
      default -> null;
    };
  }

  private ParallelSource openInput() {
    return switch (plan.input()) {
      case TableScan scan when bound != null ->
          context.open(scan, () -> ScanSource.open(scan, context, bound));
      case HashAggregate aggregate when bound != null -> open(aggregate);
      case Project project
          when bound != null && project.input() instanceof HashAggregate aggregate ->
          context.open(project, () -> project.over(open(aggregate), context));
      default -> context.open(plan.input());
    };
  }

  private ParallelSource open(HashAggregate aggregate) {
    return context.open(aggregate, () -> aggregate.open(bound, context));
  }

  ParallelSource run() {
    List<RowStore> stores = new ArrayList<>();
    SortedRuns runs = new SortedRuns(types, encoder, this::keysOf, context);
    try (ParallelSource input = openInput()) {
      int workers = input.parallelism();
      for (int w = 0; w < workers; w++) {
        stores.add(new RowStore(types, context));
      }
      if (wanted > 0) {
        context.drain(
            input,
            (worker, share) -> {
              collect(share, worker, stores, runs, workers);
              if (!runs.isEmpty()) {
                spill(stores.get(worker), worker, runs);
              }
            });
      }
    }
    if (!runs.isEmpty()) {
      for (int w = 0; w < stores.size(); w++) {
        spill(stores.get(w), w, runs);
      }
      Limit cut = new Limit(plan.input(), plan.offset(), plan.limit());
      return cut.over(ParallelSource.single(runs.merged()), context);
    }
    Scratch scratch = context.newScratch();
    Batch all = RowStore.joined(stores, types, scratch);
    context.reserveHeap(all.rows() * 16L);
    int[] order = PrefixSort.order(encoder, keysOf(all), all.rows(), context::check);
    return ParallelSource.single(new Output(all, order, scratch, stores));
  }

  /// Writes what a worker holds as a sorted run.
  private void spill(RowStore store, int worker, SortedRuns runs) {
    if (store.rows() == 0) {
      return;
    }
    try (Scratch scratch = context.newScratch()) {
      Batch all = RowStore.joined(List.of(store), types, scratch);
      long heap = all.rows() * 16L;
      context.reserveHeap(heap);
      int[] order = PrefixSort.order(encoder, keysOf(all), all.rows(), context::check);
      runs.write(worker, all, order, (int) Math.min(wanted, all.rows()));
      context.reserveHeap(-heap);
    }
    store.release();
  }

  private List<Vector> keysOf(Batch batch) {
    List<Vector> keys = new ArrayList<>(plan.keys().size());
    for (SortKey key : plan.keys()) {
      keys.add(batch.column(key.column()));
    }
    return keys;
  }

  private void collect(
      BatchSource share, int worker, List<RowStore> stores, SortedRuns runs, int workers) {
    boolean top = wanted <= TOP_ROWS;
    TopRows rows = top ? new TopRows(stores.get(worker)) : null;
    for (Batch batch = share.next(); batch != null; batch = share.next()) {
      context.check();
      RowStore store;
      if (top) {
        rows.offer(batch);
        store = rows.store;
      } else {
        store = stores.get(worker);
        store.add(batch);
      }
      if (context.memory().mustSpillSort(store.bytes(), workers)) {
        spill(store, worker, runs);
      }
    }
    if (top) {
      stores.set(worker, rows.kept());
    }
  }

  /// The first rows seen so far, and some more that have not been thrown away yet.
  private final class TopRows {
    private final long most = Math.max(4 * wanted, 1024);
    // The first bound comes with the first rows, and sinks often as long as few rows pass.
    private long room = wanted - 1;
    private long offered;
    private final Scratch scratch = context.newScratch();
    private RowStore store;
    private long[] prefixes = new long[0];
    // Null where keys have none.
    private long[] seconds = encoder.hasSecondPrefix() ? new long[0] : null;
    private boolean bounded;
    private long last;
    private long lastSecond;
    private byte[] lastKey;

    TopRows(RowStore store) {
      this.store = store;
    }

    void offer(Batch batch) {
      scratch.reset();
      offered += batch.rows();
      Batch candidates = bounded ? notBeyondBound(batch) : batch;
      if (candidates == null) {
        return;
      }
      store.add(candidates);
      if (store.rows() > room) {
        shrink();
      }
    }

    private Batch notBeyondBound(Batch batch) {
      int rows = batch.rows();
      if (prefixes.length < rows) {
        prefixes = new long[rows];
      }
      List<Vector> keys = keysOf(batch);
      encoder.prefixes(keys, rows, prefixes);
      int[] selection = new int[rows];
      int count = 0;
      boolean isSecondKnown = false;
      for (int i = 0; i < rows; i++) {
        int order = Long.compareUnsigned(prefixes[i], last);
        if (order == 0 && seconds != null) {
          if (!isSecondKnown) {
            isSecondKnown = true;
            seconds = seconds.length < rows ? new long[rows] : seconds;
            encoder.secondPrefixes(keys, rows, seconds);
          }
          order = Long.compareUnsigned(seconds[i], lastSecond);
        }
        // Of rows like the last one the earlier stay, so one that comes now is beyond it.
        if (order < 0 || order == 0 && isBefore(keys, i)) {
          selection[count++] = i;
        }
      }
      return count == 0
          ? null
          : count == rows ? batch : Batches.gather(batch, selection, count, scratch);
    }

    private boolean isBefore(List<Vector> keys, int row) {
      return !encoder.isPrefixExact()
          && Arrays.compareUnsigned(encoder.encode(keys, row), lastKey) < 0;
    }

    private void shrink() {
      scratch.reset();
      Batch all = RowStore.joined(List.of(store), types, scratch);
      int[] order = PrefixSort.order(encoder, keysOf(all), all.rows(), context::check);
      int keep = (int) Math.min(wanted, all.rows());
      RowStore smaller = new RowStore(types, context);
      for (int from = 0; from < keep; from += Batch.MAX_ROWS) {
        int count = Math.min(Batch.MAX_ROWS, keep - from);
        int[] selection = Arrays.copyOfRange(order, from, from + count);
        smaller.add(Batches.gather(all, selection, count, scratch));
      }
      if (keep == wanted) {
        int[] lastRow = {order[keep - 1]};
        Batch worst = Batches.gather(all, lastRow, 1, scratch);
        long[] prefix = new long[1];
        encoder.prefixes(keysOf(worst), 1, prefix);
        lastKey = encoder.encode(keysOf(worst), 0);
        bounded = true;
        last = prefix[0];
        if (seconds != null) {
          encoder.secondPrefixes(keysOf(worst), 1, prefix);
          lastSecond = prefix[0];
        }
        if (bound != null) {
          bound.sink(last);
        }
      }
      store.close();
      store = smaller;
      room = offered > MANY * room ? 2 * wanted : Math.min(most, Math.max(2 * room, 2 * wanted));
      offered = 0;
    }

    RowStore kept() {
      scratch.close();
      return store;
    }
  }

  private final class Output implements BatchSource {
    private final Batch all;
    private final int[] order;
    private final Scratch held;
    private final List<RowStore> stores;
    private final Scratch scratch = context.newScratch();
    private int at;
    private final int end;

    Output(Batch all, int[] order, Scratch held, List<RowStore> stores) {
      this.all = all;
      this.order = order;
      this.held = held;
      this.stores = stores;
      this.at = (int) Math.min(plan.offset(), all.rows());
      this.end = (int) Math.min(wanted, all.rows());
    }

    @Override
    public Batch next() {
      context.check();
      if (at >= end) {
        return null;
      }
      int count = Math.min(Batch.MAX_ROWS, end - at);
      scratch.reset();
      int[] selection = Arrays.copyOfRange(order, at, at + count);
      at += count;
      return Batches.gather(all, selection, count, scratch);
    }

    @Override
    public void close() {
      held.close();
      scratch.close();
      stores.forEach(RowStore::close);
      context.reserveHeap(-all.rows() * 16L);
    }
  }
}
