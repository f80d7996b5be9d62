// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.json;

import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.TextValues;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.VectorBuilder;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// JSON values as values of a type. What does not fit becomes NULL where the type holds it, else
/// the type's default.
final class JsonValues {
  private JsonValues() {}

  /// Appends exactly one value.
  ///
  /// @param value null where there is none
  static void append(Json value, VectorBuilder to) {
    int row = to.rows();
    if (value == null || value instanceof Json.Null || !fits(value, to)) {
      to.truncate(row);
      to.appendDefault();
    }
  }

  private static boolean fits(Json value, VectorBuilder to) {
    return switch (to.type().unwrapped()) {
      case DataType.Text _ ->
          text(value instanceof Json.Text(String t) ? t : JsonText.of(value), to);
      case DataType.Bool _ ->
          switch (value) {
            case Json.Truth(boolean truth) -> number(truth ? BigInteger.ONE : BigInteger.ZERO, to);
            case Json.Whole(BigInteger n) ->
                number(BigInteger.valueOf(n.signum() == 0 ? 0 : 1), to);
            case Json.Real(double n) -> number(BigInteger.valueOf(n == 0 ? 0 : 1), to);
            case Json.Members _, Json.Items _, Json.Text _, Json.Null _ -> false;
          };
      case DataType.Int type -> integer(value, type, to);
      case DataType.Float _ -> floating(value, to);
      case DataType.Decimal type -> decimal(value, type, to);
      case DataType.Array _ -> {
        if (!(value instanceof Json.Items(List<Json> items))) {
          yield false;
        }
        items.forEach(item -> append(item, to.child(0)));
        to.endList();
        yield true;
      }
      case DataType.MapOf _ -> {
        if (!(value instanceof Json.Members members)) {
          yield false;
        }
        for (int i = 0; i < members.size(); i++) {
          append(new Json.Text(members.names().get(i)), to.child(0).child(0));
          append(members.values().get(i), to.child(0).child(1));
          to.child(0).endStruct();
        }
        to.endList();
        yield true;
      }
      case DataType.Tuple type -> tuple(value, type, to);
      case DataType.Enumeration type ->
          switch (value) {
            case Json.Text(String t) when type.valueOf(t) != null ->
                number(BigInteger.valueOf(type.valueOf(t)), to);
            case Json.Whole(BigInteger n) when type.textOf(n.longValue()) != null -> number(n, to);
            case Json _ -> false;
          };
      default -> value instanceof Json.Text(String t) && text(t, to);
    };
  }

  private static boolean text(String text, VectorBuilder to) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      TextValues.of("JSON", to.type().unwrapped()).append(to, bytes, 0, bytes.length);
      return true;
    } catch (VarveException e) {
      return false; // the text is no value of the type, which is what was asked
    }
  }

  private static boolean number(BigInteger value, VectorBuilder to) {
    to.appendInteger(value);
    return true;
  }

  private static boolean integer(Json value, DataType.Int type, VectorBuilder to) {
    BigInteger whole =
        switch (value) {
          case Json.Whole(BigInteger n) -> n;
          case Json.Real(double n) when Math.abs(n) < 1e77 -> new BigDecimal(n).toBigInteger();
          case Json.Text(String t) when t.matches("[-+]?[0-9]{1,78}") -> new BigInteger(t);
          case Json _ -> null;
        };
    boolean fits =
        whole != null
            && (type.signed()
                ? whole.bitLength() < type.bits()
                : whole.signum() >= 0 && whole.bitLength() <= type.bits());
    return fits && number(whole, to);
  }

  private static boolean floating(Json value, VectorBuilder to) {
    switch (value) {
      case Json.Whole(BigInteger n) -> to.appendDouble(n.doubleValue());
      case Json.Real(double n) -> to.appendDouble(n);
      case Json.Truth(boolean truth) -> to.appendDouble(truth ? 1 : 0);
      case Json.Text(String t) -> {
        return text(t, to);
      }
      case Json.Members _, Json.Items _, Json.Null _ -> {
        return false;
      }
    }
    return true;
  }

  private static boolean decimal(Json value, DataType.Decimal type, VectorBuilder to) {
    BigDecimal number =
        switch (value) {
          case Json.Whole(BigInteger n) -> new BigDecimal(n);
          case Json.Real(double n) -> new BigDecimal(Double.toString(n));
          case Json.Text(String t) when t.matches("[-+]?[0-9]{1,78}(\\.[0-9]{1,78})?") ->
              new BigDecimal(t);
          case Json _ -> null;
        };
    BigDecimal scaled = number == null ? null : number.setScale(type.scale(), RoundingMode.DOWN);
    return scaled != null
        && scaled.precision() <= type.precision()
        && number(scaled.unscaledValue(), to);
  }

  private static boolean tuple(Json value, DataType.Tuple type, VectorBuilder to) {
    boolean byName = value instanceof Json.Members && !type.names().isEmpty();
    if (!(value instanceof Json.Items) && !(value instanceof Json.Members)) {
      return false;
    }
    for (int f = 0; f < type.fields().size(); f++) {
      Json field =
          byName ? ((Json.Members) value).get(type.names().get(f), false) : value.at(f + 1L);
      append(field, to.child(f));
    }
    to.endStruct();
    return true;
  }
}
