// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.misc;

import com.dynatrace.hash4j.hashing.Hashing;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.hash.CityHash64;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Vector;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/// Hashes of values of any type and number: `cityHash64`, `sipHash64`, `intHash32` and their like.
public final class ValueHashes {
  private static final long INT_HASH_64_SALT = 0x4CF2D2BAAE6DA887L;
  // What any of these functions gives without an argument.
  private static final long OF_NOTHING = 0xe28dbde7fe22e41cL;
  private static final long GCC_SEED = 0xc70f6907L;
  private static final int KAFKA_SEED = 0x9747b28c;
  private static final long INT_HASH_32_SALT = 0x75D9543DE018BF45L;

  private ValueHashes() {}

  /// A hash of bytes, and how two become one.
  ///
  /// @param type UInt64 or UInt32
  private record Scheme(DataType type, BytesHash bytes, Join join, boolean numbersByIntHash) {
    /// Two hashes become one by hashing their bytes.
    static Scheme ofBytes(DataType type, BytesHash bytes) {
      int width = type.width();
      return new Scheme(
          type,
          bytes,
          (a, b) ->
              bytes.of(
                  ByteBuffer.allocate(2 * width)
                      .put(little(a, width))
                      .put(little(b, width))
                      .array()),
          false);
    }

    /// The first hash is mixed as an integer before the second is added to it.
    static Scheme mixing(DataType type, BytesHash bytes) {
      boolean wide = type.width() == 8;
      return new Scheme(type, bytes, (a, b) -> (wide ? intHash64(a) : intHash32(a)) ^ b, false);
    }
  }

  @FunctionalInterface
  private interface BytesHash {
    long of(byte[] bytes);
  }

  @FunctionalInterface
  private interface Join {
    long of(long a, long b);
  }

  public static List<ScalarFunction> functions() {
    List<ScalarFunction> all = new ArrayList<>(ofManyValues());
    all.addAll(
        List.of(
            ofNumber("intHash64", DataTypes.UINT64, ValueHashes::intHash64),
            ofNumber("intHash32", DataTypes.UINT32, ValueHashes::intHash32),
            ofText("CRC32", DataTypes.UINT32, bytes -> little(crc32(bytes), 4)).alias("crc32"),
            ofText("hiveHash", DataTypes.INT32, bytes -> little(javaHash(bytes) & 0x7FFFFFFF, 4)),
            ofText("farmFingerprint64", bytes -> Hashing.farmHashNa().hashBytesToLong(bytes))));
    return all;
  }

  private static List<ScalarFunction> ofManyValues() {
    DataType word = DataTypes.UINT64;
    DataType half = DataTypes.UINT32;
    return List.of(
        ofValues("cityHash64", new Scheme(word, CityHash64::hash, CityHash64::join, true)),
        ofValues("farmHash64", new Scheme(word, FarmHash::hash, CityHash64::join, true)),
        ofValues("metroHash64", new Scheme(word, MetroHash::hash, CityHash64::join, true)),
        ofValues("sipHash64", Scheme.ofBytes(word, SipHash::hash)),
        ofValues("halfMD5", Scheme.ofBytes(word, ValueHashes::halfMd5)),
        ofValues(
            "xxHash32",
            Scheme.mixing(half, bytes -> Hashing.xxh32().hashBytesToInt(bytes) & 0xFFFFFFFFL)),
        ofValues(
            "xxHash64",
            new Scheme(
                word, bytes -> Hashing.xxh64().hashBytesToLong(bytes), CityHash64::join, false)),
        ofValues(
            "xxh3",
            new Scheme(
                word, bytes -> Hashing.xxh3_64().hashBytesToLong(bytes), CityHash64::join, false)),
        ofValues(
            "wyHash64",
            Scheme.ofBytes(word, bytes -> Hashing.wyhashFinal3().hashBytesToLong(bytes))),
        ofValues("murmurHash2_64", Scheme.mixing(word, bytes -> Murmur.hash64(bytes, 0))),
        ofValues("gccMurmurHash", Scheme.mixing(word, bytes -> Murmur.hash64(bytes, GCC_SEED))),
        ofValues("murmurHash2_32", Scheme.mixing(half, bytes -> Murmur.hash32(bytes, 0))),
        ofValues("kafkaMurmurHash", Scheme.mixing(half, bytes -> Murmur.hash32(bytes, KAFKA_SEED))),
        ofValues(
            "murmurHash3_32",
            Scheme.mixing(half, bytes -> Hashing.murmur3_32().hashBytesToInt(bytes) & 0xFFFFFFFFL)),
        ofValues("murmurHash3_64", Scheme.mixing(word, ValueHashes::murmur3)));
  }

