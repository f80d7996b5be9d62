// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.ingest.log.Batches;
import dev.varve.test.Randomized;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class RecordCursorTest {
  private static final Decompressor NONE =
      (codec, bytes, from, to, max) -> {
        throw new AssertionError("the batch is not compressed");
      };

  private static List<String> values(byte[] batch, int from) {
    RecordCursor cursor = new RecordCursor(NONE, 1 << 20);
    cursor.open(batch, from);
    List<String> values = new ArrayList<>();
    Long last = null;
    while (cursor.next()) {
      values.add(
          cursor.valueLength() < 0
              ? null
              : new String(
                  cursor.bytes(),
                  cursor.valueFrom(),
                  cursor.valueLength(),
                  StandardCharsets.UTF_8));
      last = cursor.timestamp();
    }
    assertThat(last).isNotNull();
    return values;
  }

  @Test
  void walksOverValuesAndNulls() {
    byte[] batch = Batches.of("a", null, "", "x".repeat(300));
    assertThat(values(batch, 0)).containsExactly("a", null, "", "x".repeat(300));
    byte[] shifted = new byte[batch.length + 7];
    System.arraycopy(batch, 0, shifted, 7, batch.length);
    assertThat(values(shifted, 7)).hasSize(4);
    BatchCheck.check(shifted, 7, shifted.length, 1 << 20);
  }

  @Randomized(times = 500)
  void bytesThatLieAreRefusedAndNeverReadBeyond(RandomGenerator random) {
    byte[] batch = Batches.of("some value", "another", "third");
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      batch[61 + random.nextInt(batch.length - 61)] = (byte) random.nextInt(256);
    }
    try {
      assertThat(values(Batches.sealed(batch), 0)).hasSize(3);
    } catch (RefusedException e) {
      assertThat(e.refusal()).isEqualTo(Refusal.CORRUPT_MESSAGE);
    }
  }

  @Randomized(times = 500)
  void aFlippedBitIsFoundBeforeTheBatchIsTaken(RandomGenerator random) {
    byte[] batch = Batches.of("some value", "another");
    byte[] damaged = batch.clone();
    // Offset and leader epoch are not covered: the log stamps them.
    int at = 16 + random.nextInt(batch.length - 16);
    damaged[at] ^= (byte) (1 << random.nextInt(8));
    assertThatThrownBy(() -> BatchCheck.check(damaged, 0, damaged.length, 1 << 20))
        .isInstanceOf(RefusedException.class);
  }

  @Test
  void batchesThatMayNotEnterTheLogAreRefusedWithTheReason() {
    assertRefused(Batches.of("a"), Refusal.MESSAGE_TOO_LARGE, 64, "max.message.bytes");
    byte[] transactional = Batches.of("a");
    transactional[22] |= 16;
    assertRefused(
        Batches.sealed(transactional), Refusal.INVALID_RECORD, 1 << 20, "of a transaction");
    byte[] control = Batches.of("a");
    control[22] |= 32;
    assertRefused(Batches.sealed(control), Refusal.INVALID_RECORD, 1 << 20, "control");
    byte[] codec = Batches.of("a");
    codec[22] |= 7;
    assertRefused(Batches.sealed(codec), Refusal.UNSUPPORTED_COMPRESSION_TYPE, 1 << 20, "codec 7");
    byte[] old = Batches.of("a");
    old[16] = 1;
    assertRefused(old, Refusal.UNSUPPORTED_FOR_MESSAGE_FORMAT, 1 << 20, "found 1");
    byte[] one = Batches.of("a");
    byte[] two = Arrays.copyOf(one, one.length * 2);
    System.arraycopy(one, 0, two, one.length, one.length);
    assertRefused(two, Refusal.INVALID_RECORD, 1 << 20, "exactly one batch");
    assertRefused(
        Arrays.copyOf(one, one.length - 1), Refusal.CORRUPT_MESSAGE, 1 << 20, "bytes, found");
  }

  private static void assertRefused(byte[] batch, Refusal refusal, int max, String reason) {
    assertThatThrownBy(() -> BatchCheck.check(batch, 0, batch.length, max))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(reason)
        .satisfies(e -> assertThat(((RefusedException) e).refusal()).isEqualTo(refusal));
  }
}
