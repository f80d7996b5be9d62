// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// A small part that is the same each time: orders sorted by `id`.
final class TestParts {
  static final PartLayout ORDERS =
      new PartLayout(
          List.of(
              ColumnDefinition.of("id", DataTypes.UINT32),
              ColumnDefinition.of("status", DataTypes.STRING),
              ColumnDefinition.of("price", DataTypes.parse("Nullable(Decimal(12, 2))")),
              ColumnDefinition.of(Part.SEQ, DataTypes.INT64)),
          List.of("id"));

  private static final String[] STATUS = {"open", "paid", "cancelled"};

  private TestParts() {}

  static PartDraft draft(long id) {
    return new PartDraft(
        id,
        7,
        3,
        1,
        List.of(4L, 5L),
        "2024-01",
        new SeqRange(10, 20),
        List.of(new LogRange(0, 100, 200)),
        1_700_000_000_000L);
  }

  static Batch orders(int rows, Scratch scratch) {
    List<VectorBuilder> builders = new ArrayList<>();
    ORDERS.columns().forEach(c -> builders.add(new VectorBuilder(c.type(), scratch)));
    for (int row = 0; row < rows; row++) {
      builders.get(0).appendLong(1000 + 3L * row);
      builders.get(1).appendBytes(STATUS[row * row % 3].getBytes(StandardCharsets.UTF_8));
      if (row % 10 == 9) {
        builders.get(2).appendNull();
      } else {
        builders.get(2).appendLong(row * 7919L % 100_000);
      }
      builders.get(3).appendLong(17);
    }
    List<Vector> columns = builders.stream().map(VectorBuilder::build).toList();
    return new Batch(rows, columns);
  }

  static DiskPart write(Path directory, long id, int rows, BufferAllocator allocator) {
    try (Scratch scratch = new Scratch(allocator);
        PartWriter writer =
            PartWriter.create(
                directory, draft(id), ORDERS, new PartOptions(65536, false), allocator)) {
      writer.write(orders(rows, scratch));
      return writer.finish();
    }
  }
}
