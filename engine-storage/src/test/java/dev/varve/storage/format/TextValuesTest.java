// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.Randomized;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TextValuesTest {

  private static Object read(String type, String text) {
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      VectorBuilder builder = new VectorBuilder(DataTypes.parse(type), scratch);
      byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.UTF_8);
      TextValues.of("c", builder.type()).append(builder, bytes, 1, bytes.length - 2);
      return VectorValues.get(builder.build(), 0);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Int8 | -128",
        "Int8 | 127",
        "UInt8 | 255",
        "Int64 | -9223372036854775808",
        "Int64 | 9223372036854775807",
        "UInt64 | 18446744073709551615",
        "UInt64 | 0",
        "Int128 | -170141183460469231731687303715884105728",
        "UInt256 | 115792089237316195423570985008687907853269984665640564039457584007913129639935",
        "Float64 | 0.1",
        "Float64 | 1.7976931348623157E308",
        "Float64 | -123.456",
        "Float32 | 1.5",
        "Float64 | NaN",
        "Float64 | -Infinity",
        "Bool | true",
        "String | abc",
        "UUID | 61f0c404-5cb3-11e7-907b-a6006ad3dba0",
        "IPv4 | 255.0.1.2",
        "IPv6 | 2001:db8::1",
        "IPv6 | ::",
        "IPv6 | ::1",
        "Date | 2149-06-06",
        "Date | 1970-01-01",
        "Date32 | 1900-01-01",
        "Date32 | 2000-02-29",
        "Enum8('a' = -1, 'b' = 2) | b",
        "Decimal(15, 2) | -12.30",
        "Decimal(38, 10) | 12345678901234567890.1234567890",
        "Decimal(18, 18) | 0.123456789012345678"
      })
  void spellingsComeBack(String type, String text) {
    assertThat(read(type, text)).hasToString(text);
  }

  @Test
  void spellingsThatMeanTheSame() {
    assertThat(read("Int32", "+7")).isEqualTo(7L);
    assertThat(read("Decimal(10, 2)", "1e2")).isEqualTo(new BigDecimal("100.00"));
    assertThat(read("Decimal(10, 2)", "1.500")).isEqualTo(new BigDecimal("1.50"));
    assertThat(read("Decimal(10, 2)", ".5")).isEqualTo(new BigDecimal("0.50"));
    assertThat(read("Float64", "1e-7")).isEqualTo(1e-7);
    assertThat(read("UUID", "61f0c4045cb311e7907ba6006ad3dba0"))
        .isEqualTo(UUID.fromString("61f0c404-5cb3-11e7-907b-a6006ad3dba0"));
    assertThat(read("IPv6", "1.2.3.4")).isEqualTo("::ffff:1.2.3.4");
    assertThat(read("Bool", "No")).isEqualTo(false);
    assertThat(read("Enum16('x' = 300)", "300")).isEqualTo("x");
    assertThat(read("FixedString(3)", "ab")).isEqualTo(new byte[] {'a', 'b', 0});
    assertThat(read("Date", "2024-2-9")).isEqualTo(LocalDate.of(2024, 2, 9));
    assertThat(read("Date", "2024-02-09 00:00:00")).isEqualTo(LocalDate.of(2024, 2, 9));
  }

  @Test
  void spansOfHoursMinutesAndSeconds() {
    assertThat(read("Time", "10:11:12")).isEqualTo(Duration.ofSeconds(36_672));
    assertThat(read("Time", "9:05")).isEqualTo(Duration.ofMinutes(545));
    assertThat(read("Time", "-999:59:59")).isEqualTo(Duration.ofSeconds(-3_599_999));
    assertThat(read("Time", "61")).isEqualTo(Duration.ofSeconds(61));
    assertThat(read("Time", "-61")).isEqualTo(Duration.ofSeconds(-61));
    assertThat(read("Time64(3)", "-00:00:01.5009")).isEqualTo(Duration.ofMillis(-1500));
    assertThat(read("Time64(9)", "61.000000001")).isEqualTo(Duration.ofSeconds(61, 1));
  }

  @Test
  void timesWithFractionsZonesAndSecondsSinceTheEpoch() {
    LocalDateTime time = LocalDateTime.of(2024, 2, 29, 12, 30, 15);
    assertThat(read("DateTime", "2024-02-29 12:30:15")).isEqualTo(time);
    assertThat(read("DateTime", "2024-02-29T12:30:15Z")).isEqualTo(time);
    assertThat(read("DateTime", "2024-02-29T14:30:15+02:00")).isEqualTo(time);
    assertThat(read("DateTime", "2024-02-29 07:00:15-0530")).isEqualTo(time);
    assertThat(read("DateTime", "1709209815")).isEqualTo(time);
    assertThat(read("DateTime", "2024-02-29 12:30")).isEqualTo(time.withSecond(0));
    assertThat(read("DateTime", "2024-02-29")).isEqualTo(time.toLocalDate().atStartOfDay());
    assertThat(read("DateTime64(3)", "2024-02-29 12:30:15.1239"))
        .isEqualTo(time.withNano(123_000_000));
    assertThat(read("DateTime64(9)", "2024-02-29T12:30:15.5Z"))
        .isEqualTo(time.withNano(500_000_000));
    assertThat(read("DateTime64(3)", "1709209815.25")).isEqualTo(time.withNano(250_000_000));
    assertThat(read("DateTime64(3)", "1960-01-01 00:00:00.5"))
        .isEqualTo(LocalDateTime.of(1960, 1, 1, 0, 0, 0, 500_000_000));
    assertThat(read("DateTime('Europe/Berlin')", "2024-02-29 13:30:15"))
        .isEqualTo(time.plusHours(1));
    assertThat(read("DateTime('Europe/Berlin')", "2024-02-29T12:30:15Z"))
        .isEqualTo(time.plusHours(1));
  }

  @Test
  void containers() {
    assertThat(read("Array(Int32)", "[1, 2,3]")).isEqualTo(List.of(1L, 2L, 3L));
    assertThat(read("Array(String)", "['a','it''s','b\\'c',',']"))
        .isEqualTo(List.of("a", "it's", "b'c", ","));
    assertThat(read("Array(Array(UInt8))", "[[],[1]]")).isEqualTo(List.of(List.of(), List.of(1L)));
    assertThat(read("Array(Nullable(Int8))", "[NULL,4]")).asList().containsExactly(null, 4L);
    assertThat(read("Tuple(Int8, String)", "(1,'x')")).isEqualTo(List.of(1L, "x"));
    assertThat(read("Map(String, Int64)", "{'a':1,'b':2}")).isEqualTo(Map.of("a", 1L, "b", 2L));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "Int8 | 128",
        "UInt8 | -1",
        "UInt8 | 256",
        "Int64 | 9223372036854775808",
        "UInt64 | 18446744073709551616",
        "UInt64 | 99999999999999999999",
        "Int32 | 1.5",
        "Int32 | ~~",
        "Int32 | -",
        "Int32 | 12x",
        "Int128 | 170141183460469231731687303715884105728",
        "Decimal(4, 2) | 100",
        "Decimal(4, 2) | 1.234",
        "Decimal(4, 2) | 1e9",
        "Decimal(4, 2) | .",
        "Float64 | 0x10",
        "Float64 | 1d",
        "Float64 | abc",
        "Bool | maybe",
        "UUID | 61f0",
        "UUID | 61f0c404-5cb3-11e7-907b-a6006ad3dbaz",
        "IPv4 | 1.2.3",
        "IPv4 | 256.1.1.1",
        "IPv6 | 1:2:3",
        "IPv6 | 1::2::3",
        "IPv6 | 12345::",
        "Date | 2023-02-29",
        "Date | 1969-12-31",
        "Date | 2024-13-01",
        "Date | today",
        "Date | 2024-02-09 01:00:00",
        "Date | 20240209",
        "DateTime | 2024-02-29 24:00:00",
        "DateTime | 2200-01-01 00:00:00",
        "DateTime | 2024-02-29 12:30:15 Mars",
        "DateTime | 2024-02-29x12:30:15",
        "DateTime64(3) | 99999999999999999999",
        "Time | 1000:00:00",
        "Time | 10:60:00",
        "Time | 10:1:00",
        "Time | 3600000",
        "Time | noon",
        "Time64(3) | 10:00:00.x",
        "Enum8('a' = 1) | b",
        "Enum8('a' = 1) | 2",
        "FixedString(2) | abc",
        "Array(Int8) | [1",
        "Array(Int8) | 1",
        "Array(Int8) | [1]]",
        "Array(Int8) | [NULL]",
        "Array(String) | [a]",
        "Array(String) | ['a]",
        "Tuple(Int8, Int8) | (1)",
        "Map(String, Int8) | {'a'}"
      })
  void textThatIsNoValueIsRefusedWithColumnTypeAndText(String type, String text) {
    assertThatThrownBy(() -> read(type, text))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining("column \"c\": expected " + DataTypes.parse(type).name())
        .hasMessageContaining("found \"" + text + "\"");
  }

  @Randomized(times = 300)
  void anyIntegerReadsAsTheLibraryReadsIt(RandomGenerator random) {
    byte[] magnitude = new byte[9];
    random.nextBytes(magnitude);
    BigInteger number = new BigInteger(1, magnitude);
    if (random.nextBoolean()) {
      number = number.shiftRight(random.nextInt(64));
    }
    boolean fits = number.bitLength() <= 64;
    String text = number.toString();
    if (fits) {
      assertThat(read("UInt64", text)).hasToString(text);
    } else {
      assertThatThrownBy(() -> read("UInt64", text)).isInstanceOf(VarveException.class);
    }
  }

  @Randomized(times = 300)
  void anyDoubleReadsAsTheLibraryReadsIt(RandomGenerator random) {
    double number =
        random.nextBoolean()
            ? Double.longBitsToDouble(random.nextLong())
            : random.nextInt(1_000_000) / 1000.0;
    assertThat(read("Float64", Double.toString(number))).isEqualTo(number);
  }

  @Randomized(times = 300)
  void anyInstantReadsBack(RandomGenerator random) {
    LocalDateTime time =
        LocalDateTime.of(1900, 1, 1, 0, 0)
            .plusSeconds(random.nextLong(12_000_000_000L))
            .plusNanos(random.nextInt(1_000_000) * 1000L);
    assertThat(read("DateTime64(6)", time.toString())).isEqualTo(time);
  }
}
