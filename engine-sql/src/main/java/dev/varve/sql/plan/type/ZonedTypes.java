// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.type;

import dev.varve.storage.type.DataType;

/// Types whose times have a zone: values lie in memory as those without one do.
public final class ZonedTypes {
  private ZonedTypes() {}

  /// The type with this zone wherever it holds times that have none.
  public static DataType of(DataType type, String zone) {
    return switch (type) {
      case DataType.DateTime(String own) when own.isEmpty() -> new DataType.DateTime(zone);
      case DataType.DateTime64(int precision, String own) when own.isEmpty() ->
          new DataType.DateTime64(precision, zone);
      case DataType.Nullable(DataType inner) -> new DataType.Nullable(of(inner, zone));
      case DataType.LowCardinality(DataType inner) -> new DataType.LowCardinality(of(inner, zone));
      case DataType.Array(DataType element) -> new DataType.Array(of(element, zone));
      case DataType.Tuple tuple ->
          new DataType.Tuple(
              tuple.names(), tuple.fields().stream().map(field -> of(field, zone)).toList());
      case DataType.MapOf map -> new DataType.MapOf(of(map.key(), zone), of(map.value(), zone));
      default -> type;
    };
  }
}
