// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.Physical;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// An aggregate function as a type or a query names it, and the checks that functions share.
///
/// @param parameters as written, texts quoted: `0.5` in `quantile(0.5)(x)`
public record StateCall(String function, List<String> parameters, List<DataType> arguments) {
  public StateCall {
    parameters = List.copyOf(parameters);
    arguments = List.copyOf(arguments);
  }

  /// The function itself, which passes over NULLs on its own.
  AggregateFunction bound(DataType resultType, Supplier<AggregateState> states) {
    return new AggregateFunction(resultType, states);
  }

  /// The function over the rows without NULL; NULL where there is none and an argument is nullable.
  AggregateFunction skippingNulls(DataType resultType, Supplier<AggregateState> states) {
    if (!isNullable()) {
      return new AggregateFunction(resultType, states);
    }
    DataType type = resultOf(resultType);
    boolean orNull = type.isNullable() && !resultType.isNullable();
    return new AggregateFunction(type, () -> new PresentRowsState(states.get(), orNull));
  }

  boolean isNullable() {
    return arguments.stream().anyMatch(DataType::isNullable);
  }

  /// A result that is NULL for no rows where an argument is nullable.
  DataType resultOf(DataType type) {
    return isNullable() && type.physical() != Physical.STRUCT ? DataTypes.nullable(type) : type;
  }

  void requireNoParameters() {
    if (!parameters.isEmpty()) {
      throw bad(function + " takes no parameters, found " + parameters);
    }
  }

  void requireParameters(int least, int most) {
    if (parameters.size() < least || parameters.size() > most) {
      throw bad(
          function
              + " takes "
              + (least == most ? "" + least : least + " to " + most)
              + " parameters, found "
              + parameters);
    }
  }

  double parameter(int index, double least, double most) {
    if (index >= parameters.size()) {
      throw bad(function + " takes more parameters than " + parameters);
    }
    double value;
    try {
      value = Double.parseDouble(parameters.get(index));
    } catch (NumberFormatException e) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "the parameter of " + function + " must be a number, found " + parameters.get(index),
          e);
    }
    if (!(value >= least && value <= most)) {
      throw bad(
          "the parameter of "
              + function
              + " must be from "
              + least
              + " to "
              + most
              + ", found "
              + value);
    }
    return value;
  }

  /// A whole parameter, or `otherwise` where there are fewer.
  public long wholeParameter(int index, long least, long otherwise) {
    if (index >= parameters.size()) {
      return otherwise;
    }
    double value = parameter(index, least, Long.MAX_VALUE);
    if (value != Math.rint(value)) {
      throw bad("the parameter of " + function + " must be whole, found " + value);
    }
    return (long) value;
  }

  /// A parameter in quotes, or `otherwise` where there are fewer.
  String textParameter(int index, String otherwise) {
    if (index >= parameters.size()) {
      return otherwise;
    }
    String text = parameters.get(index);
    if (text.length() < 2 || !text.startsWith("'") || !text.endsWith("'")) {
      throw bad("the parameter of " + function + " must be a text, found " + text);
    }
    return unquoted(text);
  }

  /// The elements of a parameter in brackets, without quotes.
  Set<String> listParameter(int index) {
    String text = parameters.get(index);
    if (!text.startsWith("[") || !text.endsWith("]")) {
      throw bad("the parameter of " + function + " must be an array, found " + text);
    }
    Set<String> elements = new LinkedHashSet<>();
    for (String element : text.substring(1, text.length() - 1).split(",")) {
      String bare = element.strip();
      elements.add(bare.startsWith("'") ? unquoted(bare) : bare);
    }
    return elements;
  }

  private static String unquoted(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 1; i < text.length() - 1; i++) {
      char c = text.charAt(i);
      plain.append(c == '\\' && i + 2 < text.length() ? text.charAt(++i) : c);
    }
    return plain.toString();
  }

  public void requireArguments(int least, int most) {
    if (arguments.size() < least || arguments.size() > most) {
      throw new VarveException(
          ErrorCode.NUMBER_OF_ARGUMENTS_DOESNT_MATCH,
          function
              + " takes "
              + (least == most
                  ? "" + least
                  : most == Integer.MAX_VALUE ? least + " or more" : least + " to " + most)
              + " arguments, found "
              + arguments.size());
    }
  }

  /// Argument types without Nullable.
  List<DataType> types(int least, int most) {
    requireArguments(least, most);
    return arguments.stream().map(DataType::unwrapped).toList();
  }

  DataType number(int index) {
    DataType type = arguments.get(index).unwrapped();
    return switch (type) {
      case DataType.Int _, DataType.Float _, DataType.Decimal _, DataType.Bool _ -> type;
      default -> throw wrongType("numbers", index);
    };
  }

  DataType integer(int index) {
    DataType type = arguments.get(index).unwrapped();
    return switch (type) {
      case DataType.Int _, DataType.Bool _ -> type;
      default -> throw wrongType("integers", index);
    };
  }

  /// A number, a date or a moment.
  DataType moment(int index) {
    DataType type = arguments.get(index).unwrapped();
    return switch (type) {
      case DataType.Date _, DataType.Date32 _, DataType.DateTime _, DataType.DateTime64 _ -> type;
      default -> number(index);
    };
  }

  public VarveException wrongType(String wanted, int index) {
    return new VarveException(
        ErrorCode.ILLEGAL_TYPE_OF_ARGUMENT,
        function + " takes " + wanted + ", found " + arguments.get(index).name());
  }

  public VarveException bad(String message) {
    return new VarveException(ErrorCode.BAD_ARGUMENTS, message);
  }
}
