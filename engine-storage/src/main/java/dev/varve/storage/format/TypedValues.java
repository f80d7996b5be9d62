// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.VectorBuilder;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;

/// Puts values of formats that carry types (Avro, Protobuf, Arrow) into columns: exactly, or not at
/// all. One thread.
///
/// Each method appends one value, or throws a [VarveException] that says what was expected and what
/// was found, and appends nothing. Who knows the column's name puts it in front.
public final class TypedValues {
  private static final long DAY_SECONDS = 86_400;

  private final Map<DataType, ScalarText> parsers = new HashMap<>();

  public void number(VectorBuilder to, long value) {
    integer(to, value, false);
  }

  /// @param value its bits are an unsigned number
  public void unsigned(VectorBuilder to, long value) {
    integer(to, value, value < 0);
  }

  private static void integer(VectorBuilder to, long value, boolean beyondLong) {
    if (beyondLong) {
      decimal(to, new BigInteger(Long.toUnsignedString(value)), 0);
      return;
    }
    switch (to.type().unwrapped()) {
      case DataType.Int(int bits, boolean signed) -> {
        if (!fits(value, bits, signed)) {
          throw mismatch(to, value + " (it is out of range)");
        }
        to.appendLong(value);
      }
      case DataType.Float _ -> to.appendDouble(value);
      case DataType.Bool _ when value == 0 || value == 1 -> to.appendLong(value);
      case DataType.Decimal _ -> decimal(to, BigInteger.valueOf(value), 0);
      case DataType.Enumeration labels when labels.textOf(value) != null -> to.appendLong(value);
      case DataType.DateTime _, DataType.DateTime64 _ -> instant(to, value, 0);
      case DataType.Date _, DataType.Date32 _ -> days(to, value);
      case DataType.Time _, DataType.Time64 _ -> span(to, value, 0);
      default -> throw mismatch(to, "the number " + value);
    }
  }

  private static boolean fits(long value, int bits, boolean signed) {
    if (!signed) {
      return value >= 0 && (bits >= 64 || value >>> bits == 0);
    }
    return bits >= 64 || value == value << 64 - bits >> 64 - bits;
  }

  public void real(VectorBuilder to, double value) {
    switch (to.type().unwrapped()) {
      case DataType.Float _ -> to.appendDouble(value);
      case DataType.Decimal _ when Double.isFinite(value) -> {
        BigDecimal exact = BigDecimal.valueOf(value);
        decimal(to, exact.unscaledValue(), exact.scale());
      }
      case DataType.Int _ when value == Math.rint(value) && Math.abs(value) < 0x1p63 ->
          number(to, (long) value);
      default -> throw mismatch(to, "the number " + value);
    }
  }

  public void truth(VectorBuilder to, boolean value) {
    switch (to.type().unwrapped()) {
      case DataType.Bool _, DataType.Int _ -> number(to, value ? 1 : 0);
      default -> throw mismatch(to, String.valueOf(value));
    }
  }

  /// Text, which also stands for dates, numbers and whatever else has a text form.
  public void text(VectorBuilder to, byte[] bytes, int from, int length) {
    try {
      Utf8.require(bytes, from, from + length);
      if (to.type().unwrapped() instanceof DataType.Text) {
        to.appendBytes(bytes, from, length);
        return;
      }
      ScalarText parser = parsers.computeIfAbsent(to.type(), ScalarText::of);
      if (parser == null) {
        throw new BadValueException("");
      }
      parser.append(to, bytes, from, from + length);
    } catch (BadValueException | ArithmeticException e) {
      String reason = e instanceof BadValueException ? e.getMessage() : "it is out of range";
      String found = TextValues.shown(bytes, from, from + length);
      throw mismatch(to, found + (reason.isEmpty() ? "" : " (" + reason + ")"));
    }
  }

  public void bytes(VectorBuilder to, byte[] bytes, int from, int length) {
    boolean fits =
        switch (to.type().unwrapped()) {
          case DataType.Text _ -> true;
          case DataType.FixedText(int width) -> length <= width;
          case DataType.Uuid _, DataType.Ipv6 _ -> length == 16;
          default -> false;
        };
    if (!fits) {
      throw mismatch(to, length + " bytes");
    }
    to.appendBytes(bytes, from, length);
  }

