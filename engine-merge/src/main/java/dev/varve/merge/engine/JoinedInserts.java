// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.error.VarveException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Small INSERTs that come while another is committed share the next commit: one part and one
/// record of the manifest for all of them, or one entry of the journal. Nobody waits for more to
/// come. Safe for threads.
///
/// Rows of each INSERT are visible whole or not at all, in the order in which they came here. Where
/// a commit of several is refused, for the rows of one of them perhaps, each is tried by itself.
final class JoinedInserts {
  /// INSERTs of more rows or bytes gain nothing.
  static final int SMALL_ROWS = 4_096;

  static final long SMALL_BYTES = 4L << 20;

  private static final int MOST_ROWS = 65_536;
  private static final long MOST_BYTES = 64L << 20;

  /// An INSERT that waits.
  private static final class Member {
    private final BlockInsert insert;
    private final CommitNotes notes;
    private RuntimeException failure;
    private boolean isDone;

    Member(BlockInsert insert, CommitNotes notes) {
      this.insert = insert;
      this.notes = notes;
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition change = lock.newCondition();
  private final ArrayDeque<Member> waiting = new ArrayDeque<>();
  private boolean isBusy;

  /// Commits an INSERT, by this thread or by that of another.
  void commit(BlockInsert insert, CommitNotes notes) {
    Member own = new Member(insert, notes);
    lock.lock();
    try {
      waiting.add(own);
      while (!own.isDone) {
        if (isBusy) {
          change.awaitUninterruptibly();
        } else {
          lead();
        }
      }
    } finally {
      lock.unlock();
    }
    if (own.failure != null) {
      throw own.failure;
    }
  }

  /// How many wait for the next commit.
  int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /// Commits what waits now, this thread's own INSERT perhaps among it.
  private void lead() {
    List<Member> group = take();
    isBusy = true;
    lock.unlock();
    try {
      run(group);
    } finally {
      lock.lock();
      isBusy = false;
      group.forEach(member -> member.isDone = true);
      change.signalAll();
    }
  }

  /// The first that waits, and those behind it that fit into one block.
  private List<Member> take() {
    List<Member> group = new ArrayList<>();
    TableShape shape = waiting.getFirst().insert.shape();
    long rows = 0;
    long bytes = 0;
    while (!waiting.isEmpty() && waiting.getFirst().insert.shape() == shape) {
      rows += waiting.getFirst().insert.blockRows();
      bytes += waiting.getFirst().insert.blockBytes();
      if (!group.isEmpty() && (rows > MOST_ROWS || bytes > MOST_BYTES)) {
        break;
      }
      group.add(waiting.removeFirst());
    }
    return group;
  }

  private static void run(List<Member> group) {
    if (group.size() > 1) {
      CommitNotes notes = CommitNotes.NONE;
      for (Member member : group) {
        notes = notes.and(member.notes);
      }
      List<BlockInsert> inserts = group.stream().map(member -> member.insert).toList();
      try (BlockInsert joined = BlockInsert.joined(inserts)) {
        joined.commitSmall(notes);
        return;
      } catch (RuntimeException e) {
        if (e instanceof VarveException failed && failed.code().leavesDoubt()) {
          // Nobody knows whether it was committed: a second try might bring rows twice.
          group.forEach(member -> member.failure = ofOwn(failed));
          return;
        }
      }
    }
    for (Member member : group) {
      try {
        member.insert.commitSmall(member.notes);
      } catch (RuntimeException e) {
        member.failure = e;
      }
    }
  }

  /// Each thread throws an exception of its own.
  private static VarveException ofOwn(VarveException shared) {
    return new VarveException(shared.code(), shared.getMessage(), shared);
  }
}
