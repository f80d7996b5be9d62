// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.RowBuilders;
import dev.varve.storage.format.RowsFormats;
import dev.varve.storage.format.RowsReader;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Rows that stand in a text of the query, in a format of input.
public record TextRows(String format, List<ColumnDefinition> columns, String text)
    implements Operator {
  @Override
  public List<DataType> types() {
    return columns.stream().map(ColumnDefinition::type).toList();
  }

  @Override
  public List<Operator> inputs() {
    return List.of();
  }

  @Override
  public String describe() {
    return "TextRows " + format;
  }

  @Override
  public ParallelSource open(QueryContext context) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    RowsReader reader = RowsFormats.reader(format, new ByteArrayInputStream(bytes), columns);
    return ParallelSource.single(new Source(reader, context));
  }

  private final class Source implements BatchSource {
    private final RowsReader reader;
    private final QueryContext context;
    private final Scratch scratch;

    Source(RowsReader reader, QueryContext context) {
      this.reader = reader;
      this.context = context;
      this.scratch = context.newScratch();
    }

    @Override
    public Batch next() {
      context.check();
      scratch.reset();
      RowBuilders rows = new RowBuilders(columns, scratch);
      try {
        return reader.read(rows, Batch.MAX_ROWS) == 0 ? null : rows.build();
      } catch (IOException e) {
        throw new VarveException(
            ErrorCode.IO_ERROR, "rows of a text cannot be read: " + e.getMessage(), e);
      }
    }

    @Override
    public void close() {
      scratch.close();
    }
  }
}
