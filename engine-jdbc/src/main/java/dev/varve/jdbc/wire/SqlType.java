// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/// A type as the driver needs it. `Nullable` and `LowCardinality` around it are only remembered in
/// [#name()] and [#nullable()].
///
/// @param name the whole spelling: `Nullable(Decimal(15, 2))`
/// @param precision digits of a Decimal, fraction digits of a DateTime64, bytes of a FixedString
/// @param scale digits of a Decimal after the point
/// @param zone of DateTime and DateTime64; UTC where none is written
/// @param children element of an Array, key and value of a Map, fields of a Tuple
/// @param fieldNames of a Tuple whose fields have names, else empty
/// @param labels of an Enum, by number
public record SqlType(
    String name,
    Kind kind,
    boolean nullable,
    int precision,
    int scale,
    ZoneId zone,
    List<SqlType> children,
    List<String> fieldNames,
    Map<Integer, String> labels) {

  /// Reads a spelling that the engine wrote.
  ///
  /// @throws IllegalArgumentException for a type that this driver does not know
  public static SqlType parse(String spelling) {
    return new SqlTypeParser(spelling).parseAll();
  }

  /// A type that needs no argument.
  static SqlType of(Kind kind) {
    return plain(kind.word(), kind);
  }

  static SqlType plain(String name, Kind kind) {
    return new SqlType(
        name, kind, kind == Kind.NOTHING, 0, 0, ZoneOffset.UTC, List.of(), List.of(), Map.of());
  }

  SqlType withDigits(String newName, int newPrecision, int newScale) {
    return new SqlType(
        newName, kind, nullable, newPrecision, newScale, zone, children, fieldNames, labels);
  }

  SqlType withZone(String newName, int newPrecision, ZoneId newZone) {
    return new SqlType(
        newName, kind, nullable, newPrecision, scale, newZone, children, fieldNames, labels);
  }

  SqlType withChildren(String newName, List<SqlType> newChildren, List<String> newNames) {
    return new SqlType(
        newName, kind, nullable, precision, scale, zone, newChildren, newNames, labels);
  }

  SqlType withLabels(String newName, Map<Integer, String> newLabels) {
    return new SqlType(
        newName, kind, nullable, precision, scale, zone, children, fieldNames, newLabels);
  }

  SqlType wrapped(String newName, boolean newNullable) {
    return new SqlType(
        newName, kind, newNullable, precision, scale, zone, children, fieldNames, labels);
  }

  /// Bytes of a value on the wire, 0 where values differ in length.
  public int width() {
    switch (kind) {
      case DECIMAL:
        return precision <= 18 ? 8 : precision <= 38 ? 16 : 32;
      case FIXED_STRING:
        return precision;
      default:
        return kind.width();
    }
  }
}
