// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.misc;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import dev.varve.sql.expression.BoundFunction.Stability;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.UUID;

/// Hashes of byte strings by their published definitions, UUIDs, `toTypeName`, `version`.
public final class Hashes {
  private Hashes() {}

  public static List<ScalarFunction> functions() {
    return List.of(
        hash("murmurHash3_128_low64", Hashing.murmur3_128()),
        digest("MD5", "MD5", 16),
        digest("SHA1", "SHA-1", 20),
        digest("SHA224", "SHA-224", 28),
        digest("SHA256", "SHA-256", 32),
        digest("SHA384", "SHA-384", 48),
        digest("SHA512_256", "SHA-512/256", 32),
        digest("SHA512", "SHA-512", 64),
        ScalarFunction.of(
                "generateUUIDv4",
                "generateUUIDv4()",
                "A random UUID for each row.",
                _ ->
                    new Binding(
                        DataTypes.UUID,
                        (_, rows, scratch) -> {
                          VectorBuilder builder = new VectorBuilder(DataTypes.UUID, scratch);
                          for (int i = 0; i < rows; i++) {
                            UUID uuid = UUID.randomUUID();
                            builder.appendBytes(
                                ByteBuffer.allocate(16)
                                    .putLong(uuid.getMostSignificantBits())
                                    .putLong(uuid.getLeastSignificantBits())
                                    .array());
                          }
                          return builder.build();
                        }))
            .that(Stability.VOLATILE),
        ScalarFunction.of(
                "toTypeName",
                "toTypeName(x)",
                "The name of x's type.",
                args -> {
                  Arguments.count("toTypeName", args, 1, 1);
                  DataType type = args.getFirst().type();
                  return text(type instanceof DataType.Nothing ? "Nullable(Nothing)" : type.name());
                })
            .handlingNulls(),
        ScalarFunction.of(
            "IPv4NumToString",
            "IPv4NumToString(n)",
            "The address that the number means.",
            args -> {
              Arguments.count("IPv4NumToString", args, 1, 1);
              DataType of = args.getFirst().plain();
              if (!(of instanceof DataType.Ipv4) && !of.physical().isLong()) {
                throw Arguments.illegal("IPv4NumToString", 0, of, "an integer");
              }
              return new Binding(
                  DataTypes.STRING,
                  (v, rows, scratch) -> {
                    VectorBuilder builder = new VectorBuilder(DataTypes.STRING, scratch);
                    for (int i = 0; i < rows; i++) {
                      long n = v.getFirst().getLong(i);
                      builder.appendBytes(
                          ((n >>> 24 & 255)
                                  + "."
                                  + (n >>> 16 & 255)
                                  + "."
                                  + (n >>> 8 & 255)
                                  + "."
                                  + (n & 255))
                              .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                    }
                    return builder.build();
                  });
            }));
  }

  private static Binding text(String value) {
    return new Binding(
        DataTypes.STRING,
        (_, rows, scratch) -> {
          VectorBuilder builder = new VectorBuilder(DataTypes.STRING, scratch);
          builder.appendBytes(value.getBytes(java.nio.charset.StandardCharsets.UTF_8));
          return Vector.constant(DataTypes.STRING, rows, builder.build());
        });
  }

  private static ScalarFunction hash(String name, Hasher64 hasher) {
    return ScalarFunction.of(
        name,
        name + "(text)",
        "Hash of the bytes as UInt64.",
        args -> {
          Arguments.count(name, args, 1, 1);
          Arguments.requireText(name, args, 0);
          return new Binding(
              DataTypes.UINT64,
              (v, rows, scratch) -> {
                VectorBuilder builder = new VectorBuilder(DataTypes.UINT64, scratch);
                for (int i = 0; i < rows; i++) {
                  builder.appendLong(hasher.hashBytesToLong(v.getFirst().getBytes(i)));
                }
                return builder.build();
              });
        });
  }

  private static ScalarFunction digest(String name, String algorithm, int bytes) {
    return ScalarFunction.of(
        name,
        name + "(text)",
        "Digest of the bytes.",
        args -> {
          Arguments.count(name, args, 1, 1);
          Arguments.requireText(name, args, 0);
          DataType type = new DataType.FixedText(bytes);
          return new Binding(
              type,
              (v, rows, scratch) -> {
                MessageDigest digest = digest(algorithm);
                VectorBuilder builder = new VectorBuilder(type, scratch);
                for (int i = 0; i < rows; i++) {
                  builder.appendBytes(digest.digest(v.getFirst().getBytes(i)));
                }
                return builder.build();
              });
        });
  }

  static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new VarveException(
          ErrorCode.NOT_IMPLEMENTED, "this Java runtime has no " + algorithm, e);
    }
  }
}