  static byte[] little(long value, int width) {
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
            "Hash of the values as " + scheme.type().name() + ".",
            args -> {
              Arguments.count(name, args, 0, Integer.MAX_VALUE);
              return RowBinding.ofAll(
                  scheme.type(), (v, row, to) -> to.appendLong(of(v, row, scheme)));
            })
        .handlingNulls();
  }

  private static long of(List<Vector> values, int row, Scheme scheme) {
    long hash = values.isEmpty() ? OF_NOTHING : 0;
    boolean first = true;
    for (Vector value : values) {
      hash = with(hash, first, value, row, scheme);
      first = false;
    }
    return hash;
  }

  /// SipHash under a key of the values of a row.
  static long sipHash(List<Vector> values, int row, long k0, long k1) {
    return of(values, row, Scheme.ofBytes(DataTypes.UINT64, bytes -> SipHash.hash(bytes, k0, k1)));
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
      long own = sizeHash(size, scheme);
      long joined = first ? own : scheme.join().of(hash, own);
      for (int e = base.listFrom(at); e < base.listTo(at); e++) {
        joined = scheme.join().of(joined, with(0, true, base.elements(), e, scheme));
      }
      return joined;
    }
    long own = scalar(base, at, scheme);
    return first ? own : scheme.join().of(hash, own);
  }

  private static long sizeHash(long size, Scheme scheme) {
    return scheme.type().width() == 8 ? intHash64(size) : intHash32(size);
  }

  private static long scalar(Vector value, int row, Scheme scheme) {
    boolean word = value.physical().isLong() || value.physical().isFloat();
    if (!word || !scheme.numbersByIntHash() || isScaled(value.type())) {
      return scheme.bytes().of(bytes(value, row));
    }
    return intHash64(bits(value, row));
  }

  private static boolean isScaled(DataType type) {
    return type instanceof DataType.Decimal || type instanceof DataType.DateTime64;
  }

  // Of a value of at most eight bytes.
  private static long bits(Vector value, int row) {
    return switch (value.physical()) {
      case FLOAT32 -> Float.floatToRawIntBits((float) value.getDouble(row)) & 0xFFFFFFFFL;
      case FLOAT64 -> Double.doubleToRawLongBits(value.getDouble(row));
      default -> {
        int width = value.width();
        yield value.getLong(row) & (width == 8 ? -1 : (1L << 8 * width) - 1);
      }
    };
  }

  /// The bytes of a flat value that is neither list nor tuple, as they lie in memory.
  static byte[] bytes(Vector value, int row) {
    if (value.type() instanceof DataType.Decimal(int precision, int _) && precision <= 9) {
      return little(value.getLong(row), 4);
    }
    if (value.type() instanceof DataType.Uuid) {
      return inWords(value.getBytes(row));
    }
    return switch (value.physical()) {
      case BYTES, FIXED -> value.getBytes(row);
      case INT128, INT256 -> wide(value.getInteger(row), value.width());
      case LIST, STRUCT -> throw new IllegalStateException("not a scalar");
      default -> little(bits(value, row), value.width());
    };
  }

  /// Two words, the more significant one first, each with its lowest byte first.
  private static byte[] inWords(byte[] digits) {
    ByteBuffer words = ByteBuffer.wrap(digits);
    long high = words.getLong();
    long low = words.getLong();
    return ByteBuffer.allocate(16)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(high)
        .putLong(low)
        .array();
  }

  private static byte[] wide(BigInteger value, int width) {
    byte[] bytes = new byte[width];
    for (int i = 0; i < width; i++) {
      bytes[i] = value.shiftRight(8 * i).byteValue();
    }
    return bytes;
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
    return Hashing.murmur3_128().hashBytesTo128Bits(bytes).toByteArray();
  }
}
