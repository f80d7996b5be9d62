// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// Packed frames, made by hand, and those that lie.
final class Lz4BlockTest {
  private static String unpacked(int length, int... bytes) throws IOException {
    ByteBuffer payload =
        ByteBuffer.allocate(4 + bytes.length).order(ByteOrder.LITTLE_ENDIAN).putInt(length);
    for (int b : bytes) {
      payload.put((byte) b);
    }
    ByteBuffer plain = new Lz4Block().unpack(payload.flip());
    return StandardCharsets.US_ASCII.decode(plain).toString();
  }

  @Test
  void literalsAndCopiesThatOverlap() throws IOException {
    assertThat(unpacked(3, 0x30, 'a', 'b', 'c')).isEqualTo("abc");
    assertThat(unpacked(10, 0x24, 'a', 'b', 2, 0)).isEqualTo("ababababab");
  }

  @Test
  void longLengthsGoOnInBytes() throws IOException {
    assertThat(unpacked(1 + 4 + 15 + 255 + 3, 0x1F, 'x', 1, 0, 255, 3)).isEqualTo("x".repeat(278));
  }

  @Test
  void blocksThatLieAreRefused() {
    int[][] lies = {
      {0x50, 'a'}, // more literals than there are
      {0x10, 'a', 2, 0}, // a copy from before the beginning
      {0x10, 'a', 0, 0}, // a copy from nowhere
      {0x1F, 'a', 1, 0, 255, 255}, // a length without end
      {0x10, 'a', 1}, // half a distance
      {0x10, 'a'} // fewer bytes than told
    };
    for (int[] lie : lies) {
      assertThatThrownBy(() -> unpacked(100, lie)).isInstanceOf(IOException.class);
    }
    assertThatThrownBy(() -> unpacked(-1, 0x10, 'a')).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> unpacked(Integer.MAX_VALUE, 0x10, 'a'))
        .isInstanceOf(IOException.class);
  }
}
