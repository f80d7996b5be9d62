// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format.parquet;

import dev.varve.storage.format.ByteSink;
import dev.varve.storage.format.RowsWriter;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Rows as a Parquet file. A row group is held packed in memory until it is full.
public final class ParquetWriter implements RowsWriter {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final int GROUP_ROWS = 1 << 20;
  private static final long GROUP_BYTES = 32 << 20;
  private static final int VERSION = 1;

  private record Group(List<ParquetPages.Chunk> chunks, long rows) {}

  private final OutputStream out;
  private final List<ParquetColumn> columns = new ArrayList<>();
  private final List<Group> groups = new ArrayList<>();
  private long position;
  private long groupRows;

  public ParquetWriter(OutputStream out, List<String> names, List<DataType> types) {
    this.out = out;
    for (int i = 0; i < names.size(); i++) {
      columns.add(ParquetColumn.of(names.get(i), types.get(i)));
    }
  }

  @Override
  public String contentType() {
    return "application/vnd.apache.parquet";
  }

  @Override
  public void begin() throws IOException {
    out.write(MAGIC);
    position = MAGIC.length;
  }

  @Override
  public void write(Batch batch) throws IOException {
    long held = 0;
    for (int c = 0; c < columns.size(); c++) {
      columns.get(c).write(batch.column(c));
      for (ParquetPages pages : columns.get(c).leaves()) {
        pages.endBatch();
        held += pages.size();
      }
    }
    groupRows += batch.rows();
    if (groupRows >= GROUP_ROWS || held >= GROUP_BYTES) {
      endGroup();
    }
  }

  private void endGroup() throws IOException {
    if (groupRows == 0) {
      return;
    }
    List<ParquetPages.Chunk> chunks = new ArrayList<>();
    for (ParquetColumn column : columns) {
      for (ParquetPages pages : column.leaves()) {
        ParquetPages.Chunk chunk = pages.drainTo(out, position);
        position += chunk.packedBytes();
        chunks.add(chunk);
      }
    }
    groups.add(new Group(chunks, groupRows));
    groupRows = 0;
  }

  @Override
  public void end(Statistics statistics) throws IOException {
    endGroup();
    ByteSink footer = new ByteSink();
    new ThriftWriter(footer).struct(this::describe);
    int length = footer.size();
    footer.putLittleEndian(length, 4).put(MAGIC);
    footer.drainTo(out);
    out.flush();
  }

  private void describe(ThriftWriter file) {
    List<ParquetColumn.Element> schema = new ArrayList<>();
    schema.add(new ParquetColumn.Element("schema", -1, columns.size(), -1, 0, null));
    columns.forEach(column -> column.describe(schema));
    file.i32(1, VERSION)
        .structs(2, schema, ParquetWriter::describe)
        .i64(3, groups.stream().mapToLong(Group::rows).sum())
        .structs(4, groups, ParquetWriter::describe)
        .text(6, "varve");
  }

  private static void describe(ThriftWriter element, ParquetColumn.Element node) {
    ParquetType leaf = node.leaf();
    if (leaf != null) {
      element.i32(1, leaf.physical());
      if (leaf.width() > 0) {
        element.i32(2, leaf.width());
      }
    }
    if (node.repetition() >= 0) {
      element.i32(3, node.repetition());
    }
    element.text(4, node.name());
    if (leaf == null) {
      element.i32(5, node.children());
    }
    int converted = leaf == null ? node.converted() : leaf.converted();
    if (converted >= 0) {
      element.i32(6, converted);
    }
    if (leaf != null && leaf.precision() > 0) {
      element.i32(7, leaf.scale()).i32(8, leaf.precision());
    }
    if (leaf != null && leaf.logical() != null) {
      element.struct(10, leaf.logical());
    } else if (node.logical() > 0) {
      element.struct(10, logical -> logical.struct(node.logical(), _ -> {}));
    }
  }

  private static void describe(ThriftWriter element, Group group) {
    element
        .structs(1, group.chunks(), (writer, chunk) -> chunk.describe(writer))
        .i64(2, group.chunks().stream().mapToLong(ParquetPages.Chunk::plainBytes).sum())
        .i64(3, group.rows());
  }
}
