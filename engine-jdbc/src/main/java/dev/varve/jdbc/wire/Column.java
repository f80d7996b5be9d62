// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

/// The values of one column of a batch.
///
/// | type | object |
/// |------|--------|
/// | Int8, Int16, Int32, UInt8, UInt16 | `Integer` |
/// | Int64, UInt32 | `Long` |
/// | UInt64 and wider integers | `BigInteger` |
/// | Float32, Float64 | `Float`, `Double` |
/// | Decimal | `BigDecimal` with the type's scale |
/// | Bool | `Boolean` |
/// | String, FixedString, Enum, IPv4, IPv6 | `String` |
/// | UUID | `UUID` |
/// | Date, Date32 | `LocalDate` |
/// | DateTime, DateTime64 | `ZonedDateTime` in the type's zone |
/// | Time, Time64 | `Duration` |
/// | Array | `List` |
/// | Tuple | `List` |
/// | Map | `Map` |
/// | aggregate state | `byte[]` |
public abstract class Column {
  private final SqlType type;

  Column(SqlType type) {
    this.type = type;
  }

  public SqlType type() {
    return type;
  }

  public abstract boolean isNull(int row);

  /// The object of the table above, or null.
  public final Object get(int row) {
    return isNull(row) ? null : value(row);
  }

  /// The object of a row that is not NULL.
  abstract Object value(int row);

  /// Whether [#getLong] gives every value exactly.
  public boolean isLong() {
    return false;
  }

  /// A value that is not NULL as a `long`; only where [#isLong()].
  public long getLong(int row) {
    throw new IllegalStateException(type.name() + " is not a long");
  }

  /// Whether [#getDouble] gives values without a detour through objects.
  public boolean isDouble() {
    return false;
  }

  /// A value that is not NULL as a `double`; only where [#isDouble()].
  public double getDouble(int row) {
    throw new IllegalStateException(type.name() + " is not a double");
  }

  /// The raw bytes of a String, FixedString, UUID, IPv6 or aggregate state; null for other types.
  public byte[] getBytes(int row) {
    return null;
  }
}
