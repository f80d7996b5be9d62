// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.hash;

import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;

/// A table of keys that are whole numbers: indexed by the key's number where the numbers lie
/// densely enough, else open addressing. Each thread of the build owns a range of the slots, reads
/// all keys and takes those that are its own, so that no slot is written by two.
final class LongJoinTable extends JoinTable {
  /// Slots for each row up to which an index by the number itself is worth its memory: a slot is
  /// found without a comparison, and keys that come in order touch slots in order.
  private static final int DENSE_SLOTS = 16;

  private static final int SMALL = 1 << 16;
  private static final int MOST_SLOTS = 1 << 29;
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private final LongKeys keys;
  private final boolean dense;
  private final int slots;
  // Of a sparse table: the number in each slot, -1 for none.
  private final long[] codeAt;
  private final int shift;
  private final int regionMask;
  // Of a unique table: the row in each slot, -1 for none.
  private int[] rowAt;

  LongJoinTable(
      LongKeys keys, List<Vector> columns, int rows, ParallelTasks tasks, LongConsumer reserve) {
    this.keys = keys;
    int parts = rows < SMALL ? 1 : Integer.highestOneBit(Math.max(1, tasks.threads()));
    dense = keys.domain() <= Math.min(MOST_SLOTS, Math.max(SMALL, (long) DENSE_SLOTS * rows));
    slots = dense ? (int) keys.domain() : Math.max(64, Integer.highestOneBit(rows) * 4);
    shift = 64 - Integer.numberOfTrailingZeros(Integer.highestOneBit(slots));
    long transientBytes = 12L * rows;
    reserve.accept(transientBytes + 4L * slots + (dense ? 0 : 8L * slots));
    long[] codes = keys.codes(columns, rows, tasks::run);
    int[] slotOf = new int[dense ? 0 : rows];
    if (dense) {
      codeAt = null;
      regionMask = 0;
    } else {
      codeAt = new long[slots];
      regionMask = place(codes, slotOf, parts, tasks);
    }
    fill(codes, slotOf, rows, parts, tasks);
    reserve.accept(heapBytes() - transientBytes - 4L * slots - (dense ? 0 : 8L * slots));
  }

  /// Gives each key a slot; returns the mask within which a probe goes on.
  private int place(long[] codes, int[] slotOf, int parts, ParallelTasks tasks) {
    int regions = parts;
    while (true) {
      Arrays.fill(codeAt, -1);
      int size = slots / regions;
      boolean[] full = new boolean[regions];
      int of = regions;
      tasks.run(of, region -> full[region] = !place(codes, slotOf, region * size, size));
      boolean any = false;
      for (boolean one : full) {
        any |= one;
      }
      if (!any) {
        return size - 1;
      }
      // The hashes of these keys crowd one region: one for all has room for every row.
      regions = 1;
    }
  }

  private boolean place(long[] codes, int[] slotOf, int base, int size) {
    int mask = size - 1;
    int taken = 0;
    for (int row = 0; row < codes.length; row++) {
      long code = codes[row];
      if (code < 0) {
        slotOf[row] = -1;
        continue;
      }
      int slot = home(code);
      if (slot < base || slot >= base + size) {
        continue;
      }
      while (codeAt[slot] != code && codeAt[slot] >= 0) {
        slot = base | slot + 1 & mask;
      }
      if (codeAt[slot] < 0) {
        codeAt[slot] = code;
        if (++taken == size) {
          return false;
        }
      }
      slotOf[row] = slot;
    }
    return true;
  }

  private int home(long code) {
    return (int) (code * MULTIPLIER >>> shift);
  }

  // Rows by slot: one for each where no key comes twice, which is found out on the way.
  private void fill(long[] codes, int[] slotOf, int rows, int parts, ParallelTasks tasks) {
    int[] rowOf = new int[slots];
    boolean[] twice = new boolean[parts];
    int step = (slots + parts - 1) / parts;
    tasks.run(
        parts,
        part -> {
          int from = Math.min(slots, part * step);
          int to = Math.min(slots, from + step);
          Arrays.fill(rowOf, from, to, -1);
          twice[part] =
              dense ? !once(codes, rowOf, from, to) : !once(slotOf, rows, rowOf, from, to);
        });
    boolean unique = true;
    for (boolean one : twice) {
      unique &= !one;
    }
    if (unique) {
      rowAt = rowOf;
      setUnique();
    } else {
      setChains(dense ? chains(codes, parts, tasks) : chains(slotOf, rows, parts, tasks));
    }
  }

