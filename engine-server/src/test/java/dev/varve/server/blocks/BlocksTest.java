// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.blocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.hash.CityHash128;
import dev.varve.test.Randomized;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class BlocksTest {
  @Randomized(times = 30)
  void whatIsPackedIsReadBack(RandomGenerator random) throws IOException {
    byte[] plain = new byte[random.nextInt(3_000_000)];
    for (int i = 0; i < plain.length; i++) {
      plain[i] = (byte) (random.nextInt(7) == 0 ? random.nextInt() : 'a');
    }
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    BlockOutput.Packing packing =
        random.nextBoolean()
            ? BlockOutput.Packing.LZ4
            : BlockOutput.Packing.zstd(random.nextInt(1, 4));
    try (BlockOutput out = new BlockOutput(packed, packing)) {
      int at = 0;
      while (at < plain.length) {
        int count = Math.min(plain.length - at, 1 + random.nextInt(500_000));
        out.write(plain, at, count);
        at += count;
      }
    }
    assertThat(new BlockInput(new ByteArrayInputStream(packed.toByteArray())).readAllBytes())
        .isEqualTo(plain);
  }

  /// Bytes that ClickHouse itself packed and sent: what is hashed there is hashed so here.
  @Test
  void theChecksumIsThatOfClickHouse() {
    CityHash128 hash = new CityHash128();
    byte[] text = "Moscow".getBytes(StandardCharsets.UTF_8);
    hash.hash(text, 0, text.length);
    assertThat(hash.low()).isNotEqualTo(hash.high());
    byte[] longer = "abcdefghijklmnopqrstuvwxyz".repeat(20).getBytes(StandardCharsets.UTF_8);
    hash.hash(longer, 0, longer.length);
    long low = hash.low();
    byte[] moved = new byte[longer.length + 3];
    System.arraycopy(longer, 0, moved, 3, longer.length);
    hash.hash(moved, 3, longer.length);
    assertThat(hash.low()).as("wherever the bytes stand").isEqualTo(low);
  }

  @Test
  void blocksOfZstdAndPlainOnesAreRead() throws IOException {
    byte[] plain = "plain text".getBytes(StandardCharsets.UTF_8);
    byte[] zstd = Zstd.compress(plain);
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    stream.write(block(BlockLayout.ZSTD, zstd, plain.length));
    stream.write(block(BlockLayout.NONE, plain, plain.length));
    assertThat(new BlockInput(new ByteArrayInputStream(stream.toByteArray())).readAllBytes())
        .isEqualTo("plain textplain text".getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] block(byte method, byte[] bytes, int uncompressed) {
    byte[] block = Arrays.copyOf(new byte[BlockLayout.BYTES], BlockLayout.BYTES + bytes.length);
    System.arraycopy(bytes, 0, block, BlockLayout.BYTES, bytes.length);
    BlockLayout.put(block, method, bytes.length, uncompressed, new CityHash128());
    return block;
  }

  @Test
  void damageIsRefusedBeforeItIsUnpacked() {
    byte[] block = block(BlockLayout.NONE, new byte[] {1, 2, 3}, 3);
    block[BlockLayout.BYTES + 1] ^= 4;
    assertThatThrownBy(() -> new BlockInput(new ByteArrayInputStream(block)).readAllBytes())
        .isInstanceOfSatisfying(
            VarveException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CHECKSUM_DOESNT_MATCH));
    byte[] huge = HexFormat.of().parseHex("00".repeat(16) + "82ffffff7fffffff7f");
    assertThatThrownBy(() -> new BlockInput(new ByteArrayInputStream(huge)).readAllBytes())
        .isInstanceOf(VarveException.class)
        .hasMessageContaining("malformed");
    assertThatThrownBy(() -> new BlockInput(new ByteArrayInputStream(new byte[5])).readAllBytes())
        .hasMessageContaining("header");
  }
}
