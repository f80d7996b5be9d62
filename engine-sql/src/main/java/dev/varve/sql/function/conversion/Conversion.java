// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.conversion;

import dev.varve.sql.expression.Kernel;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.ByteSink;
import dev.varve.storage.format.TextOutput;
import dev.varve.storage.format.TextValues;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Validity;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Finds the way from one type to another. A kernel made here takes one vector and leaves NULLs as
/// they are; it does not look below them.
public final class Conversion {
  private Conversion() {}

  /// CAST: fails where a value does not fit. A NULL fails where the target holds none.
  public static Kernel cast(DataType from, DataType to) {
    Kernel kernel = between(from, to, Overflow.FAIL);
    return (v, rows, scratch) -> {
      Vector input = v.getFirst();
      boolean refusesNull = !to.isNullable() && input.mayHaveNulls();
      if (refusesNull) {
        requireNoNull(input, rows, to);
      }
      if (from.unwrapped() instanceof DataType.Nothing) {
        return VectorOps.nulls(to, rows, scratch);
      }
      Vector result = kernel.evaluate(v, rows, scratch);
      return withNulls(result, refusesNull ? null : input, to, rows, scratch);
    };
  }

  private static void requireNoNull(Vector input, int rows, DataType to) {
    for (int i = 0; i < rows; i++) {
      if (input.isNull(i)) {
        throw new VarveException(
            ErrorCode.CANNOT_CONVERT_TYPE,
            "cannot convert NULL to " + to.name() + "; cast to Nullable(" + to.name() + ")");
      }
    }
  }

  private static Vector withNulls(
      Vector result, Vector input, DataType to, int rows, Scratch scratch) {
    if (input == null || !input.mayHaveNulls()) {
      return result.as(to);
    }
    Vector flat = VectorOps.flatten(result, scratch);
    MemorySegment validity =
        input.isConstant() ? VectorOps.flatten(input, scratch).validity() : input.validity();
    return flat.withValidity(Validity.and(validity, flat.validity(), rows, scratch)).as(to);
  }

  /// CAST where NULL propagates: the caller lays the NULLs over the result.
  public static Kernel plain(DataType from, DataType to) {
    return from.unwrapped() instanceof DataType.Nothing
        ? cast(from, to)
        : between(from, to, Overflow.FAIL);
  }

  static Kernel between(DataType fromType, DataType toType, Overflow overflow) {
    DataType from = fromType.unwrapped();
    DataType to = toType.unwrapped();
    if (from.equals(to)) {
      return (v, _, _) -> v.getFirst();
    }
    if (from instanceof DataType.Nothing) {
      return (_, rows, scratch) -> VectorOps.nulls(to, rows, scratch);
    }
    if (to instanceof DataType.AggregateState state) {
      return states(from, state);
    }
    if (to instanceof DataType.Text) {
      return (v, rows, scratch) -> toText(v.getFirst(), rows, scratch);
    }
    if (to instanceof DataType.FixedText && from instanceof DataType.FixedText) {
      return (v, rows, scratch) ->
          fromText(toText(v.getFirst(), rows, scratch), to, overflow, rows, scratch);
    }
    if (Arguments.isText(from)) {
      return (v, rows, scratch) -> fromText(v.getFirst(), to, overflow, rows, scratch);
    }
    Kernel kernel = Numbers.between(from, to, overflow);
    if (kernel == null) {
      kernel = Times.between(from, to, overflow);
    }
    if (kernel == null) {
      kernel = Spans.between(from, to, overflow);
    }
    if (kernel == null) {
      kernel = AddressForms.between(from, to, overflow);
    }
    if (kernel == null) {
      kernel = nested(from, to, overflow);
    }
    if (kernel == null) {
      throw new VarveException(
          ErrorCode.CANNOT_CONVERT_TYPE, "cannot convert " + from.name() + " to " + to.name());
    }
    return kernel;
  }

