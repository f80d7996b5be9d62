// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.definition;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;

/// Checks that binders share, with the messages they give.
public final class Arguments {
  private Arguments() {}

  public static void count(String function, List<?> arguments, int min, int max) {
    int found = arguments.size();
    if (found < min || found > max) {
      String wanted =
          min == max ? "" + min : max == Integer.MAX_VALUE ? min + " or more" : min + " to " + max;
      throw new VarveException(
          ErrorCode.NUMBER_OF_ARGUMENTS_DOESNT_MATCH,
          function + " takes " + wanted + " arguments, found " + found);
    }
  }

  /// The error of an argument whose type does not fit.
  ///
  /// @param index from 0
  public static VarveException illegal(
      String function, int index, DataType found, String expected) {
    return new VarveException(
        ErrorCode.ILLEGAL_TYPE_OF_ARGUMENT,
        "argument "
            + (index + 1)
            + " of "
            + function
            + " is "
            + found.name()
            + ", expected "
            + expected);
  }

  public static boolean isNumber(DataType type) {
    return switch (type.unwrapped()) {
      case DataType.Int _, DataType.Float _, DataType.Decimal _, DataType.Bool _ -> true;
      default -> false;
    };
  }

  public static boolean isInteger(DataType type) {
    return type.unwrapped() instanceof DataType.Int || type.unwrapped() instanceof DataType.Bool;
  }

  public static boolean isText(DataType type) {
    return type.unwrapped() instanceof DataType.Text
        || type.unwrapped() instanceof DataType.FixedText;
  }

  public static boolean isTime(DataType type) {
    return switch (type.unwrapped()) {
      case DataType.Date _, DataType.Date32 _, DataType.DateTime _, DataType.DateTime64 _ -> true;
      default -> false;
    };
  }

  /// Whether it is a span of hours, minutes and seconds, without a date.
  public static boolean isSpan(DataType type) {
    return type.unwrapped() instanceof DataType.Time || type.unwrapped() instanceof DataType.Time64;
  }

  public static void requireNumber(String function, List<Argument> arguments, int index) {
    if (!isNumber(arguments.get(index).type())) {
      throw illegal(function, index, arguments.get(index).type(), "a number");
    }
  }

  public static void requireInteger(String function, List<Argument> arguments, int index) {
    if (!isInteger(arguments.get(index).type())) {
      throw illegal(function, index, arguments.get(index).type(), "an integer");
    }
  }

  /// An integer of at most 64 bits.
  public static void requireLong(String function, List<Argument> arguments, int index) {
    DataType type = arguments.get(index).type();
    boolean unknown = type.unwrapped() instanceof DataType.Nothing;
    if (!unknown && !(isInteger(type) && type.physical().isLong())) {
      throw illegal(function, index, type, "an integer of up to 64 bits");
    }
  }

  public static void requireTime(String function, List<Argument> arguments, int index) {
    if (!isTime(arguments.get(index).type())) {
      throw illegal(function, index, arguments.get(index).type(), "a date or time");
    }
  }

  public static void requireText(String function, List<Argument> arguments, int index) {
    if (!isText(arguments.get(index).type())) {
      throw illegal(function, index, arguments.get(index).type(), "String");
    }
  }

  /// A constant integer that a binder needs to know its result type.
  public static int constantInt(String function, List<Argument> arguments, int index) {
    Argument argument = arguments.get(index);
    if (!argument.isConstant()
        || !isInteger(argument.type())
        || !(argument.constant() instanceof Number number)) {
      throw illegal(function, index, argument.type(), "a constant integer");
    }
    return number.intValue();
  }

  public static String constantText(String function, List<Argument> arguments, int index) {
    Argument argument = arguments.get(index);
    if (!argument.isConstant() || !(argument.constant() instanceof String text)) {
      throw illegal(function, index, argument.type(), "a constant string");
    }
    return text;
  }

  /// A constant name of a time zone, or an empty text where there is no such argument.
  public static String constantZone(String function, List<Argument> arguments, int index) {
    if (arguments.size() <= index) {
      return "";
    }
    String zone = constantText(function, arguments, index);
    try {
      return zone.isEmpty() ? zone : ZoneId.of(zone).getId();
    } catch (DateTimeException e) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "\"" + zone + "\" is not a time zone; use one like 'Europe/Berlin'",
          e);
    }
  }
}
