// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.order;

import dev.varve.storage.part.Part;
import java.util.Arrays;
import java.util.List;

/// Merges sorted cursors: the least current row of all is at the top, and finding the next takes
/// one comparison for each level. Equal keys come in the order of the cursors.
///
/// Runs of rows that are below every other cursor are found by galloping and leave the tree at
/// once, so that inputs which hardly overlap cost almost no comparisons.
public final class LoserTree {
  private static final int NONE = -1;

  private final List<KeyCursor> cursors;
  private final KeyBlock[] blocks;
  private final int[] rows;
  private final long[] heads;
  private final boolean[] ended;
  private final int[] losers;
  private int winner;
  private boolean exact = true;

  public LoserTree(List<KeyCursor> cursors) {
    this.cursors = cursors;
    int count = cursors.size();
    blocks = new KeyBlock[count];
    rows = new int[count];
    heads = new long[count];
    ended = new boolean[count];
    losers = new int[Math.max(1, count)];
    for (int i = 0; i < count; i++) {
      if (cursors.get(i).isEmpty()) {
        end(i);
      } else {
        refresh(i);
      }
    }
    Arrays.fill(losers, NONE);
    winner = NONE;
    for (int i = 0; i < count; i++) {
      insert(i);
    }
  }

  private void refresh(int i) {
    KeyCursor cursor = cursors.get(i);
    blocks[i] = cursor.block();
    rows[i] = cursor.row();
    heads[i] = blocks[i].prefixes()[rows[i]];
    exact = blocks[i].isExact();
  }

  /// Puts a cursor behind all others: above every key, and among equal ones by its mark.
  private void end(int i) {
    ended[i] = true;
    heads[i] = Long.MAX_VALUE;
  }

  /// Climbs from leaf `i` while the tree is being filled: an empty node keeps whoever comes first.
  private void insert(int i) {
    int climbing = i;
    int count = cursors.size();
    for (int node = (i + count) >> 1; node > 0; node >>= 1) {
      if (losers[node] == NONE) {
        losers[node] = climbing;
        return;
      }
      if (isBefore(losers[node], climbing)) {
        int loser = losers[node];
        losers[node] = climbing;
        climbing = loser;
      }
    }
    winner = climbing;
  }

  /// Climbs from the winner's leaf. Which of two rows is less is a coin toss where inputs
  /// interleave, so the loop swaps by masks: a branch would be mispredicted every other time.
  private void replay() {
    int climbing = winner;
    long head = heads[climbing];
    for (int node = (climbing + heads.length) >> 1; node > 0; node >>= 1) {
      int other = losers[node];
      long left = heads[other];
      if (left == head) {
        if (isBeforeSlow(other, climbing)) {
          losers[node] = climbing;
          climbing = other;
        }
        continue;
      }
      long isLess = lessMask(left, head);
      int swap = (other ^ climbing) & (int) isLess;
      losers[node] = other ^ swap;
      climbing ^= swap;
      head ^= (left ^ head) & isLess;
    }
    winner = climbing;
  }

  /// All ones where `a < b`, else zero.
  private static long lessMask(long a, long b) {
    return (a & ~b | ~(a ^ b) & (a - b)) >> 63;
  }

  private boolean isBefore(int a, int b) {
    long left = heads[a];
    long right = heads[b];
    return left != right ? left < right : isBeforeSlow(a, b);
  }

  private boolean isBeforeSlow(int a, int b) {
    if (ended[a] || ended[b]) {
      return !ended[a] || (ended[b] && a < b);
    }
    int order =
        exact ? Long.compare(heads[a], heads[b]) : blocks[a].compare(rows[a], blocks[b], rows[b]);
    return order < 0 || (order == 0 && a < b);
  }

  public boolean isDone() {
    return winner == NONE || ended[winner];
  }

  /// The source of the least row.
  public int source() {
    return winner;
  }

  /// The number of the least row in its part.
  public int partRow() {
    return cursors.get(winner).partRow();
  }

  /// Keys of the winner's granule.
  public KeyBlock block() {
    return blocks[winner];
  }

  /// The least row in [#block].
  public int row() {
    return rows[winner];
  }

  /// How many rows of the winner, from the current one on and within its granule, are below the
  /// current rows of all other cursors; at least 0, as the current one may have equals.
  public int runLength() {
    int rival = rival();
    KeyBlock block = blocks[winner];
    if (rival == NONE) {
      return block.rows() - rows[winner];
    }
    return block.firstAtLeast(rows[winner], blocks[rival], rows[rival]) - rows[winner];
  }

  /// Granules of the winner from its current one on that lie whole below all other cursors, or 0
  /// where it is not at the first row of a granule. Told by the index; no key is read.
  public int wholeGranulesAhead() {
    if (rows[winner] != 0) {
      return 0;
    }
    KeyCursor cursor = cursors.get(winner);
    Part part = cursor.part();
    int rival = rival();
    int end = cursor.wholeGranulesEnd();
    int granule = cursor.granule();
    while (granule < end && (rival == NONE || isBelow(part, granule, rival))) {
      granule++;
    }
    return granule - cursor.granule();
  }

  /// Whether all rows of a granule are below the current row of a cursor.
  private boolean isBelow(Part part, int granule, int rival) {
    byte[] bound = granule + 1 < part.granules() ? part.firstKey(granule + 1) : part.lastKey();
    return blocks[rival].isAbove(rows[rival], bound);
  }

  /// The granule of the least row in its part.
  public int granule() {
    return cursors.get(winner).granule();
  }

  /// Takes whole granules of the winner, as many as [#wholeGranulesAhead] allows.
  public void skipGranules(int count) {
    KeyCursor cursor = cursors.get(winner);
    if (cursor.skipTo(cursor.granule() + count)) {
      refresh(winner);
    } else {
      end(winner);
    }
    replay();
  }

  /// Whoever comes next after the winner: the best of those it beat on its way up.
  private int rival() {
    int best = NONE;
    for (int node = (winner + heads.length) >> 1; node > 0; node >>= 1) {
      int other = losers[node];
      if (other != NONE && !ended[other] && (best == NONE || isBefore(other, best))) {
        best = other;
      }
    }
    return best;
  }

  /// Takes rows of the winner; not more than its granule holds.
  public void advance(int count) {
    KeyCursor cursor = cursors.get(winner);
    int next = rows[winner] + count;
    if (next < blocks[winner].rows()) {
      rows[winner] = next;
      heads[winner] = blocks[winner].prefixes()[next];
      cursor.moveTo(next);
    } else if (cursor.moveTo(next)) {
      refresh(winner);
    } else {
      end(winner);
    }
    replay();
  }
}
