// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.misc;

import com.dynatrace.hash4j.hashing.HashValue128;
import com.dynatrace.hash4j.hashing.Hashing;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Vector;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Hashes of 128 bits, hashes with a key, checksums, and hashes that choose one of some buckets.
public final class WideHashes {
  private static final DataType WIDE = new DataType.FixedText(16);
  private static final long CRC32 = 0xEDB88320L;
  private static final long CRC64 = 0xC96C5795D7870F42L;

  private WideHashes() {}

  @FunctionalInterface
  private interface Digest {
    byte[] of(byte[] bytes);
  }

  public static List<ScalarFunction> functions() {
    return List.of(
        ofValues("sipHash128", SipHash::hash128),
        ofValues("sipHash128Reference", bytes -> SipHash.reference128(bytes, 0, 0)),
        ofValues(
            "murmurHash3_128",
            bytes -> Hashing.murmur3_128().hashBytesTo128Bits(bytes).toByteArray()),
        ofValues("xxh3_128", WideHashes::xxh3),
        keyed("sipHash64Keyed", DataTypes.UINT64),
        keyed("sipHash128Keyed", WIDE),
        keyed("sipHash128ReferenceKeyed", WIDE),
        checksum("CRC32IEEE", DataTypes.UINT32, bytes -> crc(bytes, CRC32)),
        checksum("CRC64", DataTypes.UINT64, bytes -> crc(bytes, CRC64)),
        javaHash(),
        utf16(),
        ScalarFunction.of(
            "jumpConsistentHash",
            "jumpConsistentHash(hash, buckets)",
            "A bucket that stays for most hashes when buckets are added.",
            WideHashes::jump));
  }

  private static byte[] xxh3(byte[] bytes) {
    HashValue128 hash = Hashing.xxh3_128().hashBytesTo128Bits(bytes);
    return ByteBuffer.allocate(16)
        .putLong(hash.getMostSignificantBits())
        .putLong(hash.getLeastSignificantBits())
        .array();
  }

  private static ScalarFunction ofValues(String name, Digest digest) {
    return ScalarFunction.of(
        name,
        name + "(x[, …])",
        "Hash of the values as 16 bytes.",
        args -> {
          Arguments.count(name, args, 0, Integer.MAX_VALUE);
          return RowBinding.of(WIDE, (v, row, to) -> to.appendBytes(of(v, row, digest)));
        });
  }

  private static byte[] of(List<Vector> values, int row, Digest digest) {
    byte[] hash = null;
    for (Vector value : values) {
      hash = with(hash, value, row, digest);
    }
    return hash == null ? digest.of(new byte[0]) : Arrays.copyOf(hash, 16);
  }

  private static byte[] with(byte[] hash, Vector value, int row, Digest digest) {
    Vector base = value.base();
    int at = value.valueRow(row);
    byte[] joined = hash;
    if (base.physical() == Physical.STRUCT) {
      for (Vector field : base.children()) {
        joined = with(joined, field, at, digest);
      }
      return joined;
    }
    if (base.physical() == Physical.LIST) {
      long size = base.listTo(at) - base.listFrom(at);
      joined = joined(joined, ValueHashes.little(ValueHashes.intHash64(size), 8), digest);
      for (int e = base.listFrom(at); e < base.listTo(at); e++) {
        joined = with(joined, base.elements(), e, digest);
      }
      return joined;
    }
    return joined(joined, digest.of(ValueHashes.bytes(base, at)), digest);
  }

  private static byte[] joined(byte[] hash, byte[] next, Digest digest) {
    if (hash == null) {
      return next;
    }
    byte[] both = Arrays.copyOf(Arrays.copyOf(hash, 16), 32);
    System.arraycopy(next, 0, both, 16, next.length);
    return digest.of(both);
  }

  private static ScalarFunction keyed(String name, DataType type) {
    return ScalarFunction.of(
        name,
        name + "((k0, k1), x[, …])",
        "SipHash of the values under a key of two integers.",
        args -> {
          Arguments.count(name, args, 2, Integer.MAX_VALUE);
          if (!(args.getFirst().plain() instanceof DataType.Tuple key)
              || key.fields().size() != 2
              || !Arguments.isInteger(key.fields().get(0))
              || !Arguments.isInteger(key.fields().get(1))
              || !key.fields().get(0).physical().isLong()
              || !key.fields().get(1).physical().isLong()) {
            throw Arguments.illegal(name, 0, args.getFirst().type(), "a tuple of two UInt64");
          }
          return RowBinding.of(
              type,
              (v, row, to) -> {
                long k0 = v.getFirst().children().get(0).getLong(row);
                long k1 = v.getFirst().children().get(1).getLong(row);
                List<Vector> values = v.subList(1, v.size());
                switch (name) {
                  case "sipHash64Keyed" -> to.appendLong(ValueHashes.sipHash(values, row, k0, k1));
                  case "sipHash128Keyed" ->
                      to.appendBytes(of(values, row, bytes -> SipHash.hash128(bytes, k0, k1)));
                  default ->
                      to.appendBytes(of(values, row, bytes -> SipHash.reference128(bytes, k0, k1)));
                }
              });
        });
  }

