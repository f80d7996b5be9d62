// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.codec.CodecChoice;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.Part;
import dev.varve.storage.table.HeldPart;
import java.util.List;

/// The codec of a part's columns that have none of their own in the table: what `TTL … RECOMPRESS`
/// gave it, else empty for the engine's choice. It stands with the columns in the part's metadata,
/// so it outlives a restart, and a merge of parts that share it keeps it.
final class PartCodec {
  private PartCodec() {}

  /// @throws VarveException BAD_ARGUMENTS for what is no codec, or is not for columns of all types
  static void check(String codec) {
    CodecChoice choice = CodecChoice.parse(codec);
    if (codec.isEmpty() || choice.encoding() != CodecChoice.Encoding.AUTOMATIC) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "TTL … RECOMPRESS takes a codec that suits every column, such as ZSTD(9) or LZ4HC, found"
              + " CODEC("
              + codec
              + ")");
    }
  }

  static String of(HeldPart part) {
    return part.stored().columns().stream()
        .filter(column -> column.name().equals(Part.SEQ)) // nobody can give this one a codec
        .map(ColumnDefinition::codec)
        .findFirst()
        .orElse("");
  }

  /// The codec that parts have in common.
  static String shared(List<HeldPart> parts) {
    String codec = of(parts.getFirst());
    return parts.stream().allMatch(part -> of(part).equals(codec)) ? codec : "";
  }

  static List<ColumnDefinition> applied(String codec, List<ColumnDefinition> columns) {
    return columns.stream()
        .map(column -> column.codec().isEmpty() ? column.withCodec(codec) : column)
        .toList();
  }
}
