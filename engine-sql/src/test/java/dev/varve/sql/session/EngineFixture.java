// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.engine.MergeEngine;
import dev.varve.merge.engine.MergeSettings;
import dev.varve.storage.column.BlockCache;
import dev.varve.storage.format.RowsFormats;
import dev.varve.storage.format.RowsWriter;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// An engine over an empty directory.
final class EngineFixture implements AutoCloseable {
  static final int THREADS = 2;

  final BlockCache blocks = new BlockCache(32 << 20);
  final BufferAllocator allocator = blocks.allocatorBeside(1L << 30);
  final MergeEngine tables;
  final SqlEngine sql;

  EngineFixture(Path directory) {
    this.tables = MergeEngine.open(directory, MergeSettings.defaults(), allocator, blocks);
    this.sql = new SqlEngine(tables, allocator, THREADS, List.of());
  }

  Session session() {
    return sql.open("tester", "");
  }

  /// Rows as lines of tab-separated text; nothing for a statement without rows.
  static List<String> lines(Session session, String statement) {
    return lines(session.execute(Request.of(statement)));
  }

  static List<String> lines(Result given) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (Result result = given) {
      if (result.columns().isEmpty()) {
        return List.of();
      }
      RowsWriter writer =
          RowsFormats.writer(
              "TabSeparated",
              text,
              result.columns().stream().map(ResultColumn::name).toList(),
              result.columns().stream().map(ResultColumn::type).toList());
      writer.begin();
      try (BatchSource batches = result.batches()) {
        for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
          writer.write(batch);
        }
      }
      writer.end(new RowsWriter.Statistics(0, 0, 0));
    } catch (IOException e) {
      throw new IllegalStateException("writing into memory failed", e);
    }
    return text.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Override
  public void close() {
    sql.close();
    tables.close();
    allocator.close();
  }
}
