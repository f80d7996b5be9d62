// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.type;

/// How values of a type lie in memory, whatever they mean. Kernels switch on this, never on names.
///
/// All fixed-width values are little-endian. `BYTES` and `LIST` carry `int32` offsets as Arrow
/// does.
public enum Physical {
  INT8(1),
  INT16(2),
  INT32(4),
  INT64(8),
  /// Two's complement, sixteen bytes: wide integers and decimals above 18 digits.
  INT128(16),
  /// Two's complement, thirty-two bytes.
  INT256(32),
  FLOAT32(4),
  FLOAT64(8),
  /// A run of bytes of its own length for each value.
  BYTES(0),
  /// The same number of bytes for each value; the type knows how many.
  FIXED(0),
  /// A list of elements: offsets into one child vector.
  LIST(0),
  /// One child vector for each field.
  STRUCT(0);

  private final int width;

  Physical(int width) {
    this.width = width;
  }

  /// Bytes of a value, or 0 where the kind alone does not say.
  public int width() {
    return width;
  }

  /// Whether a value fits in a Java `long` (floats excluded).
  public boolean isLong() {
    return switch (this) {
      case INT8, INT16, INT32, INT64 -> true;
      default -> false;
    };
  }

  /// Whether a value is made of others.
  public boolean isNested() {
    return this == LIST || this == STRUCT;
  }

  public boolean isWideInteger() {
    return this == INT128 || this == INT256;
  }

  public boolean isFloat() {
    return this == FLOAT32 || this == FLOAT64;
  }
}
