// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.misc;

import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Vector;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;

/// Hashes of values of any type and number: `cityHash64`, `sipHash64`, `intHash32` and their like.
public final class ValueHashes {
  private static final long INT_HASH_64_SALT = 0x4CF2D2BAAE6DA887L;
  private static final long INT_HASH_32_SALT = 0x75D9543DE018BF45L;

  private ValueHashes() {}

  /// A hash of bytes, and how two become one.
  private record Scheme(BytesHash bytes, Join join, boolean numbersByIntHash) {}

  @FunctionalInterface
  private interface BytesHash {
    long of(byte[] bytes);
  }

  @FunctionalInterface
  private interface Join {
    long of(long a, long b);
  }

  public static List<ScalarFunction> functions() {
    Scheme city = new Scheme(CityHash::hash, CityHash::join, true);
    Scheme sip = new Scheme(SipHash::hash, (a, b) -> SipHash.hash(two(a, b)), false);
    return List.of(
        ofValues("cityHash64", city),
        ofValues("sipHash64", sip),
        ofText("sipHash128", new DataType.FixedText(16), SipHash::hash128),
        ofNumber("intHash64", DataTypes.UINT64, ValueHashes::intHash64),
        ofNumber("intHash32", DataTypes.UINT32, ValueHashes::intHash32),
        ofText("halfMD5", ValueHashes::halfMd5),
        ofText("CRC32", DataTypes.UINT32, bytes -> little(crc32(bytes), 4)),
        ofText("javaHash", DataTypes.INT32, bytes -> little(javaHash(bytes), 4)),
        ofText("hiveHash", DataTypes.INT32, bytes -> little(javaHash(bytes) & 0x7FFFFFFF, 4)),
        ofText("murmurHash2_64", bytes -> Murmur.hash64(bytes, 0)),
        ofText("murmurHash2_32", DataTypes.UINT32, bytes -> little(Murmur.hash32(bytes, 0), 4)),
        ofText(
            "murmurHash3_32",
            DataTypes.UINT32,
            bytes ->
                little(com.dynatrace.hash4j.hashing.Hashing.murmur3_32().hashBytesToInt(bytes), 4)),
        ofText("murmurHash3_64", ValueHashes::murmur3),
        ofText("murmurHash3_128", new DataType.FixedText(16), ValueHashes::murmur128),
        ofText(
            "farmFingerprint64",
            bytes -> com.dynatrace.hash4j.hashing.Hashing.farmHashNa().hashBytesToLong(bytes)),
        ofText(
            "xxh3",
            bytes -> com.dynatrace.hash4j.hashing.Hashing.xxh3_64().hashBytesToLong(bytes)));
  }

  private static byte[] two(long a, long b) {
    return ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(a).putLong(b).array();
  }

  private static byte[] little(long value, int width) {
    byte[] bytes = new byte[width];
    for (int i = 0; i < width; i++) {
      bytes[i] = (byte) (value >>> 8 * i);
    }
    return bytes;
  }

  private static ScalarFunction ofValues(String name, Scheme scheme) {
    return ScalarFunction.of(
            name,
            name + "(x[, …])",
            "Hash of the values as UInt64.",
            args -> {
              Arguments.count(name, args, 1, Integer.MAX_VALUE);
              return RowBinding.ofAll(
                  DataTypes.UINT64,
                  (v, row, to) -> {
                    long hash = 0;
                    boolean first = true;
                    for (Vector value : v) {
                      hash = with(hash, first, value, row, scheme);
                      first = false;
                    }
                    to.appendLong(hash);
                  });
            })
        .handlingNulls();
  }

  private static long with(long hash, boolean first, Vector value, int row, Scheme scheme) {
    if (value.isNull(row)) {
      return first ? 0 : hash;
    }
    Vector base = value.base();
    int at = value.valueRow(row);
    if (base.physical() == Physical.STRUCT) {
      long joined = hash;
      boolean isFirst = first;
      for (Vector field : base.children()) {
        joined = with(joined, isFirst, field, at, scheme);
        isFirst = false;
      }
      return joined;
    }
    if (base.physical() == Physical.LIST) {
      long size = base.listTo(at) - base.listFrom(at);
      long own = scheme.numbersByIntHash() ? intHash64(size) : scheme.bytes().of(little(size, 8));
      long joined = first ? own : scheme.join().of(hash, own);
      for (int e = base.listFrom(at); e < base.listTo(at); e++) {
        joined = with(joined, false, base.elements(), e, scheme);
      }
      return joined;
    }
    long own = scalar(base, at, scheme);
    return first ? own : scheme.join().of(hash, own);
  }