  /// The bytes of a state, of another type of arguments or from a text, are the same bytes. Whether
  /// they are a state of the function shows when it is used.
  private static Kernel states(DataType from, DataType.AggregateState to) {
    boolean fits =
        from instanceof DataType.Text
            || (from instanceof DataType.AggregateState state
                && state.function().equals(to.function())
                && state.arguments().size() == to.arguments().size());
    if (!fits) {
      throw new VarveException(
          ErrorCode.CANNOT_CONVERT_TYPE, "cannot convert " + from.name() + " to " + to.name());
    }
    return (v, _, _) -> v.getFirst().as(to);
  }

  private static Vector toText(Vector input, int rows, Scratch scratch) {
    if (input.type().unwrapped() instanceof DataType.Text) {
      return input;
    }
    if (input.type().unwrapped() instanceof DataType.AggregateState) {
      return input.as(dev.varve.storage.type.DataTypes.STRING);
    }
    VectorBuilder builder = new VectorBuilder(dev.varve.storage.type.DataTypes.STRING, scratch);
    ByteSink sink = new ByteSink();
    TextOutput output = new TextOutput(TextOutput.Style.RAW, sink);
    Vector flat = VectorOps.flatten(input, scratch);
    boolean fixed = flat.type().unwrapped() instanceof DataType.FixedText;
    for (int i = 0; i < rows; i++) {
      sink.clear();
      if (!flat.isNull(i)) {
        output.write(flat, i);
      }
      int length = sink.size();
      while (fixed && length > 0 && sink.array()[length - 1] == 0) {
        length--;
      }
      builder.appendBytes(sink.array(), 0, length);
    }
    return builder.build();
  }

  private static Vector fromText(
      Vector input, DataType to, Overflow overflow, int rows, Scratch scratch) {
    TextValues reader = TextValues.of("value", to);
    VectorBuilder builder = new VectorBuilder(to, scratch);
    for (int i = 0; i < rows; i++) {
      if (input.isNull(i)) {
        builder.appendDefault();
        continue;
      }
      byte[] text = input.getBytes(i);
      try {
        reader.append(builder, text, 0, length(text, to, overflow));
      } catch (VarveException e) {
        builder.truncate(i);
        switch (overflow) {
          case NULL -> builder.appendNull();
          case DEFAULT -> builder.appendDefault();
          case FAIL, WRAP ->
              throw new VarveException(
                  ErrorCode.CANNOT_PARSE_INPUT,
                  "cannot read "
                      + shown(text)
                      + " as "
                      + to.name()
                      + "; to"
                      + to.name().replaceAll("\\(.*", "")
                      + "OrNull gives NULL instead");
        }
      }
    }
    return builder.build();
  }

  /// A date may be read of a whole time, whose first ten bytes it is; of a decimal, digits beyond
  /// its scale are cut.
  private static int length(byte[] text, DataType to, Overflow overflow) {
    if (to instanceof DataType.Decimal decimal) {
      return cut(text, decimal.scale());
    }
    boolean isDate = to instanceof DataType.Date || to instanceof DataType.Date32;
    boolean strict = overflow == Overflow.NULL || overflow == Overflow.DEFAULT;
    return isDate && !strict && text.length >= 19 && (text[10] == ' ' || text[10] == 'T')
        ? 10
        : text.length;
  }

  /// How many bytes of a plain number are left with at most `scale` digits behind the point. What
  /// is no plain number stays whole.
  private static int cut(byte[] text, int scale) {
    int point = 0;
    while (point < text.length && text[point] != '.') {
      point++;
    }
    int left = point + 1 + scale;
    boolean digits = point > 0 && text[point - 1] >= '0' && text[point - 1] <= '9';
    for (int i = point + 1; i < text.length; i++) {
      digits &= text[i] >= '0' && text[i] <= '9';
    }
    return digits ? Math.min(text.length, left) : text.length;
  }

  private static String shown(byte[] text) {
    String whole = new String(text, StandardCharsets.UTF_8);
    return "\"" + (whole.length() <= 60 ? whole : whole.substring(0, 60) + "…") + "\"";
  }

