// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.type;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The type of a column or an expression. Values are records; [#name()] is the SQL spelling, and
/// [DataTypes#parse] reads it back.
///
/// `Nullable` and `LowCardinality` wrap another type. A kernel asks [#unwrapped()] for what the
/// values are, and the vector itself for which of them are NULL.
public sealed interface DataType {

  /// The spelling in SQL and in files: `Decimal(15, 2)`, `Nullable(String)`.
  String name();

  /// How values lie in memory, seen through `Nullable` and `LowCardinality`.
  Physical physical();

  /// Bytes of a value where all have the same, else 0.
  default int width() {
    return physical().width();
  }

  default boolean isNullable() {
    return false;
  }

  /// This type without `Nullable` and `LowCardinality`.
  default DataType unwrapped() {
    return this;
  }

  /// Whether the bits are to be read as unsigned (unsigned integers, Date, DateTime, IPv4).
  default boolean isUnsigned() {
    return false;
  }

  /// `Int8` to `Int256` and `UInt8` to `UInt256`.
  record Int(int bits, boolean signed) implements DataType {
    public Int {
      if (bits != 8 && bits != 16 && bits != 32 && bits != 64 && bits != 128 && bits != 256) {
        throw new IllegalArgumentException("no integer type of " + bits + " bits");
      }
    }

    @Override
    public String name() {
      return (signed ? "Int" : "UInt") + bits;
    }

    @Override
    public Physical physical() {
      return switch (bits) {
        case 8 -> Physical.INT8;
        case 16 -> Physical.INT16;
        case 32 -> Physical.INT32;
        case 64 -> Physical.INT64;
        case 128 -> Physical.INT128;
        default -> Physical.INT256;
      };
    }

    @Override
    public boolean isUnsigned() {
      return !signed;
    }
  }

  /// `Float32` and `Float64`.
  record Float(int bits) implements DataType {
    public Float {
      if (bits != 32 && bits != 64) {
        throw new IllegalArgumentException("no float type of " + bits + " bits");
      }
    }

    @Override
    public String name() {
      return "Float" + bits;
    }

    @Override
    public Physical physical() {
      return bits == 32 ? Physical.FLOAT32 : Physical.FLOAT64;
    }
  }

  /// `Decimal(P, S)`: an unscaled integer, of 8 bytes to 18 digits, 16 to 38, 32 to 76.
  record Decimal(int precision, int scale) implements DataType {
    public Decimal {
      if (precision < 1 || precision > 76) {
        throw new IllegalArgumentException("Decimal precision must be 1 to 76, found " + precision);
      }
      if (scale < 0 || scale > precision) {
        throw new IllegalArgumentException(
            "Decimal scale must be 0 to the precision " + precision + ", found " + scale);
      }
    }

    @Override
    public String name() {
      return "Decimal(" + precision + ", " + scale + ")";
    }

    @Override
    public Physical physical() {
      return precision <= 18 ? Physical.INT64 : precision <= 38 ? Physical.INT128 : Physical.INT256;
    }
  }

  /// `Bool`: one byte, 0 or 1. What predicates give.
  record Bool() implements DataType {
    @Override
    public String name() {
      return "Bool";
    }

    @Override
    public Physical physical() {
      return Physical.INT8;
    }

    @Override
    public boolean isUnsigned() {
      return true;
    }
  }

  /// `String`: any bytes, usually UTF-8. Compared as unsigned bytes.
  record Text() implements DataType {
    @Override
    public String name() {
      return "String";
    }

    @Override
    public Physical physical() {
      return Physical.BYTES;
    }
  }

  /// `FixedString(N)`: exactly N bytes, shorter values filled with zero bytes.
  record FixedText(int bytes) implements DataType {
    public FixedText {
      if (bytes < 1 || bytes > 0xFFFFFF) {
        throw new IllegalArgumentException("FixedString length out of range: " + bytes);
      }
    }

    @Override
    public String name() {
      return "FixedString(" + bytes + ")";
    }

    @Override
    public Physical physical() {
      return Physical.FIXED;
    }

    @Override
    public int width() {
      return bytes;
    }
  }

  /// `UUID`: sixteen bytes, most significant first, so that byte order is value order.
  record Uuid() implements DataType {
    @Override
    public String name() {
      return "UUID";
    }

    @Override
    public Physical physical() {
      return Physical.FIXED;
    }

    @Override
    public int width() {
      return 16;
    }
  }

  /// `Date`: days since 1970-01-01 in two unsigned bytes.
  record Date() implements DataType {
    @Override
    public String name() {
      return "Date";
    }

