// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

/// The types of Varve, without their arguments, and how many bytes a value has on the wire (0 where
/// values differ in length or the arguments say it).
public enum Kind {
  INT8("Int8", 1),
  INT16("Int16", 2),
  INT32("Int32", 4),
  INT64("Int64", 8),
  INT128("Int128", 16),
  INT256("Int256", 32),
  UINT8("UInt8", 1),
  UINT16("UInt16", 2),
  UINT32("UInt32", 4),
  UINT64("UInt64", 8),
  UINT128("UInt128", 16),
  UINT256("UInt256", 32),
  FLOAT32("Float32", 4),
  FLOAT64("Float64", 8),
  DECIMAL("Decimal", 0),
  BOOL("Bool", 1),
  STRING("String", 0),
  FIXED_STRING("FixedString", 0),
  UUID("UUID", 16),
  DATE("Date", 2),
  DATE32("Date32", 4),
  DATETIME("DateTime", 4),
  DATETIME64("DateTime64", 8),
  TIME("Time", 4),
  TIME64("Time64", 8),
  ENUM8("Enum8", 1),
  ENUM16("Enum16", 2),
  IPV4("IPv4", 4),
  IPV6("IPv6", 16),
  ARRAY("Array", 0),
  TUPLE("Tuple", 0),
  MAP("Map", 0),
  AGGREGATE_STATE("AggregateFunction", 0),
  NOTHING("Nothing", 1);

  private final String word;
  private final int width;

  Kind(String word, int width) {
    this.word = word;
    this.width = width;
  }

  /// The first word of the type's name.
  public String word() {
    return word;
  }

  public int width() {
    return width;
  }

  public boolean isInteger() {
    return compareTo(UINT256) <= 0;
  }

  /// Whether values are unsigned integers.
  public boolean isUnsigned() {
    return compareTo(UINT8) >= 0 && compareTo(UINT256) <= 0;
  }

  public boolean isNumeric() {
    return compareTo(DECIMAL) <= 0;
  }

  static Kind ofWord(String word) {
    for (Kind kind : values()) {
      if (kind.word.equals(word)) {
        return kind;
      }
    }
    return null;
  }
}
