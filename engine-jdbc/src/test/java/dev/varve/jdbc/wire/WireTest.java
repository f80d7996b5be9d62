// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Frames, parameters and types, right and damaged.
final class WireTest {
  private static final List<Object> VALUES =
      Arrays.asList(
          null,
          true,
          Long.MIN_VALUE,
          BigInteger.TWO.pow(255).negate(),
          1.5f,
          -2.5,
          new BigDecimal("-0.0012300"),
          "Größe 😀",
          "",
          new UUID(-1, 2),
          LocalDate.of(1969, 7, 20),
          LocalDateTime.of(1900, 1, 1, 0, 0, 0, 1),
          Instant.parse("2262-04-12T00:00:00.123456789Z"),
          LocalTime.of(23, 59, 59, 999_999_999),
          Arrays.asList(1L, null, List.of("x")),
          Map.of("k", 1L));

  private static ByteBuffer wrap(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void parametersComeBackAsTheyWere() throws IOException {
    assertThat(Parameters.decode(wrap(Parameters.encode(VALUES)))).isEqualTo(VALUES);
    byte[] raw = {0, -1, 7};
    Object back = Parameters.decode(wrap(Parameters.encode(List.of(raw)))).get(0);
    assertThat((byte[]) back).isEqualTo(raw);
  }

  @Test
  void damagedParametersAreAnErrorAndNothingElse() {
    byte[] good = Parameters.encode(VALUES);
    Random random = new Random(42);
    for (int round = 0; round < 20_000; round++) {
      byte[] bad = Arrays.copyOf(good, 1 + random.nextInt(good.length));
      for (int i = 0; i < 3; i++) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      try {
        Parameters.decode(wrap(bad));
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("malformed");
      }
    }
  }

  @Test
  void framesComeOneAfterAnother() throws IOException {
    byte[] large = new byte[100_000];
    new Random(1).nextBytes(large);
    byte[] one = Frame.encode(FrameKind.DATA, large);
    byte[] two = Frame.encode(FrameKind.END, new byte[0]);
    byte[] both = Arrays.copyOf(one, one.length + two.length);
    System.arraycopy(two, 0, both, one.length, two.length);
    try (FrameReader reader = new FrameReader(new ByteArrayInputStream(both))) {
      Frame first = reader.next();
      assertThat(first.kind()).isEqualTo(FrameKind.DATA);
      byte[] payload = new byte[first.payload().remaining()];
      first.payload().get(payload);
      assertThat(payload).isEqualTo(large);
      assertThat(reader.next().kind()).isEqualTo(FrameKind.END);
      assertThat(reader.next()).isNull();
    }
  }

  @Test
  void aFrameThatIsCutOffTooLongOrUnknownIsAnError() {
    byte[] whole = Frame.encode(FrameKind.ERROR, new byte[100]);
    assertThatThrownBy(() -> read(Arrays.copyOf(whole, 50))).isInstanceOf(IOException.class);
    byte[] tooLong = whole.clone();
    tooLong[4] = (byte) 0x7F;
    assertThatThrownBy(() -> read(tooLong)).hasMessageContaining("more than the limit");
    byte[] unknown = whole.clone();
    unknown[0] = 99;
    assertThatThrownBy(() -> read(unknown)).hasMessageContaining("kind 99");
  }

  private static Frame read(byte[] bytes) throws IOException {
    try (FrameReader reader = new FrameReader(new ByteArrayInputStream(bytes))) {
      return reader.next();
    }
  }

  @Test
  void theEndAndTheErrorKeepWhatTheySay() throws IOException {
    Ending ending = new Ending(1, new Progress(2, 3, 4, 5), -1, "düb", "0.1");
    assertThat(Ending.decode(wrap(ending.encode()))).isEqualTo(ending);
    Failure failure = new Failure(159, "57014", "TIMEOUT_EXCEEDED", "too slow");
    SQLException thrown = Failure.decode(wrap(failure.encode())).toException();
    assertThat((Object) thrown).isInstanceOf(SQLTimeoutException.class);
    assertThat(thrown.getMessage()).contains("too slow");
    assertThat(thrown.getErrorCode()).isEqualTo(159);
  }

  @Test
  void everySpellingOfATypeIsUnderstood() {
    SqlType decimal = SqlType.parse("Nullable(Decimal(38, 10))");
    assertThat(decimal.kind()).isEqualTo(Kind.DECIMAL);
    assertThat(decimal.nullable()).isTrue();
    assertThat(decimal.precision()).isEqualTo(38);
    assertThat(decimal.width()).isEqualTo(16);
    SqlType time = SqlType.parse("DateTime64(6, 'Europe/Berlin')");
    assertThat(time.zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
    SqlType labels = SqlType.parse("Enum8('a, \\'b\\'' = -1, 'c' = 2)");
    assertThat(labels.labels()).containsEntry(-1, "a, 'b'").containsEntry(2, "c");
    SqlType tuple = SqlType.parse("Tuple(`my x` Map(String, Array(UInt8)), y DateTime)");
    assertThat(tuple.fieldNames()).containsExactly("my x", "y");
    assertThat(tuple.children().get(0).children().get(1).name()).isEqualTo("Array(UInt8)");
    assertThat(SqlType.parse("AggregateFunction(quantiles(0.5, 0.9), Float64)").kind())
        .isEqualTo(Kind.AGGREGATE_STATE);
    assertThat(SqlType.parse("LowCardinality(Nullable(FixedString(3)))").width()).isEqualTo(3);
    assertThatThrownBy(() -> SqlType.parse("Int7")).hasMessageContaining("newer driver");
  }
}
