// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// What is known of the type of a value that nobody described; of two values, what holds both.
sealed interface InferredType {
  InferredType UNKNOWN = new Unknown();
  InferredType TEXT = new Plain(DataTypes.STRING);
  InferredType INT = new Plain(DataTypes.INT64);
  InferredType FLOAT = new Plain(DataTypes.FLOAT64);
  InferredType BOOL = new Plain(DataTypes.BOOL);
  InferredType DATE = new Plain(DataTypes.DATE);
  InferredType MOMENT = new Plain(new DataType.DateTime64(9, ""));

  Pattern WHOLE = Pattern.compile("[+-]?\\d{1,18}");
  Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?|[+-]?(inf|nan)");
  Pattern DAY = Pattern.compile("\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])");
  Pattern TIME =
      Pattern.compile(DAY.pattern() + "[ T]([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?");

  /// Nothing but NULL was seen.
  record Unknown() implements InferredType {}

  record Plain(DataType type) implements InferredType {}

  record ListOf(InferredType element) implements InferredType {}

  record Fields(Map<String, InferredType> fields) implements InferredType {}

  /// A cell of separated values.
  static InferredType ofText(String text, boolean quoted) {
    if (text.isEmpty() || text.equals("\\N") || !quoted && text.equalsIgnoreCase("NULL")) {
      return quoted ? TEXT : UNKNOWN;
    }
    if (DAY.matcher(text).matches()) {
      return DATE;
    }
    if (TIME.matcher(text).matches()) {
      return MOMENT;
    }
    if (quoted) {
      return TEXT;
    }
    if (WHOLE.matcher(text).matches()) {
      return INT;
    }
    if (NUMBER.matcher(text).matches()) {
      return FLOAT;
    }
    return text.equals("true") || text.equals("false") ? BOOL : TEXT;
  }

  /// A value of JSON as [JsonTree] gives it.
  static InferredType ofJson(Object value) {
    return switch (value) {
      case null -> UNKNOWN;
      case Boolean _ -> BOOL;
      case BigDecimal number ->
          number.scale() <= 0 && WHOLE.matcher(number.toPlainString()).matches() ? INT : FLOAT;
      case List<?> list -> {
        InferredType element = UNKNOWN;
        for (Object item : list) {
          element = element.and(ofJson(item));
        }
        yield new ListOf(element);
      }
      case Map<?, ?> map -> {
        Map<String, InferredType> fields = new LinkedHashMap<>();
        map.forEach((name, field) -> fields.put(name.toString(), ofJson(field)));
        yield new Fields(fields);
      }
      default -> ofText(value.toString(), true);
    };
  }

  /// The type of both.
  default InferredType and(InferredType other) {
    if (equals(other) || other == UNKNOWN) {
      return this;
    }
    if (this == UNKNOWN) {
      return other;
    }
    if (this instanceof ListOf(var a) && other instanceof ListOf(var b)) {
      return new ListOf(a.and(b));
    }
    if (this instanceof Fields(var a) && other instanceof Fields(var b)) {
      Map<String, InferredType> all = new LinkedHashMap<>(a);
      b.forEach((name, type) -> all.merge(name, type, InferredType::and));
      return new Fields(all);
    }
    if (isNumber() && other.isNumber()) {
      return FLOAT;
    }
    return isMoment() && other.isMoment() ? MOMENT : TEXT;
  }

  private boolean isNumber() {
    return this == INT || this == FLOAT || this == BOOL;
  }

  private boolean isMoment() {
    return this == DATE || this == MOMENT;
  }

  /// The type of a column of such values.
  default DataType columnType() {
    return switch (this) {
      case Unknown _ -> DataTypes.nullable(DataTypes.STRING);
      case Plain(DataType type) -> DataTypes.nullable(type);
      case ListOf(InferredType element) -> DataTypes.array(element.columnType());
      case Fields(var fields) -> {
        List<String> names = new ArrayList<>(fields.keySet());
        yield names.isEmpty()
            ? DataTypes.nullable(DataTypes.STRING)
            : new DataType.Tuple(
                names, fields.values().stream().map(InferredType::columnType).toList());
      }
    };
  }
}
