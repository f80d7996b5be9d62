// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.codec.CodecChoice.Compression;
import dev.varve.storage.error.VarveException;
import org.junit.jupiter.api.Test;

final class CodecChoiceTest {
  @Test
  void readsWhatDdlMaySay() {
    assertThat(CodecChoice.parse("")).isEqualTo(CodecChoice.AUTOMATIC);
    assertThat(CodecChoice.parse("NONE")).isEqualTo(new CodecChoice(Compression.NONE, 0, false));
    assertThat(CodecChoice.parse("Delta(8), ZSTD(3)"))
        .isEqualTo(new CodecChoice(Compression.ZSTD, 3, true));
    assertThat(CodecChoice.parse("ZSTD").level()).isEqualTo(1);
    assertThat(CodecChoice.parse("DoubleDelta, LZ4").compression()).isEqualTo(Compression.LZ4);
  }

  @Test
  void unknownCodecsAndLevelsAreRefusedWithTheWayOut() {
    assertThatThrownBy(() -> CodecChoice.parse("ZTSD(1)"))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining("did you mean \"ZSTD\"");
    assertThatThrownBy(() -> CodecChoice.parse("ZSTD(99)"))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining("1 to 22");
  }
}
