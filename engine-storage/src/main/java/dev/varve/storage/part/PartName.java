// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// How users name parts and partitions: `20240131_7_9_1` is the part of partition `20240131` with
/// the rows of the inserts 7 to 9, merged once. Files go by the part's id and know nothing of this;
/// who has looked at them may call a part by the name of its directory too.
public final class PartName {
  private PartName() {}

  /// `partition_first_last_level`.
  public static String of(PartInfo part) {
    return of(part.partition(), part.sequences(), part.level());
  }

  /// The name of a part that need not be there yet.
  public static String of(String partition, SeqRange sequences, int level) {
    return partitionId(partition) + "_" + sequences.first() + "_" + sequences.last() + "_" + level;
  }

  /// Whether a name means a part: its own, or that of its directory.
  public static boolean means(PartInfo part, String name) {
    return of(part).equals(name) || part.name().equals(name);
  }

  /// The id of a partition by its value: numbers as they are, days without hyphens, values of a
  /// tuple joined by hyphens, and 32 digits that follow from the text for anything else.
  public static String partitionId(String value) {
    if (!value.startsWith("(") || !value.endsWith(")")) {
      return pieceId(value);
    }
    return pieces(value).stream()
        .map(PartName::pieceId)
        .reduce((a, b) -> a + "-" + b)
        .orElse(value);
  }

  /// Whether a part is of the partition with this id.
  public static boolean isOf(PartInfo part, String id) {
    return partitionId(part.partition()).equals(id);
  }

  private static String pieceId(String value) {
    if (value.equals("all") || value.matches("-?\\d+")) {
      return value;
    }
    if (value.matches("\\d{4}-\\d\\d-\\d\\d")) {
      return value.replace("-", "");
    }
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return UUID.nameUUIDFromBytes(bytes).toString().replace("-", "");
  }

  /// The texts of a tuple's values: cut at commas outside of quotes, and without quotes.
  public static List<String> pieces(String tuple) {
    String list = tuple.substring(1, tuple.length() - 1);
    List<String> pieces = new ArrayList<>();
    StringBuilder piece = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < list.length(); i++) {
      char c = list.charAt(i);
      if (quoted && c == '\\' && i + 1 < list.length()) {
        piece.append(list.charAt(++i));
      } else if (c == '\'') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        pieces.add(piece.toString());
        piece.setLength(0);
      } else {
        piece.append(c);
      }
    }
    pieces.add(piece.toString());
    return pieces;
  }
}
