// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.format.TextValues;
import dev.varve.storage.part.PartName;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorValues;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.List;

/// The values of a partition key, told from the text by which a part names its partition.
final class PartitionTuple {
  private PartitionTuple() {}

  /// One row.
  static Vector of(String partition, DataType.Tuple type, Scratch scratch) {
    List<DataType> fields = type.fields();
    List<String> texts = fields.size() == 1 ? List.of(partition) : PartName.pieces(partition);
    VectorBuilder builder = new VectorBuilder(type, scratch);
    for (int i = 0; i < fields.size(); i++) {
      append(builder.child(i), fields.get(i), texts.get(i));
    }
    builder.endStruct();
    return builder.build();
  }

  private static void append(VectorBuilder to, DataType type, String text) {
    if (type.isNullable() && text.equals("NULL")) {
      to.appendNull();
      return;
    }
    switch (type.unwrapped()) {
      case DataType.DateTime _, DataType.DateTime64 _ ->
          VectorValues.append(to, LocalDateTime.parse(text));
      case DataType.FixedText _ -> to.appendBytes(HexFormat.of().parseHex(text));
      case DataType.Text _ -> to.appendBytes(text.getBytes(StandardCharsets.UTF_8));
      default -> TextValues.append("a partition", to, text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
