// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.hash;

import java.util.List;

/// Where each column's code and NULL bit lie in the words of a packed key. A code never crosses a
/// word; wide ones are placed first.
final class KeyLayout {
  final int words;
  final int[] word;
  final int[] shift;
  final int[] nullWord;
  final int[] nullShift;

  KeyLayout(List<KeyColumnCodes> columns) {
    int count = columns.size();
    word = new int[count];
    shift = new int[count];
    nullWord = new int[count];
    nullShift = new int[count];
    int[] used = new int[2 * count + 1];
    int last = 0;
    for (int bits = 64; bits >= 8; bits >>= 1) {
      for (int c = 0; c < count; c++) {
        if (columns.get(c).bits() == bits) {
          int w = firstFit(used, bits);
          word[c] = w;
          shift[c] = used[w];
          used[w] += bits;
          last = Math.max(last, w + 1);
        }
      }
    }
    for (int c = 0; c < count; c++) {
      nullWord[c] = -1;
      if (columns.get(c).hasNullBit()) {
        int w = firstFit(used, 1);
        nullWord[c] = w;
        nullShift[c] = used[w];
        used[w]++;
        last = Math.max(last, w + 1);
      }
    }
    words = last;
  }

  private static int firstFit(int[] used, int bits) {
    int w = 0;
    while (used[w] + bits > 64) {
      w++;
    }
    return w;
  }
}
