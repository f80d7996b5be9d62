// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.order.KeyBudget;
import dev.varve.storage.journal.Journal;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.table.ExpressionCompiler;
import dev.varve.storage.table.PartCatalog;
import dev.varve.storage.table.PartFiles;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;

/// What the tables of one engine share.
///
/// @param workers sorts and writes blocks of inserts beside the thread that brings them
/// @param timer starts flushes that are due
/// @param feeds which tables feed which others
/// @param compiler evaluates expressions of definitions; gives null before one is plugged
/// @param ttl applies TTL; gives null before one is plugged
/// @param keyBudget bounds the decoded keys that all tables keep for upserts to come
/// @param openViews views of all tables that queries read now
/// @param journal makes small INSERTs durable
record EngineContext(
    PartCatalog catalog,
    PartFiles files,
    MergeSettings settings,
    BufferAllocator allocator,
    ExecutorService workers,
    ScheduledExecutorService timer,
    Supplier<ExpressionCompiler> compiler,
    InstantSource clock,
    TableFeeds feeds,
    AtomicInteger openViews,
    Supplier<TtlApplier> ttl,
    KeyBudget keyBudget,
    Journal journal) {

  /// A part just written, with its skip indexes. If they cannot be made, the part goes.
  DiskPart indexed(TableShape shape, DiskPart part) {
    try {
      shape.skipIndexes().build(part, allocator);
      return part;
    } catch (RuntimeException | Error failed) {
      part.close();
      files.delete(part.info());
      throw failed;
    }
  }
}