  /// Days since 1970-01-01.
  public static void days(VectorBuilder to, long days) {
    switch (to.type().unwrapped()) {
      case DataType.Date _ when days >= 0 && days <= ScalarText.MAX_DATE -> to.appendLong(days);
      case DataType.Date32 _ when days >= ScalarText.MIN_DATE32 && days <= ScalarText.MAX_DATE32 ->
          to.appendLong(days);
      case DataType.DateTime _, DataType.DateTime64 _ -> instant(to, days * DAY_SECONDS, 0);
      default -> throw mismatch(to, "day " + days + " since 1970");
    }
  }

  /// Ticks of a part of a second since 1970-01-01; what is finer than the column is cut.
  ///
  /// @param precision decimal digits of a second
  public static void instant(VectorBuilder to, long ticks, int precision) {
    try {
      switch (to.type().unwrapped()) {
        case DataType.DateTime64(int digits, String _) ->
            to.appendLong(rescaled(ticks, precision, digits));
        case DataType.DateTime _ -> {
          long seconds = rescaled(ticks, precision, 0);
          if (seconds < 0 || seconds > ScalarText.MAX_DATETIME) {
            throw new ArithmeticException("out of range");
          }
          to.appendLong(seconds);
        }
        case DataType.Date _, DataType.Date32 _ ->
            days(to, Math.floorDiv(rescaled(ticks, precision, 0), DAY_SECONDS));
        case DataType.Int _ -> integer(to, ticks, false);
        default -> throw mismatch(to, "a point in time");
      }
    } catch (ArithmeticException e) {
      throw mismatch(to, ticks + " since 1970 in 10^-" + precision + " s (it is out of range)");
    }
  }

  /// Ticks of a part of a second; what is finer than the column is cut.
  ///
  /// @param precision decimal digits of a second
  public static void span(VectorBuilder to, long ticks, int precision) {
    try {
      int digits =
          switch (to.type().unwrapped()) {
            case DataType.Time _ -> 0;
            case DataType.Time64(int own) -> own;
            default -> throw mismatch(to, "a time of day");
          };
      long seconds = Math.abs(rescaled(ticks, precision, 0));
      if (seconds > DataType.Time.MAX_SECONDS) {
        throw new ArithmeticException("out of range");
      }
      to.appendLong(rescaled(ticks, precision, digits));
    } catch (ArithmeticException e) {
      throw mismatch(to, ticks + " in 10^-" + precision + " s (it is out of range)");
    }
  }

  private static long rescaled(long ticks, int from, int to) {
    long factor = 1;
    for (int i = Math.min(from, to); i < Math.max(from, to); i++) {
      factor *= 10;
    }
    return to >= from ? Math.multiplyExact(ticks, factor) : Math.floorDiv(ticks, factor);
  }

  /// The number `unscaled · 10^-scale`.
  public static void decimal(VectorBuilder to, BigInteger unscaled, int scale) {
    BigDecimal value = new BigDecimal(unscaled, scale);
    try {
      switch (to.type().unwrapped()) {
        case DataType.Decimal(int precision, int digits) -> {
          BigDecimal fitted = value.setScale(digits);
          if (fitted.precision() > precision) {
            throw new ArithmeticException("too many digits");
          }
          to.appendInteger(fitted.unscaledValue());
        }
        case DataType.Int(int bits, boolean signed) -> {
          BigInteger whole = value.toBigIntegerExact();
          boolean fits = signed ? whole.bitLength() < bits : whole.bitLength() <= bits;
          if (!fits || !signed && whole.signum() < 0) {
            throw new ArithmeticException("too large");
          }
          to.appendInteger(whole);
        }
        case DataType.Float _ -> to.appendDouble(value.doubleValue());
        default -> throw mismatch(to, "the number " + value.toPlainString());
      }
    } catch (ArithmeticException e) {
      throw mismatch(to, value.toPlainString() + " (it does not fit without loss)");
    }
  }

  /// NULL, which a column that cannot hold it refuses.
  public static void none(VectorBuilder to) {
    if (!to.type().isNullable()) {
      throw mismatch(to, "NULL");
    }
    to.appendNull();
  }

  /// Where a value did not fit put before what went wrong.
  public static VarveException inField(long row, String column, VarveException e) {
    return new VarveException(
        e.code(), "row " + row + ", column \"" + column + "\": " + e.getMessage(), e);
  }

  /// What is thrown where a value does not fit.
  public static VarveException mismatch(VectorBuilder to, String found) {
    return new VarveException(
        ErrorCode.CANNOT_PARSE_INPUT, "expected " + to.type().name() + ", found " + found);
  }
}
