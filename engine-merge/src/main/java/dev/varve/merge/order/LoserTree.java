// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.order;

import dev.varve.storage.part.Part;
import java.util.Arrays;
import java.util.List;

/// Merges sorted cursors: the least current row of all is at the top, and finding the next takes
/// one comparison for each level. Equal keys come in the order of the cursors.
///
/// Numbers are compared. Where eight bytes tell a key, it is the key itself; else it is an
/// offset-value code ([KeyCodes]) relative to the row that won last at the node where this one
/// lost, so that what two keys share with rows already taken is never compared again.
///
/// Runs of rows that are below every other cursor are found by galloping and leave the tree at
/// once, so that inputs which hardly overlap cost almost no comparisons.
public final class LoserTree {
  private static final int NONE = -1;

  private final List<KeyCursor> cursors;
  private final KeyBlock[] blocks;
  private final int[] rows;
  private final int[] firstRows;
  private final long[] heads;
  private final long[][] codes;
  private final boolean[] ended;
  private final int[] losers;
  private int winner;
  private boolean exact = true;
  private long taken;
  private boolean anyTaken;

  public LoserTree(List<KeyCursor> cursors) {
    this.cursors = cursors;
    int count = cursors.size();
    blocks = new KeyBlock[count];
    rows = new int[count];
    firstRows = new int[count];
    heads = new long[count];
    codes = new long[count][];
    ended = new boolean[count];
    losers = new int[Math.max(1, count)];
    for (int i = 0; i < count; i++) {
      if (cursors.get(i).isEmpty()) {
        end(i);
      } else {
        load(i);
      }
    }
    build();
  }

  /// Fills the tree anew; codes are as if the last row taken were below all keys.
  private void build() {
    anyTaken = false;
    for (int i = 0; i < heads.length; i++) {
      if (!ended[i]) {
        long prefix = blocks[i].prefixes()[rows[i]];
        heads[i] = exact ? prefix : KeyCodes.ofFirst(prefix);
      }
    }
    Arrays.fill(losers, NONE);
    winner = NONE;
    for (int i = 0; i < heads.length; i++) {
      insert(i);
    }
  }

  /// Takes over where a cursor stands, in a granule that is new.
  private void load(int i) {
    KeyCursor cursor = cursors.get(i);
    blocks[i] = cursor.block();
    rows[i] = cursor.row();
    firstRows[i] = cursor.partRow() - rows[i];
    exact = blocks[i].isExact();
    codes[i] = exact ? blocks[i].prefixes() : KeyCodes.ofRows(blocks[i], codes[i]);
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
      if (beats(losers[node], climbing)) {
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
        if (beatsEqual(other, climbing)) {
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

  private boolean beats(int a, int b) {
    long left = heads[a];
    long right = heads[b];
    return left != right ? left < right : beatsEqual(a, b);
  }

  /// Of two that have the same number; gives the one that is beaten its code relative to the other.
  private boolean beatsEqual(int a, int b) {
    if (ended[a] || ended[b]) {
      return !ended[a] || (ended[b] && a < b);
    }
    if (exact || heads[a] == KeyCodes.EQUAL) {
      return a < b;
    }
    int shared = blocks[a].shared(rows[a], blocks[b], rows[b]);
    boolean before = shared == KeyBlock.ALL ? a < b : isBefore(a, b);
    int beaten = before ? b : a;
    heads[beaten] = KeyCodes.of(blocks[beaten], rows[beaten], shared);
    return before;
  }

  /// Of two that lost to the winner.
  private boolean isLess(int a, int b) {
    return heads[a] != heads[b] ? heads[a] < heads[b] : isBefore(a, b);
  }

  private boolean isBefore(int a, int b) {
    int order =
        exact ? Long.compare(heads[a], heads[b]) : blocks[a].compare(rows[a], blocks[b], rows[b]);
    return order < 0 || (order == 0 && a < b);
  }

  public boolean isDone() {
    return winner == NONE || ended[winner];
  }

  /// Whether the least row has the key of the row taken last.
  public boolean repeats() {
    return !isDone()
        && (exact ? anyTaken && heads[winner] == taken : heads[winner] == KeyCodes.EQUAL);
  }

  /// The source of the least row.
  public int source() {
    return winner;
  }

  /// The number of the least row in its part.
  public int partRow() {
    return firstRows[winner] + rows[winner];
  }

  /// The least row in its granule.
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
      load(winner);
    } else {
      end(winner);
    }
    // The last row that went was never read, so nothing can be told relative to it.
    build();
  }

  /// Whoever comes next after the winner: the best of those it beat on its way up.
  private int rival() {
    int best = NONE;
    for (int node = (winner + heads.length) >> 1; node > 0; node >>= 1) {
      int other = losers[node];
      if (!ended[other] && (best == NONE || isLess(other, best))) {
        best = other;
      }
    }
    return best;
  }

  /// Takes rows of the winner; not more than its granule holds.
  public void advance(int count) {
    KeyBlock block = blocks[winner];
    int next = rows[winner] + count;
    anyTaken = true;
    taken = exact ? block.prefixes()[next - 1] : 0;
    if (count > 1 && !exact) {
      recodePath(block, next - 1);
    }
    if (next < block.rows()) {
      rows[winner] = next;
      heads[winner] = codes[winner][next];
    } else if (cursors.get(winner).moveTo(next)) {
      load(winner);
      heads[winner] =
          exact ? codes[winner][0] : KeyCodes.of(blocks[winner], 0, block, block.rows() - 1);
    } else {
      end(winner);
    }
    replay();
  }

  /// Codes relative to a row that was taken, of those that lost to the winner.
  private void recodePath(KeyBlock block, int row) {
    for (int node = (winner + heads.length) >> 1; node > 0; node >>= 1) {
      int other = losers[node];
      if (!ended[other]) {
        heads[other] = KeyCodes.of(blocks[other], rows[other], block, row);
      }
    }
  }
}