  private static boolean once(long[] codes, int[] rowOf, int from, int to) {
    for (int row = 0; row < codes.length; row++) {
      long slot = codes[row];
      if (slot >= from && slot < to) {
        if (rowOf[(int) slot] >= 0) {
          return false;
        }
        rowOf[(int) slot] = row;
      }
    }
    return true;
  }

  private static boolean once(int[] slotOf, int rows, int[] rowOf, int from, int to) {
    for (int row = 0; row < rows; row++) {
      int slot = slotOf[row];
      if (slot >= from && slot < to) {
        if (rowOf[slot] >= 0) {
          return false;
        }
        rowOf[slot] = row;
      }
    }
    return true;
  }

  private Chains chains(long[] codes, int parts, ParallelTasks tasks) {
    int[] slotOf = new int[codes.length];
    tasks.run(
        (codes.length + LongKeys.CHUNK - 1) / LongKeys.CHUNK,
        chunk -> {
          int to = Math.min(codes.length, (chunk + 1) * LongKeys.CHUNK);
          for (int row = chunk * LongKeys.CHUNK; row < to; row++) {
            slotOf[row] = (int) codes[row];
          }
        });
    return chains(slotOf, codes.length, parts, tasks);
  }

  private Chains chains(int[] slotOf, int rows, int parts, ParallelTasks tasks) {
    int[] starts = new int[slots + 1];
    int step = (slots + parts - 1) / parts;
    tasks.run(
        parts,
        part -> count(slotOf, rows, starts, part * step, Math.min(slots, (part + 1) * step)));
    for (int slot = 0; slot < slots; slot++) {
      starts[slot + 1] += starts[slot];
    }
    int[] members = new int[starts[slots]];
    int[] next = starts.clone();
    tasks.run(
        parts,
        part -> put(slotOf, rows, next, members, part * step, Math.min(slots, (part + 1) * step)));
    return new Chains(starts, members);
  }

  private static void count(int[] slotOf, int rows, int[] starts, int from, int to) {
    for (int row = 0; row < rows; row++) {
      int slot = slotOf[row];
      if (slot >= from && slot < to) {
        starts[slot + 1]++;
      }
    }
  }

  private static void put(int[] slotOf, int rows, int[] next, int[] members, int from, int to) {
    for (int row = 0; row < rows; row++) {
      int slot = slotOf[row];
      if (slot >= from && slot < to) {
        members[next[slot]++] = row;
      }
    }
  }

  @Override
  public int groups() {
    return isUnique() ? Math.max(1, rowAt.length) : slots;
  }

  @Override
  public long heapBytes() {
    long bytes = codeAt == null ? 0 : 8L * codeAt.length;
    return bytes + (rowAt == null ? chainBytes() : 4L * rowAt.length);
  }

  @Override
  public Finder finder() {
    LongKeys.Reader reader = keys.new Reader();
    return (columns, rows, groups, scratch) -> find(reader, columns, rows, groups, scratch);
  }

  private void find(
      LongKeys.Reader reader, List<Vector> columns, int rows, int[] groups, Scratch scratch) {
    long[] codes = reader.read(columns, rows, scratch);
    if (dense) {
      if (rowAt != null) {
        denseRows(codes, rows, rowAt, groups);
      } else {
        denseGroups(codes, rows, starts(), groups);
      }
    } else {
      slots(codes, rows, groups);
      if (rowAt != null) {
        rowsOf(rows, rowAt, groups);
      }
    }
  }

  private static void denseRows(long[] codes, int rows, int[] rowAt, int[] groups) {
    for (int i = 0; i < rows; i++) {
      long code = codes[i];
      groups[i] = code < 0 ? -1 : rowAt[(int) code];
    }
  }

  private static void denseGroups(long[] codes, int rows, int[] starts, int[] groups) {
    for (int i = 0; i < rows; i++) {
      int code = (int) codes[i];
      groups[i] = code < 0 || starts[code] == starts[code + 1] ? -1 : code;
    }
  }

  private void slots(long[] codes, int rows, int[] groups) {
    long[] table = codeAt;
    int within = regionMask;
    for (int i = 0; i < rows; i++) {
      long code = codes[i];
      if (code < 0) {
        groups[i] = -1;
        continue;
      }
      int slot = home(code);
      int base = slot & ~within;
      while (table[slot] != code && table[slot] >= 0) {
        slot = base | slot + 1 & within;
      }
      groups[i] = table[slot] < 0 ? -1 : slot;
    }
  }

  private static void rowsOf(int rows, int[] rowAt, int[] groups) {
    for (int i = 0; i < rows; i++) {
      int slot = groups[i];
      groups[i] = slot < 0 ? -1 : rowAt[slot];
    }
  }
}
