// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.hash;

/// Rows in a row with the same key of one or two words, as tables bring them whose order begins
/// with something near to it: each run is looked up once, and more lookups then wait together. One
/// thread.
///
/// Where there are hardly any runs it looks only now and then.
final class KeyRuns {
  /// Pieces that are left alone behind one without runs.
  private static final int PAUSE = 15;

  private final long[][] keys;
  private final int[] numbers;
  private final short[] runOf;
  private int pause;

  /// @param most rows of a piece
  KeyRuns(int most) {
    this.keys = new long[2][most];
    this.numbers = new int[most];
    this.runOf = new short[most];
  }

  boolean isWorthTrying() {
    return pause == 0 || --pause == 0;
  }

  /// How many runs the rows from `at` to `end` are, or 0 where they are too many to be worth it.
  int find(long[][] packed, int words, int at, int end) {
    int runs = words == 1 ? findOne(packed[0], at, end) : findTwo(packed[0], packed[1], at, end);
    if (runs > end - at >> 1) {
      pause = PAUSE;
      return 0;
    }
    return runs;
  }

  private int findOne(long[] words, int at, int end) {
    long[] key = keys[0];
    long before = words[at];
    int run = 0;
    for (int i = at; i < end; i++) {
      long word = words[i];
      run += word == before ? 0 : 1;
      key[run] = word;
      runOf[i - at] = (short) run;
      before = word;
    }
    return run + 1;
  }

  private int findTwo(long[] first, long[] second, int at, int end) {
    long[] a = keys[0];
    long[] b = keys[1];
    long beforeA = first[at];
    long beforeB = second[at];
    int run = 0;
    for (int i = at; i < end; i++) {
      long nextA = first[i];
      long nextB = second[i];
      run += (nextA ^ beforeA | nextB ^ beforeB) == 0 ? 0 : 1;
      a[run] = nextA;
      b[run] = nextB;
      runOf[i - at] = (short) run;
      beforeA = nextA;
      beforeB = nextB;
    }
    return run + 1;
  }

  /// The key of each run, word by word.
  long[][] keys() {
    return keys;
  }

  /// Room for the number of each run.
  int[] numbers() {
    return numbers;
  }

  /// Gives each row from `at` to `end` the number of its run.
  void spread(int at, int end, int[] out) {
    for (int i = at; i < end; i++) {
      out[i] = numbers[runOf[i - at]];
    }
  }
}
