// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.number;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.vector.Vector;
import dev.varve.test.Randomized;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;

/// Quotients of doubles are those of longs as far as the kernels promise.
class DivisionKernelTest {
  private static final int ROWS = 1000;

  private static long number(RandomGenerator random) {
    long most = ArithmeticKernels.EXACT_DOUBLES - 1;
    long value = random.nextInt(8) == 0 ? most - random.nextInt(3) : random.nextLong() >>> 11;
    long small = value >>> random.nextInt(52);
    return random.nextBoolean() ? small : -small;
  }

  @Randomized(times = 200)
  void wholeQuotientsAndRemaindersAreThoseOfLongs(RandomGenerator random) {
    long divisor = number(random);
    if (divisor == 0) {
      divisor = 1;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment a = arena.allocate(ROWS * 8L);
      MemorySegment quotients = arena.allocate(ROWS * 8L);
      MemorySegment remainders = arena.allocate(ROWS * 8L);
      for (int i = 0; i < ROWS; i++) {
        // Around multiples of the divisor a quotient is nearly a whole number.
        long times = number(random) / divisor * divisor + random.nextInt(3) - 1;
        a.set(Vector.I64, i * 8L, random.nextBoolean() ? number(random) : times);
      }
      a.set(Vector.I64, 0, number(random));
      ArithmeticKernels.quotients(a, divisor, quotients, ROWS);
      ArithmeticKernels.remainders(a, divisor, remainders, ROWS);
      for (int i = 0; i < ROWS; i++) {
        long value = a.get(Vector.I64, i * 8L);
        if (Math.abs(value) < ArithmeticKernels.EXACT_DOUBLES) {
          assertThat(quotients.get(Vector.I64, i * 8L)).isEqualTo(value / divisor);
          assertThat(remainders.get(Vector.I64, i * 8L)).isEqualTo(value % divisor);
        }
      }
      ArithmeticKernels.liftNegatives(remainders, Math.abs(divisor), ROWS);
      for (int i = 0; i < ROWS; i++) {
        long value = a.get(Vector.I64, i * 8L);
        if (Math.abs(value) < ArithmeticKernels.EXACT_DOUBLES) {
          assertThat(remainders.get(Vector.I64, i * 8L))
              .isEqualTo(Math.floorMod(value, Math.abs(divisor)));
        }
      }
    }
  }
}
