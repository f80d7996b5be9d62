// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.definition;

import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.List;

/// The states of one aggregate for many groups, numbered from 0. One thread.
///
/// Before a group is named it must have been reserved. Argument vectors may have any form.
public interface Accumulator extends AutoCloseable {
  /// Makes room for groups 0 to `groups - 1`; new ones are in the state of no rows.
  void reserve(int groups);

  /// Row `i` goes to group `groups[i]`.
  void update(int[] groups, List<Vector> arguments, int rows, Scratch scratch);

  /// All rows go to group 0.
  void updateSingle(List<Vector> arguments, int rows, Scratch scratch);

  /// Adds group `from[i]` of another accumulator of the same aggregate to group `to[i]` of this
  /// one.
  void merge(Accumulator other, int[] from, int[] to, int count, Scratch scratch);

  /// The results of groups `from` to `from + count - 1`.
  Vector results(int from, int count, Scratch scratch);

  /// Tells of another accumulator, before either gets a row, that will see every row this one sees
  /// and no other, and be reserved and merged whenever this one is: what it keeps need not be kept
  /// twice.
  ///
  /// @param sameArguments whether it sees the same arguments too
  default void share(Accumulator other, boolean sameArguments) {}

  /// Bytes held on the heap, roughly.
  long heapBytes();

  @Override
  default void close() {}
}
