// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableName;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// Slows inserts down while parts pile up, so that merges keep pace; refuses them at the hard
/// limit. Safe for threads.
final class InsertGate {
  private static final long LONGEST_WAIT_MILLIS = 1_000;

  private final Supplier<TableName> table;
  private final Supplier<TableSettings> settings;
  private final TableParts parts;
  private final AtomicLong delays = new AtomicLong();

  InsertGate(Supplier<TableName> table, Supplier<TableSettings> settings, TableParts parts) {
    this.table = table;
    this.settings = settings;
    this.parts = parts;
  }

  /// Waits until there is room for another part, at most a second: the longer, the more parts.
  ///
  /// @throws VarveException TOO_MANY_PARTS at the hard limit
  void pass() {
    int most = parts.mostParts();
    TableSettings settings = this.settings.get();
    if (most < Math.min(settings.delayAtParts(), settings.refuseAtParts())) {
      return;
    }
    if (most >= settings.refuseAtParts()) {
      throw new VarveException(
          ErrorCode.TOO_MANY_PARTS,
          "table "
              + table.get()
              + " has "
              + most
              + " active parts in one partition, and inserts are refused from "
              + settings.refuseAtParts()
              + " on; insert larger blocks less often, or partition by less");
    }
    delays.incrementAndGet();
    long until = System.nanoTime() + Math.max(10, delayMillis(most, settings)) * 1_000_000;
    long left = until - System.nanoTime();
    while (left > 0 && parts.mostParts() >= settings.delayAtParts()) {
      parts.awaitChange(Math.max(1, left / 1_000_000));
      left = until - System.nanoTime();
    }
  }

  private static long delayMillis(int most, TableSettings settings) {
    long range = Math.max(1, settings.refuseAtParts() - settings.delayAtParts());
    return Math.clamp(
        LONGEST_WAIT_MILLIS * (most - settings.delayAtParts()) / range, 0, LONGEST_WAIT_MILLIS);
  }

  /// How long who sends rows should wait before sending more, in milliseconds: 0 while merges keep
  /// pace.
  int delayMillis() {
    int most = parts.mostParts();
    TableSettings now = settings.get();
    return most < now.delayAtParts() ? 0 : (int) Math.max(10, delayMillis(most, now));
  }

  /// Inserts that had to wait since the start.
  long delays() {
    return delays.get();
  }

  /// Why inserts wait now, or an empty text.
  String cause() {
    int most = parts.mostParts();
    TableSettings settings = this.settings.get();
    if (most >= settings.refuseAtParts()) {
      return most
          + " active parts in one partition, inserts are refused from "
          + settings.refuseAtParts();
    }
    return most < settings.delayAtParts()
        ? ""
        : most + " active parts in one partition, inserts wait from " + settings.delayAtParts();
  }
}
