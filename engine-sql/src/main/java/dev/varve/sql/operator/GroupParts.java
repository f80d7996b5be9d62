// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

/// Which groups of a state belong to which partition, and what DISTINCT has seen of them.
final class GroupParts {
  /// So few groups and their keys stay in the nearest caches while they are merged.
  private static final int GROUPS_OF_PARTITION = 1 << 14;

  static final int MOST = 256;

  // One of them is null: groups may lie in the order of their partitions.
  private final int[] starts;
  private final int[][] members;
  private final int[][][][] seen;
  private final int[] target;

  private GroupParts(int[] starts, int[][] members, int[][][][] seen, int[] target) {
    this.starts = starts;
    this.members = members;
    this.seen = seen;
    this.target = target;
  }

  /// Of groups in any order.
  ///
  /// @param owners the partition of each group
  /// @param seen for each call with DISTINCT, table and partition the rows; null for other calls
  static GroupParts of(byte[] owners, int partitions, int[][][][] seen) {
    return new GroupParts(null, members(owners, partitions), seen, new int[owners.length]);
  }

  /// Of groups that lie in the order of their partitions.
  ///
  /// @param starts the first group of each of [#MOST] partitions, and the end of the last
  static GroupParts ofOrdered(int[] starts, int partitions, int calls) {
    int[] some = new int[partitions + 1];
    for (int p = 0; p <= partitions; p++) {
      some[p] = starts[p * (MOST / partitions)];
    }
    return new GroupParts(some, null, new int[calls][][][], null);
  }

  /// How many partitions so many groups are worth: a power of two.
  static int partitions(long groups, int threads) {
    int wanted = (int) Math.clamp(groups / GROUPS_OF_PARTITION, Math.min(MOST, 4 * threads), MOST);
    return Integer.highestOneBit(wanted);
  }

  /// The partition of a hash. That of fewer partitions is made of neighbours.
  static int of(long hash, int partitions) {
    return (int) ((hash & 0xFFFFFF) * partitions >>> 24);
  }

  /// The groups of a partition in rising order.
  int[] members(int partition) {
    if (members != null) {
      return members[partition];
    }
    int[] range = new int[starts[partition + 1] - starts[partition]];
    for (int i = 0; i < range.length; i++) {
      range[i] = starts[partition] + i;
    }
    return range;
  }

  /// What DISTINCT of a call has seen of a partition, for each table; null for other calls.
  int[][] seen(int call, int partition) {
    if (seen[call] == null) {
      return null;
    }
    int[][] rows = new int[seen[call].length][];
    for (int t = 0; t < rows.length; t++) {
      rows[t] = seen[call][t][partition];
    }
    return rows;
  }

  /// Room for the number that each group gets where it is merged to; null where nobody asks.
  /// Partitions write to different places, so many threads may share it.
  int[] target() {
    return target;
  }

  /// For each partition what it owns, in rising order.
  static int[][] members(byte[] owners, int partitions) {
    int[] sizes = sizes(owners, partitions);
    int[][] members = new int[partitions][];
    for (int p = 0; p < partitions; p++) {
      members[p] = new int[sizes[p]];
    }
    int[] filled = new int[partitions];
    for (int i = 0; i < owners.length; i++) {
      int p = owners[i] & 0xFF;
      members[p][filled[p]++] = i;
    }
    return members;
  }

  private static int[] sizes(byte[] owners, int partitions) {
    int[] sizes = new int[partitions];
    for (byte owner : owners) {
      sizes[owner & 0xFF]++;
    }
    return sizes;
  }

  /// Where each of [#MOST] partitions starts once all is in their order, and the end of the last.
  static int[] starts(byte[] owners) {
    int[] sizes = sizes(owners, MOST);
    int[] starts = new int[MOST + 1];
    for (int p = 0; p < MOST; p++) {
      starts[p + 1] = starts[p] + sizes[p];
    }
    return starts;
  }

  /// What comes first, second and so on in the order of the partitions.
  static int[] order(byte[] owners, int[] starts) {
    int[] next = starts.clone();
    int[] order = new int[owners.length];
    for (int i = 0; i < owners.length; i++) {
      order[next[owners[i] & 0xFF]++] = i;
    }
    return order;
  }
}
