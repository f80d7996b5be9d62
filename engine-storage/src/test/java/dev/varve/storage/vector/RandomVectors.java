// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.vector;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.math.BigInteger;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// Vectors of random rows of any type, in the shapes that encodings look for: few distinct values,
/// runs, sorted numbers, small and full ranges, NULLs.
public final class RandomVectors {
  public static final List<DataType> TYPES =
      Stream.of(
              "Int8",
              "Int16",
              "Int32",
              "Int64",
              "UInt8",
              "UInt16",
              "UInt32",
              "UInt64",
              "Int128",
              "UInt128",
              "Int256",
              "UInt256",
              "Float32",
              "Float64",
              "Decimal(9, 2)",
              "Decimal(18, 4)",
              "Decimal(30, 5)",
              "Decimal(60, 10)",
              "Bool",
              "String",
              "FixedString(5)",
              "UUID",
              "Date",
              "Date32",
              "DateTime",
              "DateTime64(3)",
              "Time",
              "Time64(6)",
              "Enum8('a' = 1, 'b' = 2)",
              "Enum16('x' = -300, 'y' = 300)",
              "IPv4",
              "IPv6",
              "Nullable(Int32)",
              "Nullable(Int64)",
              "Nullable(Float64)",
              "Nullable(String)",
              "Nullable(Decimal(30, 5))",
              "Nullable(UUID)",
              "LowCardinality(String)",
              "LowCardinality(Nullable(String))",
              "Array(Int32)",
              "Array(String)",
              "Array(Nullable(UInt8))",
              "Array(Array(Int64))",
              "Tuple(Int32, String)",
              "Map(String, Int64)",
              "AggregateFunction(uniq, UInt64)",
              "SimpleAggregateFunction(sum, Int64)")
          .map(DataTypes::parse)
          .toList();

  private final RandomGenerator random;

  public RandomVectors(RandomGenerator random) {
    this.random = random;
  }

  public Vector of(DataType type, int rows, Scratch scratch) {
    VectorBuilder builder = new VectorBuilder(type, scratch);
    int shape = random.nextInt(6);
    long base = random.nextLong();
    int spread = 1 + random.nextInt(40);
    long current = base;
    boolean nullable = type.isNullable() && random.nextInt(4) > 0;
    int nullShare = random.nextInt(1, 101);
    for (int row = 0; row < rows; row++) {
      current =
          switch (shape) {
            case 0 -> base;
            case 1 -> base + random.nextInt(spread);
            case 2 -> random.nextInt(20) == 0 ? random.nextLong() : current;
            case 3 -> current + random.nextInt(spread);
            case 4 -> base + (random.nextLong() >>> spread);
            default -> random.nextLong();
          };
      if (nullable && random.nextInt(100) < nullShare) {
        builder.appendNull();
      } else {
        append(builder, current);
      }
    }
    return builder.build();
  }

  private void append(VectorBuilder builder, long seed) {
    DataType type = builder.type().unwrapped();
    switch (type.physical()) {
      case INT8, INT16, INT32, INT64 -> builder.appendLong(seed);
      case FLOAT32, FLOAT64 ->
          builder.appendDouble(
              seed % 11 == 0 ? Double.NaN : seed % 7 == 0 ? -0.0 : seed % 1000 / 4.0);
      case INT128, INT256 -> {
        BigInteger wide = BigInteger.valueOf(seed);
        boolean isUnsigned = type.isUnsigned();
        if (seed % 3 == 0) {
          wide = wide.shiftLeft(type.width() * 8 - 66);
        }
        builder.appendInteger(isUnsigned ? wide.abs() : wide);
      }
      case BYTES -> builder.appendBytes(text(seed));
      case FIXED -> {
        byte[] bytes = new byte[type.width()];
        for (int i = 0; i < bytes.length; i++) {
          bytes[i] = (byte) (seed >>> (i % 8) * 8);
        }
        builder.appendBytes(bytes);
      }
      case LIST -> {
        for (int n = (int) Math.floorMod(seed, 4); n > 0; n--) {
          VectorBuilder child = builder.child(0);
          if (child.type().isNullable() && (seed + n) % 3 == 0) {
            child.appendNull();
          } else {
            append(child, seed + n);
          }
        }
        builder.endList();
      }
      case STRUCT -> {
        for (int f = 0; f < fields(type); f++) {
          append(builder.child(f), seed * 31 + f);
        }
        builder.endStruct();
      }
    }
  }

  private static int fields(DataType type) {
    return ((DataType.Tuple) type).fields().size();
  }

  /// Of any length up to 80, zero and high bytes included.
  private static byte[] text(long seed) {
    int length = (int) Math.floorMod(seed * 0x9E3779B97F4A7C15L >>> 7, 81);
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (seed >>> i % 8 * 8);
    }
    return bytes;
  }
}
