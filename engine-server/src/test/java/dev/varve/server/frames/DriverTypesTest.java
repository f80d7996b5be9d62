// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.sql.session.ResultColumn;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Validity;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.Randomized;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Struct;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Values of every type on their way from a vector to a getter, over HTTP.
final class DriverTypesTest {
  private FrameServer server;
  private Connection connection;

  @BeforeEach
  void open() throws IOException, SQLException {
    server = new FrameServer();
    connection = server.connect();
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    server.close();
  }

  /// A result of one column of these values, on its first row.
  private ResultSet first(String type, Object... values) throws SQLException {
    Vector vector = VectorValues.of(DataTypes.parse(type), server.scratch, values);
    ResultSet rows = rows(vector);
    assertThat(rows.next()).isTrue();
    return rows;
  }

  private ResultSet rows(Vector... vectors) throws SQLException {
    List<ResultColumn> columns = new ArrayList<>();
    for (Vector vector : vectors) {
      columns.add(new ResultColumn("c" + columns.size(), vector.type()));
    }
    Batch batch = new Batch(vectors[0].rows(), List.of(vectors));
    server.session.on("SELECT x", columns, () -> BatchSource.of(batch));
    return connection.createStatement().executeQuery("SELECT x");
  }

  private void holds(String type, Object value, Object expected, int jdbcType) throws SQLException {
    ResultSet rows = first(type, value);
    assertThat(rows.getObject(1)).as(type).isEqualTo(expected);
    assertThat(rows.wasNull()).isFalse();
    assertThat(rows.getMetaData().getColumnType(1)).as(type).isEqualTo(jdbcType);
    assertThat(rows.getMetaData().getColumnTypeName(1)).isEqualTo(type);
    assertThat(rows.getMetaData().getColumnClassName(1)).isEqualTo(expected.getClass().getName());
  }

  @Test
  void integersAreExactAtBothEnds() throws SQLException {
    holds("Int8", -128L, -128, Types.TINYINT);
    holds("Int16", -32768L, -32768, Types.SMALLINT);
    holds("Int32", (long) Integer.MIN_VALUE, Integer.MIN_VALUE, Types.INTEGER);
    holds("Int64", Long.MIN_VALUE, Long.MIN_VALUE, Types.BIGINT);
    holds("UInt8", 255L, 255, Types.SMALLINT);
    holds("UInt16", 65535L, 65535, Types.INTEGER);
    holds("UInt32", 4294967295L, 4294967295L, Types.BIGINT);
    BigInteger all64 = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
    holds("UInt64", all64, all64, Types.NUMERIC);
    BigInteger low128 = BigInteger.TWO.pow(127).negate();
    holds("Int128", low128, low128, Types.NUMERIC);
    BigInteger all128 = BigInteger.TWO.pow(128).subtract(BigInteger.ONE);
    holds("UInt128", all128, all128, Types.NUMERIC);
    BigInteger low256 = BigInteger.TWO.pow(255).negate();
    holds("Int256", low256, low256, Types.NUMERIC);
    BigInteger all256 = BigInteger.TWO.pow(256).subtract(BigInteger.ONE);
    holds("UInt256", all256, all256, Types.NUMERIC);
  }

  @Test
  void decimalsKeepScaleAndAllDigits() throws SQLException {
    BigDecimal small = new BigDecimal("-12345.6700");
    holds("Decimal(9, 4)", small, small, Types.DECIMAL);
    BigDecimal wide = new BigDecimal("-12345678901234567890123456789012345.678");
    holds("Decimal(38, 3)", wide, wide, Types.DECIMAL);
    BigDecimal widest = new BigDecimal("9".repeat(70) + "." + "9".repeat(6));
    holds("Decimal(76, 6)", widest, widest, Types.DECIMAL);
  }

  @Test
  void decimalsThatLieNarrowAreWidened() throws SQLException {
    Vector narrow =
        Vector.fixed(
            DataTypes.parse("Decimal(38, 2)"),
            dev.varve.storage.type.Physical.INT64,
            2,
            VectorValues.of(DataTypes.INT64, server.scratch, 150L, -250L).values(),
            null);
    ResultSet rows = rows(narrow);
    rows.next();
    assertThat(rows.getBigDecimal(1)).isEqualTo(new BigDecimal("1.50"));
    rows.next();
    assertThat(rows.getBigDecimal(1)).isEqualTo(new BigDecimal("-2.50"));
  }

