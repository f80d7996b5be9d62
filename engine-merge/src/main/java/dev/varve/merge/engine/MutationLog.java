// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// The mutations of one table since it was opened, the last hundred of them, for
/// `system.mutations`. Safe for threads.
public final class MutationLog {
  private static final int KEPT = 100;

  private final Deque<Entry> entries = new ArrayDeque<>();
  private long next = 1;

  /// A mutation: under way, done, or given up.
  public static final class Entry {
    private final String id;
    private final String command;
    private final long createdMillis;
    private final int parts;
    private volatile boolean done;
    private volatile boolean ended;
    private volatile long rows;

    private Entry(String id, String command, long createdMillis, int parts) {
      this.id = id;
      this.command = command;
      this.createdMillis = createdMillis;
      this.parts = parts;
    }

    public String id() {
      return id;
    }

    public String command() {
      return command;
    }

    public long createdMillis() {
      return createdMillis;
    }

    /// Parts that it may still change.
    public int partsToDo() {
      return done || ended ? 0 : parts;
    }

    public boolean isDone() {
      return done;
    }

    /// Whether it ended without effect.
    public boolean isFailed() {
      return ended && !done;
    }

    /// Rows that it deleted or changed.
    public long rows() {
      return rows;
    }

    void done(long affected) {
      rows = affected;
      done = true;
    }

    void ended() {
      ended = true;
    }
  }

  synchronized Entry begin(String command, int parts, long nowMillis) {
    Entry entry = new Entry("mutation_" + next++ + ".txt", command, nowMillis, parts);
    entries.addLast(entry);
    if (entries.size() > KEPT) {
      entries.removeFirst();
    }
    return entry;
  }

  synchronized List<Entry> entries() {
    return List.copyOf(entries);
  }
}
