// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.test.Randomized;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PairLayoutTest {
  /// The example of docs/format/pairs.md, as version 1 wrote it.
  private static final String VERSION_1 =
      "56415256504149520100000001000000070000000000000003000000000000007fd6d78e"
          + "01080000000200000005000000020f0000003b3000000100006300010064006300";

  /// The example of docs/format/pairs.md.
  private static final String VERSION_2 =
      "564152565041495202000000010000000700000000000000030000000000000060dd4d85"
          + "030600000002000000001b03080000000600000002363636";

  private static final int[] OLDER_2 = {3, 7, 8, 20, 21, 33};

  @Test
  void version1StaysReadable() {
    byte[] file = HexFormat.of().parseHex(VERSION_1);
    PairLayout.Rows rows = PairLayout.read(file, 7, 3, false, 1000, 100_000);
    assertThat(rows.younger()).containsExactly(2, 5);
    assertThat(rows.older()).containsExactly(IntStream.range(100, 200).toArray());
  }

  @Test
  void version2StaysReadable() {
    byte[] file = HexFormat.of().parseHex(VERSION_2);
    PairLayout.Rows rows = PairLayout.read(file, 7, 3, false, 1000, 100_000);
    assertThat(rows.younger()).containsExactly(2, 5);
    assertThat(rows.older()).containsExactly(OLDER_2);
  }

  @Test
  void theExampleIsWhatIsWritten() {
    PairLayout.Rows rows = new PairLayout.Rows(new int[] {2, 5}, OLDER_2);
    assertThat(HexFormat.of().formatHex(PairLayout.write(7, 3, false, rows))).isEqualTo(VERSION_2);
  }

  @Test
  void randomRowsTakeAboutTheBitsThatTheyHold() {
    RandomGenerator random = new SplittableRandom(7);
    int[] tenth = IntStream.range(0, 1 << 20).filter(_ -> random.nextInt(10) == 0).toArray();
    byte[] file = PairLayout.write(7, 3, false, new PairLayout.Rows(new int[0], tenth));
    assertThat(file.length * 8.0 / tenth.length).isLessThan(4.9);
  }

  @Randomized(times = 60)
  void rowsComeBackAsTheyWere(RandomGenerator random) {
    boolean shared = random.nextBoolean();
    int[] younger = rows(random);
    int[] older = shared ? IntStream.of(younger).map(row -> row * 2 + 1).toArray() : rows(random);
    byte[] file = PairLayout.write(9, 4, shared, new PairLayout.Rows(younger, older));
    PairLayout.Rows read = PairLayout.read(file, 9, 4, shared, 1 << 20, 1 << 21);
    assertThat(read.younger()).isEqualTo(younger);
    assertThat(read.older()).isEqualTo(older);
  }

  private static int[] rows(RandomGenerator random) {
    int bound = 1 << 20;
    int every = 1 << random.nextInt(18);
    return random.nextInt(6) == 0
        ? new int[0]
        : IntStream.range(0, bound / every)
            .map(i -> i * every + (every == 1 ? 0 : random.nextInt(every)))
            .limit(50_000)
            .toArray();
  }

  @Randomized(times = 60)
  void aFlippedBitOrAnotherPairIsNotBelieved(RandomGenerator random) {
    byte[] file = HexFormat.of().parseHex(random.nextBoolean() ? VERSION_1 : VERSION_2);
    assertThat(PairLayout.read(file, 8, 3, false, 1000, 100_000)).isNull();
    assertThat(PairLayout.read(file, 7, 2, false, 1000, 100_000)).isNull();
    assertThat(PairLayout.read(file, 7, 3, true, 1000, 100_000)).isNull();
    assertThat(PairLayout.read(file, 7, 3, false, 5, 100_000)).as("row 5 of 5").isNull();
    file[random.nextInt(file.length)] ^= (byte) (1 << random.nextInt(8));
    assertThat(PairLayout.read(file, 7, 3, false, 1000, 100_000)).isNull();
    byte[] cut = Arrays.copyOf(file, random.nextInt(file.length));
    assertThat(PairLayout.read(cut, 7, 3, false, 1000, 100_000)).isNull();
  }
}
