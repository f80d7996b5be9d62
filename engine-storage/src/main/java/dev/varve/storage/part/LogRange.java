// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

/// Half-open range of offsets of one log partition, `[from, to)`, whose records a part holds.
public record LogRange(int partition, long from, long to) {
  public LogRange {
    if (partition < 0 || from < 0 || to < from) {
      throw new IllegalArgumentException(
          "not a range of offsets: partition " + partition + ", " + from + " to " + to);
    }
  }
}
