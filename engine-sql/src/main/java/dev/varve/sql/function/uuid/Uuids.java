// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.uuid;

import dev.varve.sql.expression.BoundFunction.Stability;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/// UUIDs as texts and bytes, and those of version 7, which begin with the time.
///
/// Variant 1 is the bytes as they are read, variant 2 those of Microsoft: the first three numbers
/// little-endian.
public final class Uuids {
  private static final DataType BYTES = new DataType.FixedText(16);

  private Uuids() {}

  public static List<ScalarFunction> functions() {
    return List.of(
        ScalarFunction.of(
            "UUIDStringToNum",
            "UUIDStringToNum(text[, variant])",
            "The 16 bytes of a UUID written as text.",
            args -> {
              boolean mixed = isMixed("UUIDStringToNum", args);
              Arguments.requireText("UUIDStringToNum", args, 0);
              return RowBinding.of(
                  BYTES,
                  (v, row, to) -> {
                    byte[] bytes = parsed(RowBinding.text(v.getFirst(), row));
                    to.appendBytes(mixed ? swapped(bytes) : bytes);
                  });
            }),
        ScalarFunction.of(
            "UUIDNumToString",
            "UUIDNumToString(bytes[, variant])",
            "The text of a UUID of 16 bytes.",
            args -> {
              boolean mixed = isMixed("UUIDNumToString", args);
              if (!args.getFirst().plain().equals(BYTES)) {
                throw Arguments.illegal(
                    "UUIDNumToString", 0, args.getFirst().type(), "FixedString(16)");
              }
              return RowBinding.of(
                  DataTypes.STRING,
                  (v, row, to) -> {
                    byte[] bytes = v.getFirst().getBytes(row);
                    RowBinding.append(text(mixed ? swapped(bytes) : bytes), to);
                  });
            }),
        ScalarFunction.of(
            "UUIDToNum",
            "UUIDToNum(uuid[, variant])",
            "The 16 bytes of a UUID.",
            args -> {
              boolean mixed = isMixed("UUIDToNum", args);
              requireUuid("UUIDToNum", args);
              return RowBinding.of(
                  BYTES,
                  (v, row, to) -> {
                    byte[] bytes = v.getFirst().getBytes(row);
                    to.appendBytes(mixed ? swapped(bytes) : bytes);
                  });
            }),
        ScalarFunction.of(
            "UUIDv7ToDateTime",
            "UUIDv7ToDateTime(uuid[, zone])",
            "The time that a UUID of version 7 begins with; 1970 for another.",
            Uuids::time),
        ScalarFunction.of(
                "dateTimeToUUIDv7",
                "dateTimeToUUIDv7(time)",
                "A UUID of version 7 that begins with the time.",
                args -> {
                  Arguments.count("dateTimeToUUIDv7", args, 1, 2);
                  if (!(args.getFirst().plain() instanceof DataType.DateTime)) {
                    throw Arguments.illegal(
                        "dateTimeToUUIDv7", 0, args.getFirst().type(), "DateTime");
                  }
                  return RowBinding.of(
                      DataTypes.UUID,
                      (v, row, to) -> to.appendBytes(version7(v.getFirst().getLong(row) * 1000)));
                })
            .that(Stability.VOLATILE));
  }

  private static void requireUuid(String name, List<Argument> args) {
    if (!(args.getFirst().plain() instanceof DataType.Uuid)) {
      throw Arguments.illegal(name, 0, args.getFirst().type(), "UUID");
    }
  }

  private static boolean isMixed(String name, List<Argument> args) {
    Arguments.count(name, args, 1, 2);
    int variant = args.size() > 1 ? Arguments.constantInt(name, args, 1) : 1;
    if (variant != 1 && variant != 2) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, name + " knows variants 1 and 2, found " + variant);
    }
    return variant == 2;
  }

  private static byte[] parsed(String text) {
    if (!text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
      throw new VarveException(ErrorCode.CANNOT_PARSE_INPUT, "\"" + text + "\" is no UUID");
    }
    UUID uuid = UUID.fromString(text);
    return ByteBuffer.allocate(16)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }

  private static String text(byte[] bytes) {
    ByteBuffer words = ByteBuffer.wrap(bytes);
    return new UUID(words.getLong(), words.getLong()).toString();
  }

  private static byte[] swapped(byte[] bytes) {
    byte[] mixed = bytes.clone();
    int[] places = {3, 2, 1, 0, 5, 4, 7, 6};
    for (int i = 0; i < places.length; i++) {
      mixed[i] = bytes[places[i]];
    }
    return mixed;
  }

  private static Binding time(List<Argument> args) {
    Arguments.count("UUIDv7ToDateTime", args, 1, 2);
    requireUuid("UUIDv7ToDateTime", args);
    String zone = Arguments.constantZone("UUIDv7ToDateTime", args, 1);
    return RowBinding.of(
        DataTypes.parse(new DataType.DateTime64(3, zone).name()),
        (v, row, to) -> {
          long high = ByteBuffer.wrap(v.getFirst().getBytes(row)).getLong();
          to.appendLong((high >>> 12 & 0xF) == 7 ? high >>> 16 : 0);
        });
  }

  private static byte[] version7(long milliseconds) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return ByteBuffer.allocate(16)
        .putLong(milliseconds << 16 | 0x7000 | random.nextInt(1 << 12))
        .putLong(1L << 63 | random.nextLong() >>> 2)
        .array();
  }
}
