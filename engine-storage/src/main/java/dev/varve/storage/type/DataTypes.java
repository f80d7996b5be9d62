// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.type;

import java.util.List;
import java.util.Map;

/// The types that need no argument, and the way from a spelling to a type.
public final class DataTypes {
  public static final DataType INT8 = new DataType.Int(8, true);
  public static final DataType INT16 = new DataType.Int(16, true);
  public static final DataType INT32 = new DataType.Int(32, true);
  public static final DataType INT64 = new DataType.Int(64, true);
  public static final DataType INT128 = new DataType.Int(128, true);
  public static final DataType INT256 = new DataType.Int(256, true);
  public static final DataType UINT8 = new DataType.Int(8, false);
  public static final DataType UINT16 = new DataType.Int(16, false);
  public static final DataType UINT32 = new DataType.Int(32, false);
  public static final DataType UINT64 = new DataType.Int(64, false);
  public static final DataType UINT128 = new DataType.Int(128, false);
  public static final DataType UINT256 = new DataType.Int(256, false);
  public static final DataType FLOAT32 = new DataType.Float(32);
  public static final DataType FLOAT64 = new DataType.Float(64);
  public static final DataType BOOL = new DataType.Bool();
  public static final DataType STRING = new DataType.Text();
  public static final DataType UUID = new DataType.Uuid();
  public static final DataType DATE = new DataType.Date();
  public static final DataType DATE32 = new DataType.Date32();
  public static final DataType DATETIME = new DataType.DateTime("");
  public static final DataType TIME = new DataType.Time();
  public static final DataType IPV4 = new DataType.Ipv4();
  public static final DataType IPV6 = new DataType.Ipv6();
  public static final DataType NOTHING = new DataType.Nothing();

  private DataTypes() {}

  /// Reads a spelling such as `Nullable(Decimal(15, 2))`. Case matters, but for SQL's own names
  /// (`BIGINT`, `varchar`, …), which are accepted as aliases in any case.
  ///
  /// @throws UnknownTypeException naming the piece that is not a type, with a near name
  public static DataType parse(String spelling) {
    return new TypeParser(spelling).parseAll();
  }

  /// SQL's own names of types, in capitals, and what they mean.
  public static Map<String, DataType> aliases() {
    return TypeParser.ALIASES;
  }

  /// `Nullable(T)`, or T itself where T can already be NULL. LowCardinality stays outside.
  public static DataType nullable(DataType type) {
    if (type.isNullable() || type instanceof DataType.Array || type instanceof DataType.MapOf) {
      return type;
    }
    if (type instanceof DataType.LowCardinality(DataType inner)) {
      return new DataType.LowCardinality(nullable(inner));
    }
    return new DataType.Nullable(type);
  }

  public static DataType array(DataType element) {
    return new DataType.Array(element);
  }

  /// The fields of a MAP's entries, as the vector of a map holds them.
  public static DataType entries(DataType.MapOf map) {
    return new DataType.Tuple(List.of(), List.of(map.key(), map.value()));
  }

  static String quote(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  static String identifier(String name) {
    return name.matches("[A-Za-z_][A-Za-z0-9_]*") ? name : "`" + name.replace("`", "``") + "`";
  }
}