  private static Kernel nested(DataType from, DataType to, Overflow overflow) {
    if (from instanceof DataType.Array(DataType x) && to instanceof DataType.Array(DataType y)) {
      Kernel element = cast(x, y);
      return (v, rows, scratch) -> {
        Vector flat = VectorOps.flatten(v.getFirst(), scratch);
        Vector elements = flat.elements();
        Vector cast = element.evaluate(List.of(elements), elements.rows(), scratch);
        Vector child = VectorOps.flatten(cast, scratch);
        return Vector.list(to, rows, flat.offsets(), child, flat.validity());
      };
    }
    if (from instanceof DataType.MapOf x && to instanceof DataType.MapOf y) {
      Kernel pairs =
          nested(
              dev.varve.storage.type.DataTypes.entries(x),
              dev.varve.storage.type.DataTypes.entries(y),
              overflow);
      return (v, rows, scratch) -> {
        Vector flat = VectorOps.flatten(v.getFirst(), scratch);
        Vector elements = flat.elements();
        Vector child = pairs.evaluate(List.of(elements), elements.rows(), scratch);
        return Vector.list(to, rows, flat.offsets(), child, flat.validity());
      };
    }
    if (from instanceof DataType.Tuple(List<String> _, List<DataType> pair)
        && to instanceof DataType.MapOf map
        && pair.size() == 2
        && pair.stream().allMatch(DataType.Array.class::isInstance)) {
      return keysAndValues(pair, map);
    }
    if (from instanceof DataType.Array(DataType.Tuple pair)
        && to instanceof DataType.MapOf map
        && pair.fields().size() == 2) {
      DataType entries = dev.varve.storage.type.DataTypes.entries(map);
      Kernel array = nested(from, new DataType.Array(entries), overflow);
      return (v, rows, scratch) -> array.evaluate(v, rows, scratch).as(to);
    }
    if (from instanceof DataType.Tuple x
        && to instanceof DataType.Tuple y
        && x.fields().size() == y.fields().size()) {
      List<Kernel> fields = new ArrayList<>();
      for (int f = 0; f < x.fields().size(); f++) {
        fields.add(cast(x.fields().get(f), y.fields().get(f)));
      }
      return (v, rows, scratch) -> {
        Vector flat = VectorOps.flatten(v.getFirst(), scratch);
        List<Vector> children = new ArrayList<>();
        for (int f = 0; f < fields.size(); f++) {
          Vector child = flat.children().get(f);
          children.add(
              VectorOps.flatten(fields.get(f).evaluate(List.of(child), rows, scratch), scratch));
        }
        return Vector.struct(to, rows, children, flat.validity());
      };
    }
    return null;
  }

  /// A map of an array of keys and one of values, which are as many in every row.
  private static Kernel keysAndValues(List<DataType> pair, DataType.MapOf map) {
    Kernel keys = cast(pair.get(0), new DataType.Array(map.key()));
    Kernel values = cast(pair.get(1), new DataType.Array(map.value()));
    return (v, rows, scratch) -> {
      Vector flat = VectorOps.flatten(v.getFirst(), scratch);
      Vector key = keys.evaluate(List.of(flat.children().get(0)), rows, scratch);
      Vector value = values.evaluate(List.of(flat.children().get(1)), rows, scratch);
      VectorBuilder to = new VectorBuilder(map, scratch);
      for (int i = 0; i < rows; i++) {
        int size = key.listTo(i) - key.listFrom(i);
        if (size != value.listTo(i) - value.listFrom(i)) {
          throw new VarveException(
              ErrorCode.CANNOT_CONVERT_TYPE,
              "a map wants as many keys as values, found "
                  + size
                  + " and "
                  + (value.listTo(i) - value.listFrom(i)));
        }
        VectorBuilder entry = to.child(0);
        for (int e = 0; e < size; e++) {
          entry.child(0).append(key.elements(), key.listFrom(i) + e);
          entry.child(1).append(value.elements(), value.listFrom(i) + e);
          entry.endStruct();
        }
        to.endList();
      }
      return to.build();
    };
  }
}
