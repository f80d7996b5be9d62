// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.varve.storage.type.DataTypes;
import dev.varve.test.Randomized;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;

/// A piece is found in the rows that hold it, and in no row that only begins it.
final class PieceSearchTest {
  private final BufferAllocator allocator = new RootAllocator();
  private final Scratch scratch = new Scratch(allocator);

  @AfterEach
  void free() {
    scratch.close();
    allocator.close();
  }

  private static String text(RandomGenerator random, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      text.append("abc\u00e9".charAt(random.nextInt(20) == 0 ? 3 : random.nextInt(3)));
    }
    return text.toString();
  }

  @Randomized(times = 300)
  void rowsThatHoldThePieceAreFound(RandomGenerator random) {
    int skipped = random.nextInt(3);
    int rows = random.nextInt(1, 400);
    int most = random.nextInt(20) == 0 ? 2000 : 30;
    String[] texts = new String[skipped + rows];
    VectorBuilder builder = new VectorBuilder(DataTypes.STRING, scratch);
    for (int i = 0; i < texts.length; i++) {
      texts[i] = text(random, most);
      builder.appendBytes(texts[i].getBytes(StandardCharsets.UTF_8));
    }
    String piece = text(random, 6) + "b";
    Vector vector = VectorOps.slice(builder.build(), skipped, rows, scratch);
    // Rows behind the last that is asked for stay as they are.
    int asked = random.nextInt(rows + 1);

    long[] found = new long[(rows + 63) >>> 6];
    new PieceSearch(piece.getBytes(StandardCharsets.UTF_8)).find(vector, asked, found);

    for (int i = 0; i < rows; i++) {
      boolean isFound = (found[i >>> 6] >>> i & 1) != 0;
      assertThat(isFound).isEqualTo(i < asked && texts[skipped + i].contains(piece));
    }
  }

  @Randomized(times = 100)
  void theWideLoopFindsWhatThePlainOneFinds(RandomGenerator random) {
    assumeThat(PieceSearch.hasKernel()).isTrue();
    byte[] bytes = new byte[random.nextInt(64, 2000)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (random.nextInt(3) - 1);
    }
    MemorySegment stored = scratch.allocate(bytes.length);
    MemorySegment.copy(bytes, 0, stored, ValueLayout.JAVA_BYTE, 0, bytes.length);
    int base = random.nextInt(20);
    int distance = random.nextInt(20);
    int places = Math.max(0, bytes.length - base - distance);
    int words = places >>> 6;
    byte first = (byte) (random.nextInt(3) - 1);
    byte last = (byte) (random.nextInt(3) - 1);

    long[] plain = new long[(places + 63) >>> 6];
    PieceSearch.plainStarts(stored, base, 0, places, first, last, distance, plain);
    long[] wide = new long[plain.length];
    PieceKernels.starts(stored, base, 0, words, first, last, distance, wide);
    PieceSearch.plainStarts(stored, base, words, places, first, last, distance, wide);

    assertThat(wide).isEqualTo(plain);
  }
}
