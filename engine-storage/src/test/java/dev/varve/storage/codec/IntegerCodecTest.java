// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.test.Randomized;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

final class IntegerCodecTest {
  @Randomized(times = 300)
  void anyRunOfNumbersComesBackInItsWidth(RandomGenerator random) {
    int bytes = 1 << random.nextInt(4);
    int count = random.nextInt(random.nextBoolean() ? 100 : 20_000);
    long[] values = new long[count];
    int spread = random.nextInt(64);
    long current = random.nextLong();
    int shape = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      long step = random.nextLong() >>> spread;
      current =
          switch (shape) {
            case 0 -> current + step;
            case 1 -> random.nextInt(30) == 0 ? step : current;
            case 2 -> step;
            default -> current;
          };
      values[i] = cut(current, bytes);
    }
    check(values, bytes, random.nextInt(-1, 7));
  }

  private static long cut(long value, int bytes) {
    int shift = 64 - 8 * bytes;
    return value << shift >> shift;
  }

  private static int check(long[] values, int bytes, int forced) {
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      ByteSink sink = new ByteSink(scratch, 64);
      sink.putLong(0);
      if (forced < 0) {
        new IntegerEncoder().encode(values, values.length, bytes, sink);
      } else {
        new IntegerEncoder().encodeAs(forced, values, values.length, bytes, sink);
      }
      MemorySegment in = sink.written();
      IntegerDecoder decoder = new IntegerDecoder();
      long[] decoded = Arrays.copyOf(decoder.decode(in, 8, values.length), values.length);
      for (int i = 0; i < decoded.length; i++) {
        decoded[i] = cut(decoded[i], bytes);
      }
      assertThat(decoded).isEqualTo(values);
      int[] ints = decoder.decodeInts(in, 8, values.length);
      for (int i = 0; i < values.length; i++) {
        long expected = cut(values[i], Math.min(bytes, 4));
        if (cut(ints[i], Math.min(bytes, 4)) != expected) {
          assertThat(ints[i]).as("value %d as an int", i).isEqualTo(expected);
        }
      }
      MemorySegment out = scratch.allocate((long) values.length * bytes);
      decoder.decode(in, 8, values.length, bytes, out);
      for (int i = 0; i < values.length; i++) {
        long found =
            switch (bytes) {
              case 1 -> out.get(JAVA_BYTE, i);
              case 2 -> out.get(Vector.I16, i * 2L);
              case 4 -> out.get(Vector.I32, i * 4L);
              default -> out.get(Vector.I64, i * 8L);
            };
        if (found != values[i]) {
          assertThat(found).as("value %d", i).isEqualTo(values[i]);
        }
      }
      return in.get(JAVA_BYTE, 8);
    }
  }

  @Test
  void eachModeIsTakenWhereItIsShortest() {
    long[] sorted = new long[8192];
    long[] runs = new long[8192];
    long[] small = new long[8192];
    long[] wild = new long[8192];
    for (int i = 0; i < 8192; i++) {
      sorted[i] = 1_000_000_000L + 37L * i + i % 5;
      runs[i] = (i / 400) * 0x123456789L % 1000;
      small[i] = 5_000_000_000L + i * 7919L % 1000;
      wild[i] = (i ^ 0x5555) * 0x9E3779B97F4A7C15L ^ (long) i * i << 40;
    }
    assertThat(check(sorted, 8, -1)).isEqualTo(IntegerEncoder.DELTA);
    assertThat(check(runs, 8, -1)).isEqualTo(IntegerEncoder.RUNS);
    assertThat(check(small, 8, -1)).isEqualTo(IntegerEncoder.PACKED);
    assertThat(check(wild, 8, -1)).isEqualTo(IntegerEncoder.PLAIN);
    long[] divided = new long[8192];
    for (int i = 0; i < 8192; i++) {
      divided[i] = 17 + 3600 * (wild[i] >>> 54);
    }
    assertThat(check(divided, 8, -1)).isEqualTo(IntegerEncoder.DIVIDED);
    assertThat(check(divided, 4, -1)).isEqualTo(IntegerEncoder.DIVIDED);
    assertThat(check(divided, 8, IntegerEncoder.PACKED)).isEqualTo(IntegerEncoder.DIVIDED);
    assertThat(check(wild, 8, IntegerEncoder.DIVIDED)).isEqualTo(IntegerEncoder.PLAIN);
    assertThat(check(wild, 8, IntegerEncoder.DELTA)).isEqualTo(IntegerEncoder.DELTA);
  }

  @Test
  void everyBitWidthPacksAnyCount() {
    for (int width = 1; width <= 64; width++) {
      for (int count : new int[] {1, 7, 31, 32, 33, 255, 256, 257, 8191, 8192, 9000}) {
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
          values[i] = (i * 0x9E3779B97F4A7C15L ^ i) & -1L >>> (64 - width);
        }
        assertThat(packed(values, width)).as("width %d", width).isEqualTo(values);
      }
    }
  }

  private static long[] packed(long[] values, int width) {
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      ByteSink sink = new ByteSink(scratch, 64);
      long[] out = new long[values.length];
      if (width > 32) {
        BitPacking.pack64(values, values.length, 0, width, sink);
        BitPacking.unpack64(sink.written(), 0, values.length, width, out);
      } else {
        BitPacking.pack32(values, values.length, 0, width, sink);
        int[] ints = new int[values.length];
        BitPacking.unpack32(sink.written(), 0, values.length, width, ints);
        Arrays.setAll(out, i -> ints[i] & 0xFFFFFFFFL);
      }
      assertThat(sink.position()).isEqualTo(BitPacking.bytes(values.length, width));
      return out;
    }
  }
}