  @Test
  void floatsAndBooleans() throws SQLException {
    holds("Float32", 1.25f, 1.25f, Types.REAL);
    holds("Float64", -1e300, -1e300, Types.DOUBLE);
    holds("Bool", true, true, Types.BOOLEAN);
    ResultSet rows = first("Float64", Double.NaN);
    assertThat(rows.getDouble(1)).isNaN();
  }

  @Test
  void textsOfAllKinds() throws SQLException {
    holds("String", "Größe 😀", "Größe 😀", Types.VARCHAR);
    holds("String", "", "", Types.VARCHAR);
    holds("LowCardinality(String)", "x", "x", Types.VARCHAR);
    holds("Enum8('a' = 1, 'b''' = -5)".replace("b''", "b\\'"), "b'", "b'", Types.VARCHAR);
    UUID uuid = UUID.fromString("61f0c404-5cb3-11e7-907b-a6006ad3dba0");
    holds("UUID", uuid, uuid, Types.OTHER);
    assertThat(first("UUID", uuid).getString(1)).isEqualTo(uuid.toString());
    assertThat(first("UUID", uuid).getObject(1, UUID.class)).isEqualTo(uuid);
    assertThat(first("IPv4", 0xC0A80001L).getString(1)).isEqualTo("192.168.0.1");
    byte[] loopback = new byte[16];
    loopback[15] = 1;
    assertThat(first("IPv6", (Object) loopback).getString(1)).isEqualTo("::1");
  }

  @Test
  void fixedStringShowsNoFillAndKeepsItsBytes() throws SQLException {
    byte[] bytes = {'a', 'b', 0, 0};
    ResultSet rows = first("FixedString(4)", (Object) bytes);
    assertThat(rows.getString(1)).isEqualTo("ab");
    assertThat(rows.getBytes(1)).isEqualTo(bytes);
  }

  @Test
  void bytesThatAreNotTextArriveAsTheyAre() throws SQLException {
    byte[] bytes = {(byte) 0xFF, 0, (byte) 0xC3};
    assertThat(first("String", (Object) bytes).getBytes(1)).isEqualTo(bytes);
  }

  @Test
  void timesKeepTheirClockWhateverTheZoneOfThisJvm() throws SQLException {
    TimeZone before = TimeZone.getDefault();
    try {
      for (String zone : List.of("UTC", "America/New_York", "Asia/Kolkata")) {
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        LocalDateTime noon = LocalDateTime.of(2024, 5, 17, 12, 0, 0, 123_000_000);
        ResultSet rows = first("DateTime64(3, 'Europe/Berlin')", noon);
        assertThat(rows.getObject(1)).isEqualTo(Timestamp.valueOf(noon));
        assertThat(rows.getObject(1, LocalDateTime.class)).isEqualTo(noon);
        assertThat(rows.getString(1)).isEqualTo("2024-05-17 12:00:00.123");
        Instant moment = noon.atZone(ZoneId.of("Europe/Berlin")).toInstant();
        assertThat(rows.getObject(1, Instant.class)).isEqualTo(moment);
        assertThat(rows.getObject(1, OffsetDateTime.class).toInstant()).isEqualTo(moment);
        LocalDate day = LocalDate.of(1969, 12, 31);
        assertThat(first("Date32", day).getObject(1, LocalDate.class)).isEqualTo(day);
        assertThat(first("Date32", day).getDate(1)).isEqualTo(Date.valueOf(day));
      }
    } finally {
      TimeZone.setDefault(before);
    }
  }

  @Test
  void timesOfEveryPrecision() throws SQLException {
    LocalDate late = LocalDate.of(2149, 6, 6);
    assertThat(first("Date", late).getObject(1, LocalDate.class)).isEqualTo(late);
    LocalDateTime end = LocalDateTime.of(2106, 2, 7, 6, 28, 15);
    assertThat(first("DateTime", end).getObject(1, LocalDateTime.class)).isEqualTo(end);
    for (int precision = 0; precision <= 9; precision++) {
      int nanos = 987_654_321 / BigInteger.TEN.pow(9 - precision).intValue();
      LocalDateTime old =
          LocalDateTime.of(
              1931, 1, 2, 3, 4, 5, nanos * BigInteger.TEN.pow(9 - precision).intValue());
      ResultSet rows = first("DateTime64(" + precision + ")", old);
      assertThat(rows.getObject(1, LocalDateTime.class))
          .as("precision %d", precision)
          .isEqualTo(old);
    }
  }

