// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.column;

import java.util.Arrays;

/// Where the granules of a part begin: row numbers, growing while the part is written.
public final class GranuleRows {
  private long[] firstRows = new long[16];
  private int granules;

  public int granules() {
    return granules;
  }

  public int rows(int granule) {
    return (int) (firstRows[granule + 1] - firstRows[granule]);
  }

  /// Number of the granule's first row; for the number of granules, the rows of the part.
  public long firstRow(int granule) {
    return firstRows[granule];
  }

  public void add(int rows) {
    if (granules + 2 > firstRows.length) {
      firstRows = Arrays.copyOf(firstRows, 2 * firstRows.length);
    }
    firstRows[granules + 1] = firstRows[granules] + rows;
    granules++;
  }

  /// Adds all granules of another piece of the part behind these.
  public void addAll(GranuleRows behind) {
    for (int granule = 0; granule < behind.granules; granule++) {
      add(behind.rows(granule));
    }
  }

  public long totalRows() {
    return firstRows[granules];
  }
}
