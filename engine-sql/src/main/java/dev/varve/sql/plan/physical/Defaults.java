// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.storage.type.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// The value of a column in rows that were written before it was: NULL, or the type's zero.
final class Defaults {
  private Defaults() {}

  static Object of(DataType type) {
    if (type.isNullable()) {
      return null;
    }
    return switch (type.unwrapped()) {
      case DataType.Int(int bits, boolean signed) ->
          bits < 64 || (bits == 64 && signed) ? (Object) 0L : BigInteger.ZERO;
      case DataType.Float(int bits) -> bits == 32 ? (Object) 0f : (Object) 0d;
      case DataType.Decimal(int _, int scale) -> BigDecimal.ZERO.setScale(scale);
      case DataType.Bool _ -> false;
      case DataType.Text _ -> "";
      case DataType.FixedText(int bytes) -> new byte[bytes];
      case DataType.Uuid _ -> new UUID(0, 0);
      case DataType.Date _, DataType.Date32 _ -> LocalDate.EPOCH;
      case DataType.DateTime _, DataType.DateTime64 _ -> LocalDateTime.of(1970, 1, 1, 0, 0);
      case DataType.Time _, DataType.Time64 _ -> Duration.ZERO;
      case DataType.Enumeration labels -> labels.labels().getFirst().text();
      case DataType.Ipv4 _ -> 0L;
      case DataType.Ipv6 _ -> new byte[16];
      case DataType.Array _ -> List.of();
      case DataType.MapOf _ -> Map.of();
      case DataType.Tuple tuple -> {
        List<Object> fields = new ArrayList<>();
        tuple.fields().forEach(field -> fields.add(of(field)));
        yield fields;
      }
      case DataType.AggregateState _ -> new byte[0];
      case DataType.Nothing _ -> null;
      case DataType.Nullable _, DataType.LowCardinality _, DataType.SimpleAggregate _ ->
          throw new IllegalStateException("still wrapped: " + type.name());
    };
  }
}
