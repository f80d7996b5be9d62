// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.LateTexts;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import dev.varve.test.Randomized;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;

/// Texts that stay encoded: a row that holds a piece is never missed, and what is asked for late is
/// what was written.
final class FsstSearchTest {
  private final BufferAllocator allocator = new RootAllocator();
  private final Scratch scratch = new Scratch(allocator);

  @AfterEach
  void free() {
    scratch.close();
    allocator.close();
  }

  /// Words of few letters, so that pieces are met often, begun often, and cut by symbols anywhere.
  private static String text(RandomGenerator random) {
    String letters = random.nextInt(20) == 0 ? "goegle\u00ff\u0001" : "gole/";
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(4) == 0 ? 0 : random.nextInt(40);
    for (int i = 0; i < length; i++) {
      text.append(random.nextInt(6) == 0 ? "http" : letters.charAt(random.nextInt(5)));
    }
    return text.toString();
  }

  private static FsstTable table(String[] texts) {
    byte[][] bytes =
        Arrays.stream(texts).map(t -> t.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    int all = Arrays.stream(bytes).mapToInt(b -> b.length).sum();
    byte[] sample = new byte[all + FsstTable.PADDING];
    int[] ends = new int[bytes.length];
    int at = 0;
    for (int i = 0; i < bytes.length; i++) {
      System.arraycopy(bytes[i], 0, sample, at, bytes[i].length);
      at += bytes[i].length;
      ends[i] = at;
    }
    return new FsstTrainer().train(sample, ends, ends.length);
  }

  private Vector late(String[] texts, FsstTable table) {
    VectorBuilder builder = new VectorBuilder(DataTypes.STRING, scratch);
    for (String text : texts) {
      builder.appendBytes(text.getBytes(StandardCharsets.UTF_8));
    }
    ByteSink sink = new ByteSink(scratch, 64);
    int[] rows = IntStream.range(0, texts.length).toArray();
    FsstText.encode(
        builder.build(), rows, table, FsstText.ROWS_OF_STOP, new IntegerEncoder(), sink);
    return FsstText.open(sink.written(), 0, texts.length, new IntegerDecoder())
        .late(DataTypes.STRING, table, null, scratch);
  }

  private static String piece(String[] texts, RandomGenerator random) {
    String from = texts[random.nextInt(texts.length)];
    if (from.isEmpty() || random.nextInt(5) == 0) {
      return random.nextBoolean() ? "google" : "e/o".repeat(1 + random.nextInt(40));
    }
    int begin = random.nextInt(from.length());
    return from.substring(begin, begin + 1 + random.nextInt(from.length() - begin));
  }

  @Randomized(times = 200)
  void noRowThatHoldsThePieceIsMissed(RandomGenerator random) {
    String[] texts = new String[1 + random.nextInt(700)];
    Arrays.setAll(texts, _ -> text(random));
    // A table that was trained on others escapes more.
    FsstTable table = table(random.nextBoolean() ? texts : new String[] {"goglgoo", "http/le"});
    for (int n = 0; n < 4; n++) {
      String piece = piece(texts, random);
      long[] maybe = new long[(texts.length + 63) >>> 6];
      late(texts, table).lateTexts().mayHold(piece.getBytes(StandardCharsets.UTF_8), maybe);
      for (int i = 0; i < texts.length; i++) {
        if (texts[i].contains(piece)) {
          assertThat(maybe[i >>> 6] >>> i & 1).as("row %d for %s", i, piece).isOne();
        }
      }
    }
  }

  @Randomized(times = 50)
  void groupsOfRowsWithoutThePieceAreLeftOut(RandomGenerator random) {
    String[] texts = new String[640];
    Arrays.setAll(texts, _ -> text(random).replace('l', 'o'));
    texts[300] = "http/glue";
    long[] maybe = new long[10];
    late(texts, table(texts)).lateTexts().mayHold(new byte[] {'g', 'l'}, maybe);

    long[] expected = new long[10];
    expected[300 >>> 6] = -1L;
    assertThat(maybe).isEqualTo(expected);
  }

  @Randomized(times = 100)
  void theWideLoopFindsWhatThePlainOneFinds(RandomGenerator random) {
    assumeThat(FsstSearch.hasKernel()).isTrue();
    String[] texts = new String[100];
    Arrays.setAll(texts, _ -> text(random));
    FsstTable table = table(texts);
    byte[] codes = new byte[65 + random.nextInt(1000)];
    random.nextBytes(codes);
    MemorySegment stored = scratch.allocate(codes.length);
    MemorySegment.copy(codes, 0, stored, ValueLayout.JAVA_BYTE, 0, codes.length);
    FsstSearch search =
        new FsstSearch(table, piece(texts, random).getBytes(StandardCharsets.UTF_8));
    int words = (codes.length - 1) >>> 6;

    long[] wide = new long[(codes.length + 63) >>> 6];
    search.startsWide(stored, 0, words, wide);
    search.starts(stored, words << 6, codes.length, wide);
    long[] plain = new long[wide.length];
    search.starts(stored, 0, codes.length, plain);

    assertThat(wide).isEqualTo(plain);
    assertThat(search.starts(stored)).isEqualTo(plain);
  }

  @Randomized(times = 100)
  void someTextsAndAllTextsAreThoseWritten(RandomGenerator random) {
    String[] texts = new String[1 + random.nextInt(500)];
    Arrays.setAll(texts, _ -> text(random));
    Vector late = late(texts, table(texts));
    int[] wanted = IntStream.range(0, texts.length).filter(_ -> random.nextInt(8) == 0).toArray();

    Vector some = VectorOps.gather(late, wanted, wanted.length, scratch);

    for (int i = 0; i < wanted.length; i++) {
      assertThat(new String(some.getBytes(i), StandardCharsets.UTF_8)).isEqualTo(texts[wanted[i]]);
    }
    LateTexts unmade = late.lateTexts();
    assertThat(unmade == null).isEqualTo(wanted.length > texts.length / 4);
    for (int i = 0; i < texts.length; i++) {
      assertThat(new String(late.getBytes(i), StandardCharsets.UTF_8)).isEqualTo(texts[i]);
    }
    assertThat(late.as(DataTypes.STRING).lateTexts()).isNull();
  }
}