  @Test
  void timesOfDayAndLongerSpans() throws SQLException {
    ResultSet rows = first("Time", Duration.ofSeconds(36_672));
    assertThat(rows.getMetaData().getColumnType(1)).isEqualTo(Types.TIME);
    assertThat(rows.getObject(1)).isEqualTo(Time.valueOf("10:11:12"));
    assertThat(rows.getTime(1)).isEqualTo(Time.valueOf("10:11:12"));
    assertThat(rows.getObject(1, LocalTime.class)).isEqualTo("10:11:12");
    ResultSet fine = first("Time64(3)", Duration.ofMillis(36_672_250));
    assertThat(fine.getObject(1, LocalTime.class)).isEqualTo("10:11:12.250");
    assertThat(fine.getString(1)).isEqualTo("10:11:12.250");
    ResultSet below = first("Time", Duration.ofHours(-30));
    assertThat(below.getString(1)).isEqualTo("-30:00:00");
    assertThat(below.getObject(1)).isEqualTo(Duration.ofHours(-30));
    assertThatThrownBy(() -> below.getTime(1))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("22018"));
  }

  @Test
  void nullsAreNullInEveryGetter() throws SQLException {
    ResultSet rows = first("Nullable(Int32)", null, 5L);
    assertThat(rows.getObject(1)).isNull();
    assertThat(rows.getInt(1)).isZero();
    assertThat(rows.wasNull()).isTrue();
    assertThat(rows.getString(1)).isNull();
    assertThat(rows.getTimestamp(1)).isNull();
    rows.next();
    assertThat(rows.getInt(1)).isEqualTo(5);
    assertThat(rows.wasNull()).isFalse();
    assertThat(rows.getMetaData().isNullable(1)).isEqualTo(1);
  }

  @Test
  void nestedValuesCanBeTakenApart() throws SQLException, IOException {
    ResultSet rows = first("Array(Nullable(String))", Arrays.asList("a", null, "b'c"));
    Array array = rows.getArray(1);
    assertThat((Object[]) array.getArray()).containsExactly("a", null, "b'c");
    assertThat(array.getBaseType()).isEqualTo(Types.VARCHAR);
    assertThat(rows.getString(1)).isEqualTo("['a',NULL,'b\\'c']");
    ResultSet elements = array.getResultSet();
    elements.next();
    assertThat(elements.getInt(1)).isEqualTo(1);
    assertThat(elements.getString(2)).isEqualTo("a");

    ResultSet nested =
        first("Array(Array(UInt64))", List.of(List.of(1L, 2L), List.of(), List.of(3L)));
    assertThat(nested.getString(1)).isEqualTo("[[1,2],[],[3]]");

    ResultSet tuple = first("Tuple(Int32, String)", List.of(7L, "x"));
    assertThat(((Struct) tuple.getObject(1)).getAttributes()).containsExactly(7, "x");

    ResultSet map = first("Map(String, Float64)", Map.of("k", 1.5));
    assertThat(map.getObject(1)).isEqualTo(Map.of("k", 1.5));
  }

  @Test
  void constantsAndDictionariesArriveFlat() throws SQLException {
    Vector word = VectorValues.of(DataTypes.STRING, server.scratch, "same");
    Vector constant = Vector.constant(DataTypes.STRING, 3, word);
    MemorySegment codes = VectorValues.of(DataTypes.INT32, server.scratch, 1L, 99L, 0L).values();
    MemorySegment present = server.scratch.allocateZeroed(Validity.bytes(3));
    Validity.set(present, 0);
    Validity.set(present, 2);
    DataType nullable = DataTypes.parse("LowCardinality(Nullable(String))");
    Vector words = VectorValues.of(DataTypes.STRING, server.scratch, "zero", "one");
    Vector dictionary = Vector.dictionary(nullable, 3, codes, words, present);
    ResultSet rows = rows(constant, dictionary);
    List<String> seen = new ArrayList<>();
    while (rows.next()) {
      seen.add(rows.getString(1) + " " + rows.getString(2));
    }
    assertThat(seen).containsExactly("same one", "same null", "same zero");
  }

  @Test
  void slicesOfListsAndTextsBeginWhereTheyShould() throws SQLException {
    Vector lists =
        VectorValues.of(
            DataTypes.parse("Array(String)"),
            server.scratch,
            List.of("skipped"),
            List.of("a", "b"),
            List.of(),
            List.of("c"));
    Vector texts = VectorValues.of(DataTypes.STRING, server.scratch, "skipped", "x", "", "zz");
    ResultSet rows =
        rows(
            VectorOps.slice(lists, 1, 3, server.scratch),
            VectorOps.slice(texts, 1, 3, server.scratch).head(3));
    List<String> seen = new ArrayList<>();
    while (rows.next()) {
      seen.add(rows.getString(1) + rows.getString(2));
    }
    assertThat(seen).containsExactly("['a','b']x", "[]", "['c']zz");
  }

  @Test
  void gettersConvertWhatFitsAndRefuseWhatDoesNot() throws SQLException {
    assertThat(first("Int64", 5L).getByte(1)).isEqualTo((byte) 5);
    assertThat(first("String", "42").getInt(1)).isEqualTo(42);
    assertThat(first("Decimal(9, 2)", new BigDecimal("2.50")).getDouble(1)).isEqualTo(2.5);
    assertThat(first("String", "2024-01-02").getObject(1, LocalDate.class))
        .isEqualTo(LocalDate.of(2024, 1, 2));
    assertThatThrownBy(() -> first("Int64", 300L).getByte(1))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("22003"));
    assertThatThrownBy(() -> first("String", "forty-two").getInt(1))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("22018"));
    BigInteger tooLarge = BigInteger.TWO.pow(63);
    assertThatThrownBy(() -> first("UInt64", tooLarge).getLong(1))
        .hasMessageContaining("9223372036854775808 is out of the range");
  }

  @Randomized(times = 60)
  void randomRowsOfRandomTypesArriveAsTheyWere(RandomGenerator random) throws SQLException {
    String[] types = {
      "Int8", "UInt32", "Int64", "UInt64", "Int128", "Float64", "Decimal(20, 3)", "Bool", "String"
    };
    String type = types[random.nextInt(types.length)];
    boolean nullable = random.nextBoolean();
    DataType dataType = DataTypes.parse(nullable ? "Nullable(" + type + ")" : type);
    Object[] values = new Object[1 + random.nextInt(300)];
    for (int i = 0; i < values.length; i++) {
      values[i] = nullable && random.nextInt(4) == 0 ? null : value(type, random);
    }
    Vector vector = VectorValues.of(dataType, server.scratch, values);
    ResultSet rows = rows(vector);
    for (int i = 0; i < values.length; i++) {
      assertThat(rows.next()).isTrue();
      String expected = values[i] == null ? null : text(values[i]);
      assertThat(rows.getString(1)).as("%s row %d", dataType.name(), i).isEqualTo(expected);
    }
    assertThat(rows.next()).isFalse();
  }

  private static String text(Object value) {
    return value instanceof BigDecimal decimal ? decimal.toPlainString() : value.toString();
  }

  private static Object value(String type, RandomGenerator random) {
    return switch (type) {
      case "Int8" -> (long) (byte) random.nextInt();
      case "UInt32" -> random.nextLong(1L << 32);
      case "Int64" -> random.nextLong();
      case "UInt64" -> new BigInteger(Long.toUnsignedString(random.nextLong()));
      case "Int128" -> BigInteger.valueOf(random.nextLong()).shiftLeft(random.nextInt(64));
      case "Float64" -> random.nextDouble();
      case "Decimal(20, 3)" -> BigDecimal.valueOf(random.nextLong(), 3);
      case "Bool" -> random.nextBoolean();
      default -> {
        byte[] letters = new byte[random.nextInt(20)];
        for (int i = 0; i < letters.length; i++) {
          letters[i] = (byte) ('a' + random.nextInt(26));
        }
        yield new String(letters, StandardCharsets.US_ASCII);
      }
    };
  }
}
