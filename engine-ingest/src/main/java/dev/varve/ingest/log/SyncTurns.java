// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import java.util.ArrayDeque;

/// Syncs of a file that overlap. The system tells of pages that it could not write once, and not to
/// whom they belong, so that one of them says nothing before all that began earlier have gone well.
/// Safe for threads.
final class SyncTurns {
  /// One sync.
  static final class Turn {
    private final long endOffset;
    private boolean isDone;

    private Turn(long endOffset) {
      this.endOffset = endOffset;
    }
  }

  private final ArrayDeque<Turn> turns = new ArrayDeque<>();
  private long durable;

  /// @param endOffset behind what is written by now
  synchronized Turn begin(long endOffset) {
    Turn turn = new Turn(endOffset);
    turns.add(turn);
    return turn;
  }

  /// A sync went well; one that does not never ends. Returns the offset up to which the file is
  /// durable.
  synchronized long end(Turn turn) {
    turn.isDone = true;
    while (!turns.isEmpty() && turns.getFirst().isDone) {
      durable = Math.max(durable, turns.removeFirst().endOffset);
    }
    return durable;
  }
}
