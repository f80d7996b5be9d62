// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.List;

/// The smallest type that holds every value of some types, exactly where there is one.
///
/// An integer and a float meet in Float64, as comparison with a float is inexact anyway. UInt64 and
/// a signed integer meet in Int128: nothing narrower holds both.
final class CommonTypes {
  private CommonTypes() {}

  static DataType of(List<DataType> types) {
    DataType common = null;
    boolean nullable = false;
    for (DataType type : types) {
      nullable |= type.isNullable();
      DataType plain = type.unwrapped();
      if (plain instanceof DataType.Nothing) {
        continue;
      }
      common = common == null ? plain : pair(common, plain);
    }
    if (common == null) {
      return DataTypes.NOTHING;
    }
    return nullable ? DataTypes.nullable(common) : common;
  }

  static DataType pair(DataType a, DataType b) {
    if (a.equals(b)) {
      return a;
    }
    DataType common = directed(a, b);
    if (common == null) {
      common = directed(b, a);
    }
    if (common == null) {
      throw new VarveException(
          ErrorCode.TYPE_MISMATCH,
          "no common type of " + a.name() + " and " + b.name() + "; use CAST on one of them");
    }
    return common;
  }

  private static DataType directed(DataType a, DataType b) {
    return switch (a) {
      case DataType.Bool _ -> b instanceof DataType.Int ? b : null;
      case DataType.Int x -> withInt(x, b);
      case DataType.Decimal x -> withDecimal(x, b);
      case DataType.Float _ -> b instanceof DataType.Float ? DataTypes.FLOAT64 : null;
      case DataType.Text _ -> isTextLike(b) ? a : null;
      case DataType.FixedText _ -> b instanceof DataType.FixedText ? DataTypes.STRING : null;
      case DataType.Enumeration x ->
          switch (b) {
            case DataType.Enumeration _ -> DataTypes.STRING;
            case DataType.Int y -> withInt(new DataType.Int(x.bits(), true), y);
            default -> null;
          };
      case DataType.Date _ ->
          b instanceof DataType.Date32
                  || b instanceof DataType.DateTime
                  || b instanceof DataType.DateTime64
              ? b
              : null;
      case DataType.Date32 _ ->
          switch (b) {
            case DataType.DateTime(String zone) -> new DataType.DateTime64(0, zone);
            case DataType.DateTime64 _ -> b;
            default -> null;
          };
      case DataType.DateTime x ->
          b instanceof DataType.DateTime64 || b instanceof DataType.DateTime
              ? withZone(b, x.zone())
              : null;
      case DataType.DateTime64 x ->
          b instanceof DataType.DateTime64 y
              ? new DataType.DateTime64(
                  Math.max(x.precision(), y.precision()), x.zone().isEmpty() ? y.zone() : x.zone())
              : null;
      case DataType.Time _ -> b instanceof DataType.Time64 ? b : null;
      case DataType.Time64 x ->
          b instanceof DataType.Time64 y && y.precision() >= x.precision() ? y : null;
      case DataType.Ipv4 _ ->
          switch (b) {
            case DataType.Ipv6 _ -> b;
            case DataType.Int y -> withInt(new DataType.Int(32, false), y);
            default -> null;
          };
      case DataType.Array(DataType x) ->
          b instanceof DataType.Array(DataType y) ? DataTypes.array(of(List.of(x, y))) : null;
      case DataType.MapOf x ->
          b instanceof DataType.MapOf y
              ? new DataType.MapOf(of(List.of(x.key(), y.key())), of(List.of(x.value(), y.value())))
              : null;
      case DataType.Tuple x ->
          b instanceof DataType.Tuple y && x.fields().size() == y.fields().size()
              ? tuple(x, y)
              : null;
      default -> null;
    };
  }

  private static boolean isTextLike(DataType type) {
    return type instanceof DataType.FixedText || type instanceof DataType.Enumeration;
  }

  private static DataType withZone(DataType type, String zone) {
    return switch (type) {
      case DataType.DateTime(String own) -> own.isEmpty() ? new DataType.DateTime(zone) : type;
      case DataType.DateTime64(int precision, String own) ->
          own.isEmpty() ? new DataType.DateTime64(precision, zone) : type;
      default -> type;
    };
  }

  private static DataType tuple(DataType.Tuple x, DataType.Tuple y) {
    List<DataType> fields = new java.util.ArrayList<>();
    for (int i = 0; i < x.fields().size(); i++) {
      fields.add(of(List.of(x.fields().get(i), y.fields().get(i))));
    }
    return new DataType.Tuple(x.names().equals(y.names()) ? x.names() : List.of(), fields);
  }

  private static DataType withInt(DataType.Int x, DataType b) {
    return switch (b) {
      case DataType.Int y -> {
        if (x.signed() == y.signed()) {
          yield x.bits() >= y.bits() ? x : y;
        }
        DataType.Int signed = x.signed() ? x : y;
        DataType.Int unsigned = x.signed() ? y : x;
        int bits = Math.max(signed.bits(), Math.min(256, unsigned.bits() * 2));
        yield new DataType.Int(bits, true);
      }
      case DataType.Float f -> f.bits() == 32 && x.bits() <= 16 ? f : DataTypes.FLOAT64;
      case DataType.Decimal d -> decimal(Math.max(digits(x), d.precision() - d.scale()), d.scale());
      default -> null;
    };
  }

  private static DataType withDecimal(DataType.Decimal x, DataType b) {
    return switch (b) {
      case DataType.Decimal y ->
          decimal(
              Math.max(x.precision() - x.scale(), y.precision() - y.scale()),
              Math.max(x.scale(), y.scale()));
      case DataType.Float _ -> DataTypes.FLOAT64;
      default -> null;
    };
  }

  static DataType.Decimal decimal(int whole, int scale) {
    return new DataType.Decimal(Math.max(1, Math.min(76, whole + scale)), Math.min(76, scale));
  }

  /// Decimal digits that every value of an integer type has at most.
  static int digits(DataType.Int type) {
    return switch (type.bits()) {
      case 8 -> 3;
      case 16 -> 5;
      case 32 -> 10;
      case 64 -> type.signed() ? 19 : 20;
      case 128 -> 39;
      default -> 76;
    };
  }
}