    @Override
    public Physical physical() {
      return Physical.INT16;
    }

    @Override
    public boolean isUnsigned() {
      return true;
    }
  }

  /// `Date32`: days since 1970-01-01, signed, 1900-01-01 to 2299-12-31.
  record Date32() implements DataType {
    @Override
    public String name() {
      return "Date32";
    }

    @Override
    public Physical physical() {
      return Physical.INT32;
    }
  }

  /// `DateTime[('zone')]`: seconds since the epoch in four unsigned bytes. An empty zone is UTC.
  record DateTime(String zone) implements DataType {
    @Override
    public String name() {
      return zone.isEmpty() ? "DateTime" : "DateTime('" + zone + "')";
    }

    @Override
    public Physical physical() {
      return Physical.INT32;
    }

    @Override
    public boolean isUnsigned() {
      return true;
    }
  }

  /// `DateTime64(p[, 'zone'])`: ticks of 10^-p seconds since the epoch, signed.
  record DateTime64(int precision, String zone) implements DataType {
    public DateTime64 {
      if (precision < 0 || precision > 9) {
        throw new IllegalArgumentException(
            "DateTime64 precision must be 0 to 9, found " + precision);
      }
    }

    @Override
    public String name() {
      return "DateTime64(" + precision + (zone.isEmpty() ? ")" : ", '" + zone + "')");
    }

    @Override
    public Physical physical() {
      return Physical.INT64;
    }
  }

  /// `Time`: signed seconds, less than a thousand hours either way.
  record Time() implements DataType {
    public static final int MAX_SECONDS = 999 * 3600 + 59 * 60 + 59;

    @Override
    public String name() {
      return "Time";
    }

    @Override
    public Physical physical() {
      return Physical.INT32;
    }
  }

  /// `Time64(p)`: signed ticks of 10^-p seconds, less than a thousand hours either way.
  record Time64(int precision) implements DataType {
    public Time64 {
      if (precision < 0 || precision > 9) {
        throw new IllegalArgumentException("Time64 precision must be 0 to 9, found " + precision);
      }
    }

    @Override
    public String name() {
      return "Time64(" + precision + ")";
    }

    @Override
    public Physical physical() {
      return Physical.INT64;
    }
  }

  /// `Enum8('a' = 1, …)` and `Enum16`.
  record Enumeration(int bits, List<Label> labels) implements DataType {
    /// One name of an enumeration and its stored number.
    public record Label(String text, int value) {}

    public Enumeration {
      if (bits != 8 && bits != 16) {
        throw new IllegalArgumentException("no enum type of " + bits + " bits");
      }
      labels = List.copyOf(labels);
    }

    @Override
    public String name() {
      return "Enum"
          + bits
          + labels.stream()
              .map(l -> DataTypes.quote(l.text()) + " = " + l.value())
              .collect(Collectors.joining(", ", "(", ")"));
    }

    @Override
    public Physical physical() {
      return bits == 8 ? Physical.INT8 : Physical.INT16;
    }

    /// The name of a stored number, or null.
    public String textOf(long value) {
      for (Label label : labels) {
        if (label.value() == value) {
          return label.text();
        }
      }
      return null;
    }

    /// The stored number of a name, or null.
    public Integer valueOf(String text) {
      for (Label label : labels) {
        if (label.text().equals(text)) {
          return label.value();
        }
      }
      return null;
    }
  }

  /// `IPv4`: four bytes as one unsigned number.
  record Ipv4() implements DataType {
    @Override
    public String name() {
      return "IPv4";
    }

    @Override
    public Physical physical() {
      return Physical.INT32;
    }

    @Override
    public boolean isUnsigned() {
      return true;
    }
  }

  /// `IPv6`: sixteen bytes in network order.
  record Ipv6() implements DataType {
    @Override
    public String name() {
      return "IPv6";
    }

    @Override
    public Physical physical() {
      return Physical.FIXED;
    }

    @Override
    public int width() {
      return 16;
    }
  }

  /// The type of a bare NULL; fits wherever a nullable type is expected.
  record Nothing() implements DataType {
    @Override
    public String name() {
      return "Nothing";
    }

    @Override
    public Physical physical() {
      return Physical.INT8;
    }

    @Override
    public boolean isNullable() {
      return true;
    }
  }

  /// `Nullable(T)`.
  record Nullable(DataType inner) implements DataType {
    public Nullable {
      if (inner.isNullable() || inner instanceof Array || inner instanceof MapOf) {
        throw new IllegalArgumentException(
            "Nullable(" + inner.name() + ") is not a type: only a plain value can be NULL");
      }
    }

