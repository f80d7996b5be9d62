// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.definition;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A signature as people read it, and the check of arguments that follows from it: `leftPad(text
/// String, length Int[, filler String])`.
///
/// What stands in brackets may be left out; `…` at the end repeats the last argument. A kind after
/// `const` wants a constant.
///
/// @param required how many arguments there must be
/// @param variadic whether the last may be repeated
record Signature(
    String name, List<Parameter> parameters, int required, boolean variadic, String text) {
  /// An argument as declared.
  record Parameter(String name, Kind kind, boolean constant) {}

  /// What an argument may be.
  enum Kind {
    STRING("a text"),
    INT("an integer of up to 64 bits"),
    INTEGER("an integer"),
    NUMBER("a number"),
    ARRAY("an array"),
    STRINGS("an array of texts"),
    MAP("a map"),
    TUPLE("a tuple"),
    TIME("a date or time"),
    STEP("a name or a position"),
    ANY("a value");

    private final String expected;

    Kind(String expected) {
      this.expected = expected;
    }

    boolean takes(DataType type) {
      return switch (this) {
        case STRING -> Arguments.isText(type) || type.unwrapped() instanceof DataType.Enumeration;
        case INT -> Arguments.isInteger(type) && type.physical().isLong();
        case INTEGER -> Arguments.isInteger(type);
        case NUMBER -> Arguments.isNumber(type);
        case ARRAY -> type.unwrapped() instanceof DataType.Array;
        case STRINGS ->
            type.unwrapped() instanceof DataType.Array(DataType element)
                && (Arguments.isText(element) || element instanceof DataType.Nothing);
        case MAP -> type.unwrapped() instanceof DataType.MapOf;
        case TUPLE -> type.unwrapped() instanceof DataType.Tuple;
        case TIME -> Arguments.isTime(type);
        case STEP ->
            Arguments.isText(type) || Arguments.isInteger(type) && type.physical().isLong();
        case ANY -> true;
      };
    }
  }

  static Signature parse(String text) {
    int open = text.indexOf('(');
    String inside = text.substring(open + 1, text.length() - 1);
    int bracket = inside.indexOf('[');
    List<Parameter> parameters = new ArrayList<>();
    boolean variadic = false;
    int required = 0;
    for (String piece : inside.replaceAll("[\\[\\]]", "").split(",")) {
      String[] words = piece.strip().split(" ");
      if (words[0].equals("…")) {
        variadic = true;
      } else if (!words[0].isEmpty()) {
        String kind = words[words.length - 1].toUpperCase(Locale.ROOT);
        parameters.add(new Parameter(words[0], Kind.valueOf(kind), words.length > 2));
        boolean optional = bracket >= 0 && inside.indexOf(piece) >= bracket;
        required += optional ? 0 : 1;
      }
    }
    return new Signature(
        text.substring(0, open), List.copyOf(parameters), required, variadic, text);
  }

  /// Whether the argument at this place, from 0, is declared to be a text.
  boolean wantsText(int index) {
    return parameters.get(Math.min(index, parameters.size() - 1)).kind() == Kind.STRING;
  }

  void check(List<Argument> arguments) {
    Arguments.count(name, arguments, required, variadic ? Integer.MAX_VALUE : parameters.size());
    for (int i = 0; i < arguments.size(); i++) {
      Parameter parameter = parameters.get(Math.min(i, parameters.size() - 1));
      Argument argument = arguments.get(i);
      boolean unknown = argument.type() instanceof DataType.Nothing;
      if (!unknown && !parameter.kind().takes(argument.type())) {
        throw Arguments.illegal(name, i, argument.type(), parameter.kind().expected);
      }
      if (parameter.constant() && !argument.isConstant()) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS, "argument " + (i + 1) + " of " + name + " must be a constant");
      }
    }
  }
}
