// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.hardwood.reader.ColumnReaders;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.schema.ColumnProjection;
import dev.varve.storage.format.parquet.ParquetBatch;
import dev.varve.storage.format.parquet.ParquetSchema;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Columns of Parquet files that share a schema: `file('x.parquet')`. Pages are decoded ahead by
/// threads of the reader's own; the rows come in the files' order, from one share.
///
/// @param columns some of the files' columns, as [ParquetSchema#of] names and types them
public record ParquetScan(List<Path> files, List<ParquetSchema.Column> columns)
    implements Operator {
  public ParquetScan {
    files = List.copyOf(files);
    columns = List.copyOf(columns);
  }

  @Override
  public List<DataType> types() {
    return columns.stream().map(ParquetSchema.Column::type).toList();
  }

  @Override
  public List<Operator> inputs() {
    return List.of();
  }

  @Override
  public String describe() {
    return "ParquetScan " + files + " " + columns.stream().map(ParquetSchema.Column::name).toList();
  }

  @Override
  public ParallelSource open(QueryContext context) {
    return ParallelSource.single(new Source(context));
  }

  private final class Source implements BatchSource {
    private final QueryContext context;
    private final Scratch scratch;
    private final ParquetFileReader reader;
    private final ColumnReaders readers;
    private final ParquetBatch leaves;
    private long rowsWithoutColumns;
    private boolean closed;

    Source(QueryContext context) {
      this.context = context;
      this.scratch = context.newScratch();
      this.reader = ParquetSchema.open(files);
      context.register(this);
      context.addTotalRows(reader.getFileMetaData().numRows());
      if (columns.isEmpty()) {
        readers = null;
        rowsWithoutColumns = reader.getFileMetaData().numRows();
      } else {
        String[] names = columns.stream().map(ParquetSchema.Column::name).toArray(String[]::new);
        readers =
            reader
                .buildColumnReaders(ColumnProjection.columns(names))
                .batchSize(Batch.MAX_ROWS)
                .build();
      }
      leaves = readers == null ? null : new ParquetBatch(reader.getFileSchema(), columns, readers);
    }

    @Override
    public Batch next() {
      context.check();
      if (readers == null) {
        int rows = (int) Math.min(Batch.MAX_ROWS, rowsWithoutColumns);
        rowsWithoutColumns -= rows;
        return rows == 0 ? null : new Batch(rows, List.of());
      }
      if (!advance()) {
        return null;
      }
      int rows = readers.getRecordCount();
      scratch.reset();
      List<Vector> vectors = leaves.vectors(rows, scratch);
      long bytes = 0;
      for (Vector vector : vectors) {
        bytes += vector.physical().width() == 0 ? rows * 16L : (long) rows * vector.width();
      }
      context.addRead(rows, bytes);
      return new Batch(rows, vectors);
    }

    private boolean advance() {
      try {
        return readers.nextBatch();
      } catch (RuntimeException e) {
        throw ParquetSchema.broken(files.getFirst(), e);
      }
    }

    @Override
    public void close() {
      if (closed) {
        return;
      }
      closed = true;
      scratch.close();
      if (readers != null) {
        readers.close();
      }
      try {
        reader.close();
      } catch (IOException e) {
        throw ParquetSchema.broken(files.getFirst(), e);
      }
    }
  }
}
