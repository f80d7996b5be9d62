// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// The groups of one worker and one grouping set. One thread.
///
/// Once the table has outgrown the nearer caches, further rows are put by in the partitions of
/// their keys where they can be ([RowParting]). Where they cannot, a table that has outgrown the
/// nearer caches while most rows brought groups of their own is put aside for an empty one: further
/// rows would wait for memory, one by one, to find little. Groups that stand in several tables then
/// become one with those of other workers, partition by partition.
final class WorkerGroups {
  private static final int FULL_GROUPS = 1 << 17;

  /// As long as it is not known that groups are so many, a table may grow to this.
  private static final int FIRST_GROUPS = 1 << 21;

  private final QueryContext context;
  private final Supplier<RowParting> partings;
  private final Function<Batch, List<Vector>> keysOf;
  private final List<GroupState> states = new ArrayList<>();
  // Of rows that are put by; null as long as none are.
  private RowParting parting;
  private boolean cannotPart;
  private long sealedBytes;
  private long rows;

  /// @param partings makes places for rows that are put by, or null where there is none
  /// @param keysOf the keys of a batch
  WorkerGroups(
      GroupState first,
      Supplier<RowParting> partings,
      Function<Batch, List<Vector>> keysOf,
      QueryContext context) {
    this.context = context;
    this.partings = partings;
    this.keysOf = keysOf;
    this.cannotPart = first.isSingle();
    states.add(first);
    context.register(first);
  }

  /// Groups that the tables behind the first are to hold.
  static int groupsOfTable(QueryMemory memory) {
    return memory.tableGroups() > 0 ? memory.tableGroups() : FULL_GROUPS;
  }

  /// Whether a table of so many groups, made of so many rows, had better be put aside.
  ///
  /// @param others how many were before it
  static boolean isFull(int groups, long rows, int others, QueryMemory memory) {
    if (memory.tableGroups() > 0) {
      return groups >= memory.tableGroups();
    }
    if (others > 0) {
      return groups >= FULL_GROUPS && rows < groups + (groups >> 3);
    }
    // Rows of which hardly any comes again are known early, but not before a million: keys may come
    // in turns, and each table would hold all of them.
    return groups >= FIRST_GROUPS && rows < groups + (groups >> 1)
        || groups >= FIRST_GROUPS >> 1 && rows < groups + (groups >> 5);
  }

  void update(Batch batch, Scratch scratch) {
    if (parting != null) {
      parting.add(batch.columns(), batch.rows(), scratch);
      if (parting.isFull()) {
        parting.drain((columns, count) -> {
          scratch.reset();
          group(new Batch(count, columns), scratch);
        });
      }
      return;
    }
    group(batch, scratch);
    GroupState state = states.getLast();
    if (!cannotPart && RowParting.isWorth(state.size(), rows, context.memory())) {
      parting = partings.get();
      cannotPart = parting == null;
    }
  }

  private void group(Batch batch, Scratch scratch) {
    GroupState state = states.getLast();
    state.update(keysOf.apply(batch), batch, scratch);
    rows += batch.rows();
    if (isFull(state.size(), rows, states.size() - 1, context.memory()) && state.canSeal()) {
      state.seal(scratch);
      GroupState next = state.empty(groupsOfTable(context.memory()));
      context.register(next);
      states.add(next);
      sealedBytes += state.bytes();
      rows = 0;
    }
  }

  /// Gives the rows that are put by to `sink` and forgets them.
  void drain(RowParting.Sink sink) {
    if (parting != null) {
      parting.drain(sink);
      parting = null;
      cannotPart = true;
    }
  }

  /// The rows that are put by, or null.
  RowParting parting() {
    return parting;
  }

  /// Adds the groups of a set that holds the keys of this one.
  ///
  /// @param places of the keys among the other's
  void addGroups(WorkerGroups finer, List<Integer> places, Scratch scratch) {
    for (GroupState state : finer.states) {
      states.getLast().mergeFiner(state, places, scratch);
    }
  }

  /// How many groups are held, those counted twice that stand in two tables.
  long size() {
    return states.stream().mapToLong(GroupState::size).sum();
  }

  boolean isSingle() {
    return states.getFirst().isSingle();
  }

  /// Bytes held.
  long bytes() {
    long put = parting == null ? 0 : parting.bytes();
    return put + sealedBytes + states.getLast().bytes();
  }

  /// Bytes that the keys of one more batch may ask for at once.
  long growth() {
    return states.getLast().growth();
  }

  /// In the order of their rows.
  List<GroupState> states() {
    return states;
  }
}
