// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.codec.CodecChoice.Compression;
import dev.varve.storage.codec.CodecChoice.Encoding;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataTypes;
import org.junit.jupiter.api.Test;

final class CodecChoiceTest {
  private static CodecChoice choice(Encoding encoding, Compression compression, int level) {
    return new CodecChoice(encoding, compression, level);
  }

  @Test
  void readsWhatTheDialectAllows() {
    assertThat(CodecChoice.parse("")).isEqualTo(CodecChoice.AUTOMATIC);
    assertThat(CodecChoice.parse("Default")).isEqualTo(CodecChoice.AUTOMATIC);
    assertThat(CodecChoice.parse("NONE"))
        .isEqualTo(choice(Encoding.AUTOMATIC, Compression.NONE, 0));
    assertThat(CodecChoice.parse("Delta(8), ZSTD(3)"))
        .isEqualTo(choice(Encoding.DELTA, Compression.ZSTD, 3));
    assertThat(CodecChoice.parse("ZSTD").level()).isEqualTo(1);
    assertThat(CodecChoice.parse("LZ4HC(12)"))
        .isEqualTo(choice(Encoding.AUTOMATIC, Compression.LZ4HC, 12));
    assertThat(CodecChoice.parse("DoubleDelta, LZ4"))
        .isEqualTo(choice(Encoding.DOUBLE_DELTA, Compression.LZ4, 0));
    assertThat(CodecChoice.parse("gorilla"))
        .isEqualTo(choice(Encoding.GORILLA, Compression.AUTOMATIC, 0));
    assertThat(CodecChoice.parse("Delta, T64, ZSTD(1)"))
        .isEqualTo(choice(Encoding.DELTA, Compression.ZSTD, 1));
    assertThat(CodecChoice.parse("GCD, LZ4")).isEqualTo(choice(Encoding.GCD, Compression.LZ4, 0));
    assertThat(CodecChoice.parse("GCD, Delta").encoding()).isEqualTo(Encoding.DELTA);
    assertThat(CodecChoice.parse("FSST"))
        .isEqualTo(choice(Encoding.FSST, Compression.AUTOMATIC, 0));
    assertThat(CodecChoice.parse("T64('bit')").encoding()).isEqualTo(Encoding.T64);
  }

  @Test
  void refusesOthersWithWhatIsMeantAndAllowed() {
    refuses("ZTSD(1)", "no codec \"ZTSD\"", "ZSTD");
    refuses("ZSTD(99)", "1 to 22");
    refuses("LZ4HC(13)", "1 to 12");
    refuses("LZ4(1)", "takes no argument");
    refuses("Delta(3)", "1, 2, 4 or 8");
    refuses("ZSTD(1), Delta", "Delta cannot follow ZSTD");
    refuses("LZ4, ZSTD", "ZSTD cannot follow LZ4");
    refuses("Delta, NONE", "NONE cannot follow Delta");
    refuses("Delta, Gorilla", "Gorilla cannot follow Delta");
    refuses("Delta, FSST", "FSST cannot follow Delta");
    refuses("GCD, FSST", "FSST cannot follow GCD");
    refuses("FSST(1)", "takes no argument");
    refuses("Delta,, LZ4", "empty place");
    refuses("ZSTD(1", "closing parenthesis");
  }

  private static void refuses(String text, String... words) {
    assertThatThrownBy(() -> CodecChoice.parse(text))
        .as(text)
        .isInstanceOf(VarveException.class)
        .hasMessageContainingAll(words);
  }

  @Test
  void refusesEncodingsOfNumbersForOtherValues() {
    for (String codec : new String[] {"Delta", "DoubleDelta", "Gorilla", "T64", "FPC"}) {
      for (String type : new String[] {"String", "UUID", "Array(String)", "FixedString(8)"}) {
        assertThatThrownBy(() -> CodecChoice.parse(codec + ", LZ4", DataTypes.parse(type)))
            .isInstanceOf(VarveException.class)
            .hasMessageContaining("codec " + codec + " is not applicable to " + type);
      }
    }
    for (String codec : new String[] {"DoubleDelta", "T64"}) {
      assertThatThrownBy(() -> CodecChoice.parse(codec, DataTypes.FLOAT64))
          .isInstanceOf(VarveException.class)
          .hasMessageContaining("not applicable to Float64");
    }
    for (String type :
        new String[] {"Int8", "UInt64", "Nullable(DateTime)", "Decimal(15, 2)", "Array(Int32)"}) {
      assertThat(CodecChoice.parse("DoubleDelta", DataTypes.parse(type)).encoding())
          .isEqualTo(Encoding.DOUBLE_DELTA);
    }
    assertThat(CodecChoice.parse("FSST", DataTypes.parse("Array(Nullable(String))")).encoding())
        .isEqualTo(Encoding.FSST);
    assertThatThrownBy(() -> CodecChoice.parse("FSST", DataTypes.FLOAT64))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining("not applicable to Float64: it encodes strings");
    assertThat(CodecChoice.parse("ZSTD(5)", DataTypes.STRING).level()).isEqualTo(5);
  }
}
