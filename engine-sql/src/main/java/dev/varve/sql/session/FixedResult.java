// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;

/// The outcome of a statement that is over: nothing, a count of written rows, or a few rows.
final class FixedResult implements Result {
  private final List<ResultColumn> columns;
  private final List<List<Object>> rows;
  private final long writtenRows;
  private final Optional<String> format;
  private final Progress progress;
  private final Scratch scratch;

  private FixedResult(
      List<ResultColumn> columns,
      List<List<Object>> rows,
      long writtenRows,
      Optional<String> format,
      Progress progress,
      BufferAllocator allocator) {
    this.columns = columns;
    this.rows = rows;
    this.writtenRows = writtenRows;
    this.format = format;
    this.progress = progress;
    this.scratch = new Scratch(allocator);
  }

  static FixedResult done(long writtenRows, Running running, BufferAllocator allocator) {
    return new FixedResult(
        List.of(), List.of(), writtenRows, Optional.empty(), running.progress(), allocator);
  }

  /// What the primary answered.
  static FixedResult of(
      Primary.Done done, Optional<String> format, Running running, BufferAllocator allocator) {
    running.told(done.progress());
    running.wrote(done.writtenRows());
    List<ResultColumn> columns =
        done.columns().stream().map(name -> new ResultColumn(name, DataTypes.STRING)).toList();
    List<List<Object>> rows = done.rows().stream().<List<Object>>map(ArrayList::new).toList();
    return new FixedResult(
        columns, rows, done.writtenRows(), format, running.progress(), allocator);
  }

  static FixedResult rows(
      List<ResultColumn> columns,
      List<List<Object>> rows,
      Optional<String> format,
      Running running,
      BufferAllocator allocator) {
    return new FixedResult(columns, rows, 0, format, running.progress(), allocator);
  }

  @Override
  public List<ResultColumn> columns() {
    return columns;
  }

  @Override
  public BatchSource batches() {
    if (rows.isEmpty()) {
      return BatchSource.empty();
    }
    List<Vector> vectors = new ArrayList<>();
    for (int c = 0; c < columns.size(); c++) {
      VectorBuilder builder = new VectorBuilder(columns.get(c).type(), scratch);
      for (List<Object> row : rows) {
        VectorValues.append(builder, row.get(c));
      }
      vectors.add(builder.build());
    }
    return BatchSource.of(new Batch(rows.size(), vectors));
  }

  @Override
  public long writtenRows() {
    return writtenRows;
  }

  @Override
  public Optional<String> format() {
    return format;
  }

  @Override
  public Progress progress() {
    return progress;
  }

  @Override
  public void close() {
    scratch.close();
  }
}