  /// A hash as a number.
  @FunctionalInterface
  private interface Checksum {
    long of(byte[] bytes);
  }

  private static ScalarFunction checksum(String name, DataType type, Checksum checksum) {
    return ScalarFunction.of(
        name,
        name + "(text)",
        "Checksum of the bytes.",
        args -> {
          Arguments.count(name, args, 1, 1);
          Arguments.requireText(name, args, 0);
          return RowBinding.of(
              type, (v, row, to) -> to.appendLong(checksum.of(v.getFirst().getBytes(row))));
        });
  }

  // Without the inversions before and after that CRC32 has.
  private static long crc(byte[] bytes, long polynomial) {
    long crc = 0;
    for (byte b : bytes) {
      crc ^= b & 0xFF;
      for (int bit = 0; bit < 8; bit++) {
        crc = crc >>> 1 ^ ((crc & 1) == 0 ? 0 : polynomial);
      }
    }
    return crc;
  }

  /// Java's own `hashCode` of texts and numbers.
  private static ScalarFunction javaHash() {
    return ScalarFunction.of(
        "javaHash",
        "javaHash(x)",
        "What Java's hashCode gives for a text of one-byte characters or for a number.",
        args -> {
          Arguments.count("javaHash", args, 1, 1);
          DataType type = args.getFirst().plain();
          boolean number =
              type instanceof DataType.Int integer && integer.signed() && integer.bits() <= 64;
          if (!number && !Arguments.isText(type)) {
            throw Arguments.illegal("javaHash", 0, type, "a text or a signed integer");
          }
          return RowBinding.of(
              DataTypes.INT32,
              (v, row, to) ->
                  to.appendLong(
                      number
                          ? javaHash(v.getFirst().getLong(row), type)
                          : RowBinding.bytes(v.getFirst(), row).hashCode()));
        });
  }

  private static int javaHash(long value, DataType type) {
    return type.width() == 8 ? Long.hashCode(value) : (int) value;
  }

  private static ScalarFunction utf16() {
    return ScalarFunction.of(
        "javaHashUTF16LE",
        "javaHashUTF16LE(text)",
        "What Java's hashCode gives for a text in UTF-16, little-endian.",
        args -> {
          Arguments.count("javaHashUTF16LE", args, 1, 1);
          Arguments.requireText("javaHashUTF16LE", args, 0);
          return RowBinding.of(
              DataTypes.INT32,
              (v, row, to) -> {
                byte[] bytes = v.getFirst().getBytes(row);
                if (bytes.length % 2 != 0) {
                  throw new VarveException(
                      ErrorCode.BAD_ARGUMENTS,
                      "javaHashUTF16LE takes UTF-16, found " + bytes.length + " bytes");
                }
                to.appendLong(new String(bytes, StandardCharsets.UTF_16LE).hashCode());
              });
        });
  }

  private static Binding jump(List<Argument> args) {
    Arguments.count("jumpConsistentHash", args, 2, 2);
    for (int i = 0; i < 2; i++) {
      Arguments.requireInteger("jumpConsistentHash", args, i);
      if (!args.get(i).plain().physical().isLong()) {
        throw Arguments.illegal("jumpConsistentHash", i, args.get(i).type(), "up to 64 bits");
      }
    }
    return RowBinding.of(
        DataTypes.INT32,
        (v, row, to) -> to.appendLong(jump(v.get(0).getLong(row), v.get(1).getLong(row))));
  }

  private static long jump(long hash, long buckets) {
    if (buckets <= 0 || buckets > Integer.MAX_VALUE) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "jumpConsistentHash takes 1 to " + Integer.MAX_VALUE + " buckets, found " + buckets);
    }
    long key = hash;
    long bucket = -1;
    long next = 0;
    while (next < buckets) {
      bucket = next;
      key = key * 2862933555777941757L + 1;
      next = (long) ((bucket + 1) * ((double) (1L << 31) / ((key >>> 33) + 1)));
    }
    return bucket;
  }
}
