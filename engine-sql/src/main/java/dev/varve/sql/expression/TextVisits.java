// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.expression;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// Looks at the ends of some texts, which brings them near, before somebody goes through them one
/// by one: texts that rows point to lie anywhere, and each would be waited for by itself. One
/// thread.
public final class TextVisits {
  /// Texts that are visited together: so many stay near.
  public static final int TOGETHER = 128;

  // Keeps the visits from being left out.
  @SuppressWarnings("UnusedVariable")
  private int seen;

  /// Texts that rows point to; others lie in the order of the rows, so nothing is to be done.
  public void rows(Vector texts, int from, int to) {
    if (!texts.isDictionary() || texts.physical() != Physical.BYTES) {
      return;
    }
    Vector base = texts.base();
    MemorySegment offsets = base.offsets();
    MemorySegment values = base.values();
    int sum = 0;
    for (int i = from; i < to; i++) {
      if (texts.isNull(i)) {
        continue;
      }
      int row = texts.valueRow(i);
      int first = offsets.get(Vector.I32, row * 4L);
      int end = offsets.get(Vector.I32, row * 4L + 4);
      if (end > first) {
        sum += values.get(JAVA_BYTE, first) + values.get(JAVA_BYTE, end - 1);
      }
    }
    seen += sum;
  }

  /// Byte arrays of some groups; a group may have none.
  public void arrays(Object[] ofGroups, int[] groups, int from, int to) {
    int sum = 0;
    for (int i = from; i < to; i++) {
      if (ofGroups[groups[i]] instanceof byte[] bytes && bytes.length > 0) {
        sum += bytes[bytes.length - 1];
      }
    }
    seen += sum;
  }
}
