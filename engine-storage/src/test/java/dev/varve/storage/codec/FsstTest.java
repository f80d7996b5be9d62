// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.test.Randomized;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Symbol tables: what they encode they decode, whatever bytes a text has.
final class FsstTest {
  private final BufferAllocator allocator = new RootAllocator();
  private final Scratch scratch = new Scratch(allocator);

  @AfterEach
  void free() {
    scratch.close();
    allocator.close();
  }

  private static byte[] padded(byte[] text) {
    return Arrays.copyOf(text, text.length + FsstTable.PADDING);
  }

  private static FsstTable trained(byte[]... strings) {
    int all = Arrays.stream(strings).mapToInt(string -> string.length).sum();
    byte[] sample = new byte[all + FsstTable.PADDING];
    int[] ends = new int[strings.length];
    int at = 0;
    for (int s = 0; s < strings.length; s++) {
      System.arraycopy(strings[s], 0, sample, at, strings[s].length);
      at += strings[s].length;
      ends[s] = at;
    }
    return new FsstTrainer().train(sample, ends, strings.length);
  }

  private byte[] encoded(FsstTable table, byte[] text) {
    byte[] codes = new byte[2 * text.length];
    return Arrays.copyOf(codes, table.encode(padded(text), 0, text.length, codes, 0));
  }

  private byte[] decoded(FsstTable table, byte[] codes, int most) {
    MemorySegment in = scratch.allocate(codes.length);
    MemorySegment.copy(codes, 0, in, ValueLayout.JAVA_BYTE, 0, codes.length);
    MemorySegment target = scratch.allocate(most + 8L);
    long bytes = table.decode(in, 0, codes.length, target);
    return target.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE);
  }

  @Randomized(times = 60)
  void anyBytesComeBackByAnyTable(RandomGenerator random) {
    byte[][] strings = new byte[random.nextInt(1, 400)][];
    int bound = random.nextInt(1, 256);
    for (int s = 0; s < strings.length; s++) {
      strings[s] = text(random, bound);
    }
    FsstTable table = trained(strings);
    for (int i = 0; i < 20; i++) {
      byte[] text = text(random, random.nextBoolean() ? bound : 256);
      byte[] codes = encoded(table, text);
      assertThat(decoded(table, codes, text.length)).isEqualTo(text);
      ByteSink sink = new ByteSink(scratch, 64);
      table.write(sink);
      assertThat(sink.position()).isEqualTo(FsstTable.bytes(table.count()));
      FsstTable read = FsstTable.read(sink.written(), 0);
      assertThat(decoded(read, codes, text.length)).isEqualTo(text);
    }
  }

  private static byte[] text(RandomGenerator random, int bound) {
    byte[] text = new byte[random.nextInt(120)];
    for (int i = 0; i < text.length; i++) {
      text[i] = (byte) (i > 8 && random.nextInt(3) > 0 ? text[i - 7] : random.nextInt(bound));
    }
    return text;
  }

  @Test
  void wordsThatRepeatBecomeOneCode() {
    byte[] text = "furiously furiously furiously ".getBytes(StandardCharsets.US_ASCII);
    byte[][] strings = new byte[200][];
    Arrays.fill(strings, text);
    assertThat(encoded(trained(strings), text).length).isLessThanOrEqualTo(6);
  }

  @Test
  void aTableOfNothingEscapesAllBytes() {
    byte[] text = {1, -1, 0};
    assertThat(encoded(new FsstTable(), text)).containsExactly(-1, 1, -1, -1, -1, 0);
    assertThat(decoded(new FsstTable(), new byte[] {-1, 1, -1, -1, -1, 0}, 3)).isEqualTo(text);
  }

  @Test
  void codesThatSayMoreThanThereIsRoomForAreMalformed() {
    FsstTable table = new FsstTable();
    table.add('a', 1);
    assertThatThrownBy(() -> decoded(table, new byte[100], 3))
        .isInstanceOf(MalformedBytesException.class);
    assertThatThrownBy(() -> decoded(table, new byte[] {0, -1}, 10))
        .isInstanceOf(MalformedBytesException.class);
  }

  @Test
  void theExampleOfTheFormatPageIsWhatIsWritten() throws java.io.IOException {
    VectorBuilder builder = new VectorBuilder(DataTypes.STRING, scratch);
    for (String text : new String[] {"paid", "unpaid", "paid!"}) {
      builder.appendBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
    Vector strings = builder.build();
    FsstTable table = new FsstTable();
    table.add('p' | 'a' << 8 | 'i' << 16 | 'd' << 24, 4);
    table.add('u' | 'n' << 8, 2);
    ByteSink sink = new ByteSink(scratch, 64);
    table.write(sink);
    FsstText.encode(strings, new int[] {0, 1, 2}, table, 1, new IntegerEncoder(), sink);
    String hex =
        HexFormat.ofDelimiter(" ").formatHex(sink.written().toArray(ValueLayout.JAVA_BYTE));
    String page =
        Files.readString(Path.of(System.getProperty("varve.root"), "docs", "format", "part.md"));
    assertThat(page.replaceAll("\\s+", " ")).contains(hex);
  }
}
