// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.schedule.MergeSource;
import dev.varve.merge.schedule.MergeTask;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.table.TableDefinition;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Applies the TTL of one table in the background, some time after it was applied last. Safe for
/// threads.
///
/// It is not a merge that hides rows: what a TTL takes away is what a DELETE at that moment would,
/// so that no answer depends on which parts were merged.
final class TableTtl implements MergeSource {
  /// So that a pause of zero is no loop.
  private static final long LEAST_PAUSE_MILLIS = 1_000;

  private final MergeTable table;
  private final Supplier<TtlApplier> applier;
  private final InstantSource clock;
  private final BooleanSupplier isBusy;
  private volatile long lastMillis;

  /// @param applier gives null before one is plugged
  /// @param isBusy whether somebody merges the table who must not be disturbed
  TableTtl(
      MergeTable table, Supplier<TtlApplier> applier, InstantSource clock, BooleanSupplier isBusy) {
    this.table = table;
    this.applier = applier;
    this.clock = clock;
    this.isBusy = isBusy;
    this.lastMillis = clock.millis();
  }

  /// The table was there before the engine was opened: nobody knows when its TTL was applied last.
  void overdue() {
    lastMillis = 0;
  }

  boolean isDue() {
    if (table.isEnded() || applier.get() == null || !hasRules(table.definition())) {
      return false;
    }
    long pauseMillis = Math.max(LEAST_PAUSE_MILLIS, table.settings().ttlPauseSeconds() * 1000);
    return clock.millis() - lastMillis >= pauseMillis && !isBusy.getAsBoolean();
  }

  private static boolean hasRules(TableDefinition definition) {
    return !definition.isView()
        && (!definition.ttls().isEmpty()
            || definition.columns().stream()
                .map(ColumnDefinition::ttl)
                .anyMatch(t -> !t.isEmpty()));
  }

  @Override
  public Optional<MergeTask> nextMerge() {
    return isDue() ? Optional.of(this::apply) : Optional.empty();
  }

  private void apply() {
    applier.get().apply(table);
    lastMillis = clock.millis();
  }
}
