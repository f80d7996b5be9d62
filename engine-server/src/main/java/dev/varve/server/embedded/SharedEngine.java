// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.embedded;

import dev.varve.merge.engine.MergeEngine;
import dev.varve.merge.engine.MergeSettings;
import dev.varve.server.frames.FrameEncoder;
import dev.varve.sql.session.SqlEngine;
import dev.varve.storage.column.BlockCache;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// One engine and how many connections use it. It closes with the last of them. Counting and
/// closing happen under the lock of all engines, so that nobody gets one that is about to close.
final class SharedEngine {
  private static final long LEAST_MEMORY = 512L << 20;

  private final BufferAllocator allocator;
  private final MergeEngine tables;
  private final SqlEngine sql;
  private final FrameEncoder encoder;
  private final Runnable afterClose;
  private final Object lock;
  private int users;
  private boolean closed;

  private SharedEngine(
      BufferAllocator allocator,
      MergeEngine tables,
      SqlEngine sql,
      Runnable afterClose,
      Object lock) {
    this.allocator = allocator;
    this.tables = tables;
    this.sql = sql;
    this.encoder = new FrameEncoder(allocator);
    this.afterClose = afterClose;
    this.lock = lock;
  }

  /// @param afterClose what is left to do when everything is closed
  /// @param lock of all engines
  static SharedEngine open(Path directory, Runnable afterClose, Object lock) {
    long memory = Math.max(LEAST_MEMORY, Runtime.getRuntime().maxMemory());
    BlockCache blocks = new BlockCache(memory / 2);
    BufferAllocator allocator = blocks.allocatorBeside(memory);
    try {
      MergeEngine tables = MergeEngine.open(directory, MergeSettings.defaults(), allocator, blocks);
      try {
        int threads = Runtime.getRuntime().availableProcessors();
        SqlEngine sql = new SqlEngine(tables, allocator, threads, List.of());
        return new SharedEngine(allocator, tables, sql, afterClose, lock);
      } catch (RuntimeException | Error e) {
        tables.close();
        throw e;
      }
    } catch (RuntimeException | Error e) {
      allocator.close();
      throw e;
    }
  }

  SqlEngine sql() {
    return sql;
  }

  FrameEncoder encoder() {
    return encoder;
  }

  void addUser() {
    synchronized (lock) {
      users++;
    }
  }

  /// Closes the engine when nobody is left.
  void release() {
    synchronized (lock) {
      if (--users == 0) {
        close();
      }
    }
  }

  void close() {
    synchronized (lock) {
      if (!closed) {
        closed = true;
        closeAll();
      }
    }
  }

  private void closeAll() {
    try {
      sql.close();
    } finally {
      try {
        tables.close();
      } finally {
        try {
          allocator.close();
        } finally {
          afterClose.run();
        }
      }
    }
  }
}
