// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

/// Sorts words as unsigned numbers and moves a row number along with each. Stable.
///
/// Least significant digit first, eleven bits at a time; a digit that all words share is skipped,
/// and one pass over the words counts all digits.
final class RadixSort {
  private static final int BITS = 11;
  private static final int DIGITS = 6;
  private static final int BUCKETS = 1 << BITS;

  private RadixSort() {}

  static void sort(long[] words, int[] rows) {
    int count = words.length;
    int[][] counts = count(words);
    long[] fromWords = words;
    int[] fromRows = rows;
    long[] toWords = new long[count];
    int[] toRows = new int[count];
    for (int digit = 0; digit < DIGITS; digit++) {
      int shift = digit * BITS;
      int[] at = counts[digit];
      if (count == 0 || at[(int) (words[0] >>> shift) & BUCKETS - 1] == count) {
        continue;
      }
      sumUp(at);
      move(fromWords, fromRows, toWords, toRows, shift, at);
      long[] swapWords = fromWords;
      fromWords = toWords;
      toWords = swapWords;
      int[] swapRows = fromRows;
      fromRows = toRows;
      toRows = swapRows;
    }
    if (fromWords != words) {
      System.arraycopy(fromWords, 0, words, 0, count);
      System.arraycopy(fromRows, 0, rows, 0, count);
    }
  }

  private static int[][] count(long[] words) {
    int[][] counts = new int[DIGITS][BUCKETS];
    int[] c0 = counts[0];
    int[] c1 = counts[1];
    int[] c2 = counts[2];
    int[] c3 = counts[3];
    int[] c4 = counts[4];
    int[] c5 = counts[5];
    for (long word : words) {
      c0[(int) word & BUCKETS - 1]++;
      c1[(int) (word >>> 11) & BUCKETS - 1]++;
      c2[(int) (word >>> 22) & BUCKETS - 1]++;
      c3[(int) (word >>> 33) & BUCKETS - 1]++;
      c4[(int) (word >>> 44) & BUCKETS - 1]++;
      c5[(int) (word >>> 55) & BUCKETS - 1]++;
    }
    return counts;
  }

  private static void sumUp(int[] counts) {
    int sum = 0;
    for (int i = 0; i < counts.length; i++) {
      int count = counts[i];
      counts[i] = sum;
      sum += count;
    }
  }

  private static void move(
      long[] fromWords, int[] fromRows, long[] toWords, int[] toRows, int shift, int[] at) {
    for (int i = 0; i < fromWords.length; i++) {
      long word = fromWords[i];
      int to = at[(int) (word >>> shift) & BUCKETS - 1]++;
      toWords[to] = word;
      toRows[to] = fromRows[i];
    }
  }
}
