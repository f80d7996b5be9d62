// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.hash;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/// Which rows of a join's build side have a key. Rows of one key are a group; where no key comes
/// twice the table [#isUnique()], and a group is the number of its only row. Rows whose key is NULL
/// where NULL equals nothing are in no group.
///
/// Built once, then safe for threads.
public abstract sealed class JoinTable permits LongJoinTable, GroupJoinTable {
  private static final Chains NONE = new Chains(new int[] {0}, new int[0]);

  /// Rows by group: those of group `g` are `members[starts[g]]` to `members[starts[g + 1] - 1]`, in
  /// the order of the build side.
  record Chains(int[] starts, int[] members) {
    long heapBytes() {
      return 4L * (starts.length + members.length);
    }
  }

  private Chains chains = NONE;
  private boolean unique;

  /// Builds the table of these keys.
  ///
  /// @param types of the keys, the same on both sides, Nullable where one side is
  /// @param columns the keys of all rows, flat
  /// @param nullSafe for each column whether NULL equals NULL
  /// @param tasks lends threads
  /// @param reserve told of heap memory before it is taken, and of its end by a negative number
  public static JoinTable build(
      List<DataType> types,
      List<Vector> columns,
      int rows,
      List<Boolean> nullSafe,
      ParallelTasks tasks,
      LongConsumer reserve,
      Scratch scratch) {
    if (LongKeys.fit(types)) {
      Optional<LongKeys> keys = LongKeys.of(columns, rows, nullSafe, tasks::run);
      if (keys.isPresent()) {
        return new LongJoinTable(keys.get(), columns, rows, tasks, reserve);
      }
    }
    GroupJoinTable table =
        new GroupJoinTable(types, columns, rows, nullSafe, tasks::check, scratch);
    reserve.accept(table.heapBytes());
    return table;
  }

  /// Threads that a build may borrow.
  public interface ParallelTasks {
    /// Runs tasks `0` to `tasks - 1`, maybe at once, and returns when all are done.
    void run(int tasks, java.util.function.IntConsumer task);

    /// How many tasks can run at once.
    int threads();

    /// Throws where the build is to end.
    default void check() {}
  }

  final void setChains(Chains made) {
    chains = made;
  }

  final void setUnique() {
    unique = true;
  }

  final long chainBytes() {
    return chains.heapBytes();
  }

  /// Whether no key comes twice.
  public final boolean isUnique() {
    return unique;
  }

  /// One more than the greatest group; some may be of no row.
  public abstract int groups();

  /// Groups by their rows; only where the table is not unique.
  public final int[] starts() {
    return chains.starts();
  }

  /// Rows by group; only where the table is not unique. Who puts the members of a group in another
  /// order does so before any thread reads.
  public final int[] members() {
    return chains.members();
  }

  public abstract long heapBytes();

  /// A reader for one thread.
  public abstract Finder finder();

  /// Finds the groups of keys.
  public interface Finder {
    /// Sets `groups[i]` to the group of row `i`, or -1 where no row of the build side has its key.
    void find(List<Vector> keys, int rows, int[] groups, Scratch scratch);
  }
}
