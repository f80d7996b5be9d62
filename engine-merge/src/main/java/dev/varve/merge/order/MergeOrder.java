// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.order;

import java.util.Arrays;

/// Takes rows out of a loser tree in stretches, with the groups of equal keys among them.
///
/// Single rows leave the tree one by one as long as sources alternate. When the same source wins a
/// few times in a row, its whole run below the others is searched for and taken at once.
public final class MergeOrder {
  private static final int WINS_BEFORE_RUN = 4;

  private final LoserTree tree;
  private final boolean grouping;
  private final SourceMap map = new SourceMap(10_000);
  private int[] starts = new int[10_000];
  private int groups;
  private int lastSource = -1;
  private int wins;
  private boolean inRuns = true;
  private CopyRule copies = (_, _, _) -> 0;

  /// Says which granules can be taken over as they are stored.
  @FunctionalInterface
  public interface CopyRule {
    /// @param granule a granule of the source of which the next row is the first
    /// @param ahead granules from there on that lie below all other sources
    /// @return how many of them to take, 0 for none
    int granules(int source, int granule, int ahead);
  }

  /// @param grouping whether rows of equal keys form a group; else each row is one
  public MergeOrder(LoserTree tree, boolean grouping) {
    this.tree = tree;
    this.grouping = grouping;
  }

  /// Stops stretches where granules can be copied.
  public void copying(CopyRule rule) {
    copies = rule;
  }

  /// Takes no runs, of which each row is taken to have a key of its own: a source may hold a key
  /// several times.
  public void rowByRow() {
    inRuns = false;
  }

  /// How many granules of [#source()], from [#granule()] on, stand next and are to be copied whole.
  public int copyAhead() {
    if (tree.isDone() || tree.row() != 0) {
      return 0;
    }
    return copies.granules(tree.source(), tree.granule(), tree.wholeGranulesAhead());
  }

  public int source() {
    return tree.source();
  }

  public int granule() {
    return tree.granule();
  }

  /// Takes granules that were copied.
  public void skipGranules(int count) {
    tree.skipGranules(count);
    lastSource = -1;
  }

  /// The next rows: whole groups, of at least `wanted` rows in sum unless a granule that moves as a
  /// whole or the end cuts them short. Empty at the end; valid until the next call.
  public SourceMap next(int wanted) {
    map.clear();
    groups = 0;
    while (!tree.isDone() && map.size() < wanted) {
      if (map.size() > 0 && copyAhead() > 0) {
        break;
      }
      if (tree.source() != lastSource) {
        lastSource = tree.source();
        wins = 0;
      } else if (inRuns && ++wins >= WINS_BEFORE_RUN) {
        int run = tree.runLength();
        if (run > 0) {
          if (takeRun(run, wanted)) {
            break;
          }
          continue;
        }
        wins = 0;
      }
      takeGroup();
    }
    if (starts.length <= groups) {
      starts = Arrays.copyOf(starts, groups + 1);
    }
    starts[groups] = map.size();
    return map;
  }

  /// Takes a run, or what of it fits. True when the stretch should end here: a long run stands
  /// alone, as its columns are then passed on without copying, and the runs behind it with theirs.
  private boolean takeRun(int run, int wanted) {
    boolean isLong = run > wanted / 2;
    if (isLong && map.size() > 0) {
      return true;
    }
    int fitting = Math.min(run, wanted - map.size());
    addSingles(fitting);
    tree.advance(fitting);
    return isLong;
  }

  private void addSingles(int count) {
    reserve(count);
    for (int i = 0; i < count; i++) {
      starts[groups++] = map.size() + i;
    }
    map.addRun(tree.source(), tree.partRow(), count);
  }

  private void takeGroup() {
    reserve(1);
    starts[groups++] = map.size();
    map.add(tree.source(), tree.partRow());
    tree.advance(1);
    while (grouping && tree.repeats()) {
      map.add(tree.source(), tree.partRow());
      tree.advance(1);
    }
  }

  private void reserve(int more) {
    if (groups + more >= starts.length) {
      starts = Arrays.copyOf(starts, Math.max(starts.length * 2, groups + more + 1));
    }
  }

  /// The groups of the rows that [#next] gave.
  public KeyGroups groups() {
    return new KeyGroups(starts, groups);
  }
}
