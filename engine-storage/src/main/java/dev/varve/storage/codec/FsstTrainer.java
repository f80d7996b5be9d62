// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import java.util.Arrays;

/// Finds the symbols of an [FsstTable] by a sample of the strings. One thread; its arrays are used
/// again.
///
/// The table grows in rounds: the sample is encoded by the table of the round before, each symbol
/// and each two that follow each other are counted, and the next table takes those by which most
/// bytes are covered: the symbols again, and two of them as one. Early rounds look at a part of the
/// sample, as they only have to find short symbols.
final class FsstTrainer {
  private static final int[] ROUND_SHARES = {8, 38, 68, 98, 128};

  /// What stands for a byte without a symbol: this and the byte.
  private static final int BYTES = 256;

  private static final int CODES = 512;
  private static final int PLACE_BITS = 15;
  private static final int MAX_CANDIDATES = 1 << PLACE_BITS;

  private final int[] counts = new int[CODES];
  private final short[] pairCounts = new short[CODES * CODES];
  private final long[] candidates = new long[MAX_CANDIDATES];
  private final byte[] candidateLengths = new byte[MAX_CANDIDATES];

  /// The gain of each candidate, and its place in the lowest bits.
  private final long[] gains = new long[MAX_CANDIDATES];

  /// Candidates by their hash: the place plus one.
  private final int[] slots = new int[1 << 16];

  private int found;

  /// @param sample strings one behind the other, readable [FsstTable#PADDING] bytes behind them
  /// @param ends of the strings in the sample, ascending from above 0
  FsstTable train(byte[] sample, int[] ends, int strings) {
    FsstTable table = new FsstTable();
    for (int share : ROUND_SHARES) {
      Arrays.fill(counts, 0);
      Arrays.fill(pairCounts, (short) 0);
      count(table, sample, ends, strings, share);
      table = next(table, share);
    }
    return table;
  }

  private void count(FsstTable table, byte[] sample, int[] ends, int strings, int share) {
    int start = 0;
    for (int s = 0; s < strings; s++) {
      // A share of the strings, spread evenly.
      if ((s * 37 & 127) < share) {
        countString(table, sample, start, ends[s]);
      }
      start = ends[s];
    }
  }

  private void countString(FsstTable table, byte[] sample, int start, int end) {
    int last = -1;
    for (int at = start; at < end; ) {
      int symbol = table.find(ByteWords.load(sample, at), end - at);
      int length = Math.max(1, symbol >>> 8);
      int code = symbol == 0 ? BYTES | sample[at] & 0xFF : symbol & 0xFF;
      counts[code]++;
      // Of a long symbol its first byte counts too, so that a table may go back to shorter ones.
      int first = BYTES | sample[at] & 0xFF;
      if (length > 1) {
        counts[first]++;
      }
      if (last >= 0) {
        pairCounts[last * CODES + code]++;
        if (length > 1) {
          pairCounts[last * CODES + first]++;
        }
      }
      last = code;
      at += length;
    }
  }

  private FsstTable next(FsstTable table, int share) {
    found = 0;
    Arrays.fill(slots, 0);
    int least = Math.max(1, 5 * share / 128);
    for (int a = 0; a < CODES; a++) {
      if (counts[a] < 1) {
        continue;
      }
      long symbol = symbol(table, a);
      int length = length(table, a);
      // A byte without a symbol costs two, so single bytes are worth more than they cover.
      candidate(symbol, length, (length == 1 ? 8L : length) * counts[a]);
      if (share == 128 || counts[a] < least || length == 8) {
        continue;
      }
      for (int b = 0; b < CODES; b++) {
        int together = pairCounts[a * CODES + b] & 0xFFFF;
        if (together >= least) {
          int joint = Math.min(8, length + length(table, b));
          candidate(symbol | symbol(table, b) << 8 * length, joint, (long) joint * together);
        }
      }
    }
    return best();
  }

  private static long symbol(FsstTable table, int code) {
    return code >= BYTES ? code & 0xFF : table.symbol(code);
  }

  private static int length(FsstTable table, int code) {
    return code >= BYTES ? 1 : table.length(code);
  }

  /// Adds to the gain of a symbol, which may be made of several pairs.
  private void candidate(long symbol, int length, long gain) {
    long hash = (symbol ^ length) * 0x9E3779B97F4A7C15L;
    int slot = (int) (hash >>> 48);
    while (slots[slot] != 0) {
      int known = slots[slot] - 1;
      if (candidates[known] == symbol && candidateLengths[known] == length) {
        gains[known] += gain << PLACE_BITS;
        return;
      }
      slot = slot + 1 & slots.length - 1;
    }
    if (found == MAX_CANDIDATES) {
      return;
    }
    candidates[found] = symbol;
    candidateLengths[found] = (byte) length;
    gains[found] = gain << PLACE_BITS | found;
    slots[slot] = ++found;
  }

  private FsstTable best() {
    Arrays.sort(gains, 0, found);
    FsstTable table = new FsstTable();
    for (int i = found - 1; i >= 0 && table.count() < FsstTable.MAX_SYMBOLS; i--) {
      int candidate = (int) (gains[i] & MAX_CANDIDATES - 1);
      table.add(candidates[candidate], candidateLengths[candidate]);
    }
    return table;
  }
}
