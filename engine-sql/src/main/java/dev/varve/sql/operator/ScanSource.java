// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.merge.read.VisiblePart;
import dev.varve.storage.part.Part;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A running scan: the wanted granules of all parts, cut into morsels that workers claim.
final class ScanSource implements ParallelSource {
  /// Rows of a morsel: enough that claiming one costs nothing, few enough that workers end
  /// together.
  private static final int MORSEL_ROWS = 8 * Batch.MAX_ROWS;

  /// Some granules of one part.
  ///
  /// @param index the position of the part in the view
  /// @param least no row has a smaller prefix of the wanted order; 0 without a bound
  record Morsel(VisiblePart part, int index, int[] granules, long least) {}

  private final TableScan scan;
  private final QueryContext context;
  private final List<Morsel> morsels;
  private final List<JoinKeyFilter> joinKeys;
  private final TopBound bound;
  private final AtomicInteger next = new AtomicInteger();

  private ScanSource(
      TableScan scan,
      QueryContext context,
      List<Morsel> morsels,
      List<JoinKeyFilter> joinKeys,
      TopBound bound) {
    this.scan = scan;
    this.context = context;
    this.morsels = morsels;
    this.joinKeys = joinKeys;
    this.bound = bound;
  }

  /// @param bound beyond which rows need not be given, or null
  static ScanSource open(TableScan scan, QueryContext context, TopBound bound) {
    List<Morsel> morsels = new ArrayList<>();
    List<JoinKeyFilter> joinKeys = JoinKeyFilter.of(scan, context);
    long rows = 0;
    List<VisiblePart> parts = scan.view().parts();
    for (int p = 0; p < parts.size(); p++) {
      VisiblePart visible = parts.get(p);
      Part part = visible.part();
      if (visible.dead().total() < part.info().rows() && scan.granules().mayMatch(part)) {
        long[] wanted = JoinKeyFilter.narrow(joinKeys, part, scan.granules().granules(part));
        rows += cut(visible, p, wanted, morsels);
      }
    }
    context.addTotalRows(rows);
    List<Morsel> ordered = bound == null ? morsels : bestFirst(scan, morsels, bound, context);
    return new ScanSource(scan, context, ordered, joinKeys, bound);
  }

  /// Granule by granule, those first that may hold the first rows: so the bound sinks early, and
  /// what lies behind it is not read.
  private static List<Morsel> bestFirst(
      TableScan scan, List<Morsel> morsels, TopBound bound, QueryContext context) {
    String name = scan.columns().get(bound.column()).name();
    List<Morsel> ordered = new ArrayList<>();
    try (Scratch scratch = new Scratch(context.allocator())) {
      for (Morsel morsel : morsels) {
        for (int granule : morsel.granules) {
          long least = bound.least(morsel.part.part(), name, granule, scratch);
          ordered.add(new Morsel(morsel.part, morsel.index, new int[] {granule}, least));
        }
      }
    }
    ordered.sort((a, b) -> Long.compareUnsigned(a.least, b.least));
    return ordered;
  }

  private static long cut(VisiblePart visible, int index, long[] wanted, List<Morsel> morsels) {
    Part part = visible.part();
    List<Integer> granules = new ArrayList<>();
    long total = 0;
    int rows = 0;
    for (int g = 0; g < part.granules(); g++) {
      int granuleRows = part.granuleRows(g);
      boolean isWanted = wanted == null || (wanted[g >>> 6] >>> g & 1) != 0;
      if (!isWanted || visible.dead().count(g) == granuleRows) {
        continue;
      }
      granules.add(g);
      rows += granuleRows;
      total += granuleRows;
      if (rows >= MORSEL_ROWS) {
        morsels.add(new Morsel(visible, index, ints(granules), 0));
        granules.clear();
        rows = 0;
      }
    }
    if (!granules.isEmpty()) {
      morsels.add(new Morsel(visible, index, ints(granules), 0));
    }
    return total;
  }

  private static int[] ints(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }

  List<JoinKeyFilter> joinKeys() {
    return joinKeys;
  }

  /// The next morsel, or null when all are claimed.
  Morsel claim() {
    int index = next.getAndIncrement();
    return index < morsels.size() ? morsels.get(index) : null;
  }

  @Override
  public int parallelism() {
    return Math.max(1, Math.min(context.threads(), morsels.size()));
  }

  @Override
  public BatchSource worker(int index) {
    return new ScanWorker(this, scan, context, bound);
  }

  @Override
  public void close() {}
}