  private static long scalar(Vector value, int row, Scheme scheme) {
    return switch (value.physical()) {
      case BYTES, FIXED -> scheme.bytes().of(value.getBytes(row));
      case FLOAT32 -> {
        int bits = Float.floatToRawIntBits((float) value.getDouble(row));
        yield number(bits & 0xFFFFFFFFL, 4, scheme);
      }
      case FLOAT64 -> number(Double.doubleToRawLongBits(value.getDouble(row)), 8, scheme);
      case INT8, INT16, INT32, INT64 -> {
        int width = value.width();
        long mask = width == 8 ? -1 : (1L << 8 * width) - 1;
        yield number(value.getLong(row) & mask, width, scheme);
      }
      case INT128, INT256 -> scheme.bytes().of(wide(value.getInteger(row), value.width()));
      case LIST, STRUCT -> throw new IllegalStateException("not a scalar");
    };
  }

  private static byte[] wide(BigInteger value, int width) {
    byte[] bytes = new byte[width];
    for (int i = 0; i < width; i++) {
      bytes[i] = value.shiftRight(8 * i).byteValue();
    }
    return bytes;
  }

  private static long number(long bits, int width, Scheme scheme) {
    return scheme.numbersByIntHash() ? intHash64(bits) : scheme.bytes().of(little(bits, width));
  }

  static long intHash64(long value) {
    long x = value ^ INT_HASH_64_SALT;
    x ^= x >>> 33;
    x *= 0xff51afd7ed558ccdL;
    x ^= x >>> 33;
    x *= 0xc4ceb9fe1a85ec53L;
    return x ^ x >>> 33;
  }

  private static long intHash32(long value) {
    long key = value ^ INT_HASH_32_SALT;
    key = ~key + (key << 18);
    key ^= Long.rotateRight(key, 31);
    key *= 21;
    key ^= Long.rotateRight(key, 11);
    key += key << 6;
    key ^= Long.rotateRight(key, 22);
    return key & 0xFFFFFFFFL;
  }

  @FunctionalInterface
  private interface NumberHash {
    long of(long bits);
  }

  private static ScalarFunction ofNumber(String name, DataType type, NumberHash hash) {
    return ScalarFunction.of(
        name,
        name + "(n)",
        "Hash of an integer.",
        args -> {
          Arguments.count(name, args, 1, 1);
          DataType of = args.getFirst().plain();
          if (!of.physical().isLong()) {
            throw Arguments.illegal(name, 0, of, "an integer");
          }
          return RowBinding.of(
              type,
              (v, row, to) -> {
                int width = of.width();
                long mask = width == 8 ? -1 : (1L << 8 * width) - 1;
                to.appendLong(hash.of(v.getFirst().getLong(row) & mask));
              });
        });
  }

  private static ScalarFunction ofText(String name, BytesHash hash) {
    return ofText(name, DataTypes.UINT64, bytes -> little(hash.of(bytes), 8));
  }

  @FunctionalInterface
  private interface Digest {
    byte[] of(byte[] bytes);
  }

  /// @param digest gives the result's bytes, little-endian
  private static ScalarFunction ofText(String name, DataType type, Digest digest) {
    return ScalarFunction.of(
        name, name + "(text)", "Hash of the bytes.", args -> text(name, args, type, digest));
  }

  private static Binding text(String name, List<Argument> args, DataType type, Digest digest) {
    Arguments.count(name, args, 1, 1);
    Arguments.requireText(name, args, 0);
    return RowBinding.of(
        type,
        (v, row, to) -> {
          byte[] hash = digest.of(v.getFirst().getBytes(row));
          if (type.physical() == Physical.FIXED) {
            to.appendBytes(hash);
          } else {
            long value = 0;
            for (int i = hash.length - 1; i >= 0; i--) {
              value = value << 8 | hash[i] & 0xFF;
            }
            to.appendLong(value);
          }
        });
  }

  private static long halfMd5(byte[] bytes) {
    return ByteBuffer.wrap(Hashes.digest("MD5").digest(bytes)).getLong();
  }

  private static long crc32(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return crc.getValue();
  }

  private static long javaHash(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1).hashCode();
  }

  private static long murmur3(byte[] bytes) {
    ByteBuffer whole = ByteBuffer.wrap(murmur128(bytes)).order(ByteOrder.LITTLE_ENDIAN);
    return whole.getLong(0) ^ whole.getLong(8);
  }

  private static byte[] murmur128(byte[] bytes) {
    return com.dynatrace.hash4j.hashing.Hashing.murmur3_128()
        .hashBytesTo128Bits(bytes)
        .toByteArray();
  }
}
