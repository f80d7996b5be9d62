// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format.parquet;

import dev.hardwood.reader.ColumnReaders;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.schema.ColumnProjection;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.RowBuilders;
import dev.varve.storage.format.RowsReader;
import dev.varve.storage.format.TypedValues;
import dev.varve.storage.format.TypedVectors;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// Rows of a Parquet file that comes as a stream. Its description stands at its end, so that the
/// stream goes into a temporary file first, which is gone once the reader is closed.
///
/// Columns are taken by name; a type that is not the column's is converted where no value is lost.
public final class ParquetReader implements RowsReader {
  private final InputStream in;
  private final List<String> names;
  private final boolean skipUnknown;
  private final TypedVectors typed = new TypedVectors();
  private final BufferAllocator memory = new RootAllocator();
  private final Scratch scratch = new Scratch(memory);
  private final List<ParquetSchema.Column> columns = new ArrayList<>();
  private final List<Vector> batch = new ArrayList<>();
  private Path file;
  private ParquetFileReader reader;
  private ColumnReaders readers;
  private ParquetBatch leaves;
  private int batchRows;
  private int row;
  private long before;

  public ParquetReader(InputStream in, List<ColumnDefinition> columns, boolean skipUnknown) {
    this.in = in;
    this.names = columns.stream().map(ColumnDefinition::name).toList();
    this.skipUnknown = skipUnknown;
  }

  @Override
  public int read(RowBuilders rows, int maxRows) throws IOException {
    if (reader == null) {
      open();
    }
    if (readers == null) {
      return 0;
    }
    if (row == batchRows && !advance()) {
      return 0;
    }
    int end = (int) Math.min(batchRows, (long) row + maxRows);
    int count = end - row;
    for (; row < end; row++) {
      row(rows);
    }
    return count;
  }

  private void open() throws IOException {
    file = Files.createTempFile("varve-", ".parquet");
    Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
    try {
      for (ParquetSchema.Column column : ParquetSchema.of(file)) {
        if (names.contains(column.name())) {
          columns.add(column);
        } else if (!skipUnknown) {
          throw new VarveException(
              ErrorCode.UNKNOWN_IDENTIFIER,
              "the file has \""
                  + column.name()
                  + "\", which is no column to insert into"
                  + NearNames.suggest(column.name(), names));
        }
      }
      reader = ParquetSchema.open(List.of(file));
    } catch (VarveException e) {
      // The name of the file that the stream went into tells its sender nothing.
      throw new VarveException(e.code(), e.getMessage().replace(file.toString(), "the input"), e);
    }
    if (!columns.isEmpty()) {
      String[] wanted = columns.stream().map(ParquetSchema.Column::name).toArray(String[]::new);
      readers =
          reader
              .buildColumnReaders(ColumnProjection.columns(wanted))
              .batchSize(Batch.MAX_ROWS)
              .build();
      leaves = new ParquetBatch(reader.getFileSchema(), columns, readers);
    }
  }

  private boolean advance() {
    before += batchRows;
    batchRows = 0;
    row = 0;
    try {
      if (!readers.nextBatch()) {
        return false;
      }
      batchRows = readers.getRecordCount();
      scratch.reset();
      batch.clear();
      batch.addAll(leaves.vectors(batchRows, scratch));
      return batchRows > 0;
    } catch (VarveException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new VarveException(
          ErrorCode.INCORRECT_DATA, "the input is not readable Parquet: " + e.getMessage(), e);
    }
  }

  private void row(RowBuilders rows) {
    for (int c = 0; c < columns.size(); c++) {
      int place = names.indexOf(columns.get(c).name());
      try {
        typed.append(batch.get(c), row, rows.builder(place));
      } catch (VarveException e) {
        rows.truncate(rows.rows());
        throw TypedValues.inField(before + row + 1, names.get(place), e);
      }
    }
    rows.endRow();
  }

  @Override
  public void close() throws IOException {
    scratch.close();
    memory.close();
    if (readers != null) {
      readers.close();
    }
    if (reader != null) {
      reader.close();
    }
    if (file != null) {
      Files.deleteIfExists(file);
    }
  }
}
