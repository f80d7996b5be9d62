// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.hash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Validity;
import dev.varve.storage.vector.Vector;
import dev.varve.test.Randomized;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

final class JoinTableTest {
  private static final DataType TYPE = DataTypes.parse("Nullable(Int64)");

  /// Two threads at once, as a build has them.
  private static final JoinTable.ParallelTasks TASKS =
      new JoinTable.ParallelTasks() {
        @Override
        public void run(int tasks, IntConsumer task) {
          List<Thread> threads = new ArrayList<>();
          for (int i = 0; i < tasks; i++) {
            int index = i;
            threads.add(Thread.ofPlatform().start(() -> task.accept(index)));
          }
          for (Thread thread : threads) {
            try {
              thread.join();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }
        }

        @Override
        public int threads() {
          return 2;
        }
      };

  @Randomized(times = 12)
  void findsTheRowsThatAMapFinds(RandomGenerator random) {
    int rows = random.nextInt(3) == 0 ? random.nextInt(50) : 60_000 + random.nextInt(50_000);
    long range = new long[] {rows + 1L, rows * 40L + 1, Long.MAX_VALUE / 4}[random.nextInt(3)];
    Long[] build = values(random, rows, range);
    Long[] probe = values(random, 5000, range);
    System.arraycopy(build, 0, probe, 0, Math.min(rows, 2000));
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator);
        Scratch temporary = new Scratch(allocator)) {
      AtomicLong reserved = new AtomicLong();
      JoinTable table =
          JoinTable.build(
              List.of(TYPE),
              List.of(vector(build, scratch)),
              rows,
              List.of(false),
              TASKS,
              reserved::addAndGet,
              temporary);
      assertThat(reserved.get()).isEqualTo(table.heapBytes());
      int[] groups = new int[probe.length];
      table.finder().find(List.of(vector(probe, scratch)), probe.length, groups, temporary);
      Map<Long, List<Integer>> model = new HashMap<>();
      for (int i = 0; i < rows; i++) {
        if (build[i] != null) {
          model.computeIfAbsent(build[i], _ -> new ArrayList<>()).add(i);
        }
      }
      for (int i = 0; i < probe.length; i++) {
        List<Integer> expected =
            probe[i] == null ? List.of() : model.getOrDefault(probe[i], List.of());
        assertThat(members(table, groups[i])).as("row " + i).isEqualTo(expected);
      }
    }
  }

  @Randomized(times = 12)
  void aSetHoldsItsValuesAndFewOthers(RandomGenerator random) {
    int rows = 1 + random.nextInt(100_000);
    long range = new long[] {rows + 1L, rows * 40L + 1, Long.MAX_VALUE / 4}[random.nextInt(3)];
    Long[] build = values(random, rows, range);
    Long[] probe = values(random, 4000, range);
    System.arraycopy(build, 0, probe, 0, Math.min(rows, 1500));
    Map<Long, Boolean> model = new HashMap<>();
    for (Long value : build) {
      model.put(value, true);
    }
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      KeySet set = KeySet.of(vector(build, scratch), rows, TASKS);
      long[] mask = new long[(probe.length + 63) / 64];
      long[] before = new long[mask.length];
      for (int i = 0; i < probe.length; i++) {
        if (random.nextInt(10) > 0) {
          before[i >>> 6] |= 1L << i;
        }
      }
      System.arraycopy(before, 0, mask, 0, mask.length);
      int left = set.tester().test(vector(probe, scratch), probe.length, mask, scratch);
      int count = 0;
      int wrong = 0;
      for (int i = 0; i < probe.length; i++) {
        boolean asked = (before[i >>> 6] >>> i & 1) != 0;
        boolean kept = (mask[i >>> 6] >>> i & 1) != 0;
        boolean held = probe[i] != null && model.containsKey(probe[i]);
        count += kept ? 1 : 0;
        wrong += kept && !held ? 1 : 0;
        assertThat(kept || !asked || !held).as("row " + i).isTrue();
        assertThat(!kept || asked).as("row " + i).isTrue();
        assertThat(!held || set.mayMeet(probe[i], probe[i])).isTrue();
      }
      assertThat(left).isEqualTo(count);
      assertThat(wrong).isLessThan(probe.length / 10);
    }
  }

  private static List<Integer> members(JoinTable table, int group) {
    List<Integer> members = new ArrayList<>();
    if (group >= 0 && table.isUnique()) {
      members.add(group);
    } else if (group >= 0) {
      for (int i = table.starts()[group]; i < table.starts()[group + 1]; i++) {
        members.add(table.members()[i]);
      }
    }
    return members;
  }

  private static Long[] values(RandomGenerator random, int rows, long range) {
    boolean distinct = random.nextBoolean();
    long least = random.nextBoolean() ? -range / 2 : random.nextLong(1000);
    Long[] values = new Long[rows];
    for (int i = 0; i < rows; i++) {
      long value = distinct ? i * (range / (rows + 1)) : random.nextLong(range);
      values[i] = random.nextInt(50) == 0 ? null : (Long) (least + value);
    }
    return values;
  }

  private static Vector vector(Long[] values, Scratch scratch) {
    MemorySegment segment = scratch.allocateZeroed(values.length * 8L);
    MemorySegment validity = Validity.allSet(values.length, scratch);
    for (int i = 0; i < values.length; i++) {
      if (values[i] == null) {
        Validity.clear(validity, i);
      } else {
        segment.set(Vector.I64, i * 8L, values[i]);
      }
    }
    return Vector.fixed(TYPE, values.length, segment, validity);
  }
}
