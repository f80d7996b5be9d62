// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format.parquet;

import dev.varve.storage.type.DataType;
import java.util.function.Consumer;

/// How values of one of our types stand in a Parquet file.
///
/// @param physical the number of the physical type
/// @param width bytes of a value of a type of fixed length, or 0
/// @param converted the number of the older description of what values mean, or -1
/// @param scale digits behind a decimal's point
/// @param precision digits of a decimal, or 0
/// @param logical writes the newer description, or null for none
record ParquetType(
    int physical,
    int width,
    int converted,
    int scale,
    int precision,
    Consumer<ThriftWriter> logical) {
  static final int BOOLEAN = 0;
  static final int INT32 = 1;
  static final int INT64 = 2;
  static final int FLOAT = 4;
  static final int DOUBLE = 5;
  static final int BYTE_ARRAY = 6;
  static final int FIXED = 7;

  private static final int NOT_CONVERTED = -1;
  private static final int CONVERTED_UTF8 = 0;
  private static final int CONVERTED_DECIMAL = 5;
  private static final int CONVERTED_DATE = 6;
  private static final int CONVERTED_TIME_MICROS = 8;
  private static final int CONVERTED_MILLIS = 9;
  private static final int CONVERTED_UINT8 = 11;
  private static final int CONVERTED_INT8 = 15;

  /// The way of a type that is not made of others.
  ///
  /// @param type unwrapped
  static ParquetType of(DataType type) {
    return switch (type) {
      case DataType.Bool _ -> plain(BOOLEAN, 0);
      case DataType.Int(int bits, boolean _) when bits > 64 -> plain(FIXED, bits / 8);
      case DataType.Int(int bits, boolean signed) -> integer(bits, signed);
      case DataType.Float(int bits) -> plain(bits == 32 ? FLOAT : DOUBLE, 0);
      case DataType.Decimal(int precision, int scale) -> decimal(precision, scale);
      case DataType.Text _, DataType.Enumeration _ ->
          described(BYTE_ARRAY, CONVERTED_UTF8, logical -> logical.struct(1, _ -> {}));
      case DataType.FixedText _, DataType.Ipv6 _ -> plain(FIXED, type.width());
      case DataType.Uuid _ ->
          new ParquetType(
              FIXED, type.width(), NOT_CONVERTED, 0, 0, logical -> logical.struct(14, _ -> {}));
      case DataType.Date _, DataType.Date32 _ ->
          described(INT32, CONVERTED_DATE, logical -> logical.struct(6, _ -> {}));
      case DataType.DateTime _ -> timestamp(0);
      case DataType.DateTime64(int precision, String _) -> timestamp(precision);
      case DataType.Time _ -> timeOfDay(0);
      case DataType.Time64(int precision) -> timeOfDay(precision);
      case DataType.Ipv4 _ -> integer(32, false);
      case DataType.AggregateState _ -> plain(BYTE_ARRAY, 0);
      case DataType.Nothing _ -> plain(INT32, 0);
      case DataType.Array _, DataType.MapOf _, DataType.Tuple _ ->
          throw new IllegalStateException("made of others: " + type.name());
      case DataType.Nullable _, DataType.LowCardinality _, DataType.SimpleAggregate _ ->
          throw new IllegalStateException("still wrapped: " + type.name());
    };
  }

  private static ParquetType plain(int physical, int width) {
    return new ParquetType(physical, width, NOT_CONVERTED, 0, 0, null);
  }

  private static ParquetType described(
      int physical, int converted, Consumer<ThriftWriter> logical) {
    return new ParquetType(physical, 0, converted, 0, 0, logical);
  }

  private static ParquetType integer(int bits, boolean signed) {
    int power = Integer.numberOfTrailingZeros(bits / 8);
    return described(
        bits == 64 ? INT64 : INT32,
        (signed ? CONVERTED_INT8 : CONVERTED_UINT8) + power,
        logical -> logical.struct(10, integer -> integer.i8(1, bits).flag(2, signed)));
  }

  private static ParquetType decimal(int precision, int scale) {
    int physical = precision <= 9 ? INT32 : precision <= 18 ? INT64 : FIXED;
    int width = physical != FIXED ? 0 : precision <= 38 ? 16 : 32;
    return new ParquetType(
        physical,
        width,
        CONVERTED_DECIMAL,
        scale,
        precision,
        logical -> logical.struct(5, decimal -> decimal.i32(1, scale).i32(2, precision)));
  }

  /// The digits of a second that the file has where the type has so many: three, six or nine.
  static int timeDigits(int precision) {
    return precision <= 3 ? 3 : precision <= 6 ? 6 : 9;
  }

  /// As [#timeDigits], for times without a date, which have no milliseconds in 64 bits.
  static int spanDigits(int precision) {
    return precision <= 6 ? 6 : 9;
  }

  private static ParquetType timeOfDay(int precision) {
    int unit = spanDigits(precision) / 3;
    return described(
        INT64,
        unit == 2 ? CONVERTED_TIME_MICROS : NOT_CONVERTED,
        logical ->
            logical.struct(
                7, time -> time.flag(1, false).struct(2, units -> units.struct(unit, _ -> {}))));
  }

  private static ParquetType timestamp(int precision) {
    int unit = timeDigits(precision) / 3;
    return described(
        INT64,
        unit <= 2 ? CONVERTED_MILLIS + unit - 1 : NOT_CONVERTED,
        logical ->
            logical.struct(
                8, time -> time.flag(1, true).struct(2, units -> units.struct(unit, _ -> {}))));
  }
}
