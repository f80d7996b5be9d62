// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.skip;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.RowBuilders;
import dev.varve.storage.format.RowsFormats;
import dev.varve.storage.format.RowsWriter;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Rows of values that an index keeps as they are, in the format RowBinary. One thread.
public final class KeptValues {
  private final List<DataType> types;
  private final List<VectorBuilder> builders = new ArrayList<>();

  /// @param memory holds the rows until they are written
  KeptValues(List<DataType> types, Scratch memory) {
    this.types = types.stream().map(SkipIndexType::storedType).toList();
    this.types.forEach(type -> builders.add(new VectorBuilder(type, memory)));
  }

  void append(List<Vector> values, int row) {
    for (int c = 0; c < builders.size(); c++) {
      builders.get(c).append(values.get(c), row);
    }
  }

  void truncate(int rows) {
    builders.forEach(builder -> builder.truncate(rows));
  }

  int rows() {
    return builders.getFirst().rows();
  }

  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    List<String> names = types.stream().map(DataType::name).toList();
    RowsWriter writer = RowsFormats.writer("RowBinary", bytes, names, types);
    Batch rows = new Batch(rows(), builders.stream().map(VectorBuilder::build).toList());
    try {
      writer.begin();
      writer.write(rows);
      writer.end(new RowsWriter.Statistics(0, 0, 0));
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot fail to be written", e);
    }
    return bytes.toByteArray();
  }

  /// Rows that an index kept.
  ///
  /// @param types of the index's expressions
  /// @throws VarveException CORRUPTED_DATA
  public static Batch read(byte[] bytes, int count, List<DataType> types, Scratch scratch) {
    List<ColumnDefinition> columns = new ArrayList<>();
    for (int c = 0; c < types.size(); c++) {
      columns.add(ColumnDefinition.of("c" + c, SkipIndexType.storedType(types.get(c))));
    }
    RowBuilders rows = new RowBuilders(columns, scratch);
    try {
      RowsFormats.reader("RowBinary", new ByteArrayInputStream(bytes), columns).read(rows, count);
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot fail to be read", e);
    }
    if (rows.rows() != count) {
      throw new VarveException(
          ErrorCode.CORRUPTED_DATA,
          "a skip index should hold " + count + " values and holds " + rows.rows());
    }
    return rows.build();
  }
}