    @Override
    public String name() {
      return "Nullable(" + inner.name() + ")";
    }

    @Override
    public Physical physical() {
      return inner.physical();
    }

    @Override
    public int width() {
      return inner.width();
    }

    @Override
    public boolean isNullable() {
      return true;
    }

    @Override
    public DataType unwrapped() {
      return inner.unwrapped();
    }

    @Override
    public boolean isUnsigned() {
      return inner.isUnsigned();
    }
  }

  /// `LowCardinality(T)`: the same values as T, and the wish to store them as a dictionary.
  record LowCardinality(DataType inner) implements DataType {
    @Override
    public String name() {
      return "LowCardinality(" + inner.name() + ")";
    }

    @Override
    public Physical physical() {
      return inner.physical();
    }

    @Override
    public int width() {
      return inner.width();
    }

    @Override
    public boolean isNullable() {
      return inner.isNullable();
    }

    @Override
    public DataType unwrapped() {
      return inner.unwrapped();
    }

    @Override
    public boolean isUnsigned() {
      return inner.isUnsigned();
    }
  }

  /// `Array(T)`.
  record Array(DataType element) implements DataType {
    @Override
    public String name() {
      return "Array(" + element.name() + ")";
    }

    @Override
    public Physical physical() {
      return Physical.LIST;
    }
  }

  /// `Tuple(T, …)` or `Tuple(name T, …)`; `names` is empty where the fields have none.
  record Tuple(List<String> names, List<DataType> fields) implements DataType {
    public Tuple {
      names = List.copyOf(names);
      fields = List.copyOf(fields);
      if (!names.isEmpty() && names.size() != fields.size()) {
        throw new IllegalArgumentException("either all fields of a Tuple have a name or none");
      }
    }

    @Override
    public String name() {
      StringBuilder text = new StringBuilder("Tuple(");
      for (int i = 0; i < fields.size(); i++) {
        text.append(i == 0 ? "" : ", ");
        text.append(names.isEmpty() ? "" : DataTypes.identifier(names.get(i)) + " ");
        text.append(fields.get(i).name());
      }
      return text.append(')').toString();
    }

    @Override
    public Physical physical() {
      return Physical.STRUCT;
    }
  }

  /// `Map(K, V)`: lies in memory as `Array(Tuple(K, V))`.
  record MapOf(DataType key, DataType value) implements DataType {
    @Override
    public String name() {
      return "Map(" + key.name() + ", " + value.name() + ")";
    }

    @Override
    public Physical physical() {
      return Physical.LIST;
    }
  }

  /// `AggregateFunction(f, T, …)`: the serialized state of an aggregate function.
  record AggregateState(String function, List<String> parameters, List<DataType> arguments)
      implements DataType {
    public AggregateState {
      parameters = List.copyOf(parameters);
      arguments = List.copyOf(arguments);
    }

    @Override
    public String name() {
      String call =
          parameters.isEmpty() ? function : function + "(" + String.join(", ", parameters) + ")";
      return "AggregateFunction("
          + call
          + arguments.stream().map(a -> ", " + a.name()).collect(Collectors.joining())
          + ")";
    }

    @Override
    public Physical physical() {
      return Physical.BYTES;
    }
  }

  /// `SimpleAggregateFunction(f, T)`: a plain T that the Aggregating rule combines by `f`.
  ///
  /// @param function as written, with its parameters: `groupArrayLastArray(5)`
  record SimpleAggregate(String function, DataType inner) implements DataType {
    /// The function without its parameters.
    public String functionName() {
      int parenthesis = function.indexOf('(');
      return parenthesis < 0 ? function : function.substring(0, parenthesis);
    }

    /// The parameters, as written.
    public List<String> parameters() {
      int parenthesis = function.indexOf('(');
      return parenthesis < 0
          ? List.of()
          : List.of(function.substring(parenthesis + 1, function.length() - 1).split(", "));
    }

    @Override
    public String name() {
      return String.format(Locale.ROOT, "SimpleAggregateFunction(%s, %s)", function, inner.name());
    }

    @Override
    public Physical physical() {
      return inner.physical();
    }

    @Override
    public int width() {
      return inner.width();
    }

    @Override
    public boolean isNullable() {
      return inner.isNullable();
    }

    @Override
    public DataType unwrapped() {
      return inner.unwrapped();
    }

    @Override
    public boolean isUnsigned() {
      return inner.isUnsigned();
    }
  }
}
