// SPDX-License-Identifier: Apache-2.0
package dev.varve.flight;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.format.RowBuilders;
import dev.varve.storage.format.RowsFormats;
import dev.varve.storage.format.RowsReader;
import dev.varve.storage.format.SchemaInference;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.VectorValues;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.memory.BufferAllocator;

/// Values of parameters, as the objects that statements take. They come as Arrow, and are read as
/// rows of Arrow are read anywhere.
final class BoundRows {
  private static final String FORMAT = "ArrowStream";

  private BoundRows() {}

  static List<List<Object>> of(FlightStream flight, BufferAllocator memory) throws IOException {
    byte[] bytes;
    try (IngestedRows stream = new IngestedRows(flight)) {
      bytes = stream.readAllBytes();
    }
    List<ColumnDefinition> columns = columns(bytes);
    List<List<Object>> rows = new ArrayList<>();
    try (Scratch scratch = new Scratch(memory);
        RowsReader reader = RowsFormats.reader(FORMAT, new ByteArrayInputStream(bytes), columns)) {
      while (true) {
        scratch.reset();
        RowBuilders builders = new RowBuilders(columns, scratch);
        if (reader.read(builders, Batch.MAX_ROWS) == 0) {
          return rows;
        }
        add(builders.build(), rows);
      }
    }
  }

  static List<ColumnDefinition> columns(byte[] stream) throws IOException {
    SchemaInference.Schema schema = SchemaInference.of(FORMAT, new ByteArrayInputStream(stream));
    List<ColumnDefinition> columns = new ArrayList<>();
    for (int i = 0; i < schema.names().size(); i++) {
      columns.add(ColumnDefinition.of(schema.names().get(i), schema.types().get(i)));
    }
    return columns;
  }

  private static void add(Batch batch, List<List<Object>> rows) {
    for (int row = 0; row < batch.rows(); row++) {
      List<Object> values = new ArrayList<>();
      for (int column = 0; column < batch.columns().size(); column++) {
        values.add(VectorValues.get(batch.column(column), row));
      }
      rows.add(values);
    }
  }
}
