// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TtlRule;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// When TTL is applied in the background. The clock is turned by hand.
final class TableTtlTest {
  @TempDir Path data;

  private final BufferAllocator allocator = new RootAllocator();
  private MergeEngine engine;
  private long millis = 1_000_000;
  private int applied;
  private boolean busy;

  @BeforeEach
  void open() {
    engine = MergeEngine.open(data, MergeSettings.defaults().withMergeThreads(0), allocator);
  }

  @AfterEach
  void close() {
    engine.close();
    allocator.close();
  }

  private TableTtl ttl(TableDefinition definition) {
    return new TableTtl(
        engine.create(definition),
        () -> _ -> applied++,
        () -> Instant.ofEpochMilli(millis),
        () -> busy);
  }

  private static TableDefinition expiring(String pauseSeconds) {
    return TableRows.table("t", "k Int64, d Date", "MergeTree", "k", "")
        .change()
        .ttls(List.of(TtlRule.delete("d", "")))
        .settings(Map.of("merge_with_ttl_timeout", pauseSeconds))
        .done();
  }

  @Test
  void itIsAppliedOnceInEachPause() {
    TableTtl ttl = ttl(expiring("60"));
    assertThat(ttl.nextMerge()).isEmpty();
    millis += 60_000;
    ttl.nextMerge().orElseThrow().run();
    assertThat(applied).isEqualTo(1);
    assertThat(ttl.nextMerge()).isEmpty();
    millis += 59_999;
    assertThat(ttl.nextMerge()).isEmpty();
    millis += 1;
    assertThat(ttl.nextMerge()).isPresent();
  }

  @Test
  void aPauseOfZeroIsNoLoop() {
    TableTtl ttl = ttl(expiring("0"));
    millis += 1_000;
    ttl.nextMerge().orElseThrow().run();
    assertThat(ttl.nextMerge()).isEmpty();
  }

  @Test
  void aTableThatWasThereBeforeIsDueAtOnce() {
    TableTtl ttl = ttl(expiring("60"));
    ttl.overdue();
    assertThat(ttl.nextMerge()).isPresent();
  }

  @Test
  void whoMergesTheTableIsNotDisturbed() {
    TableTtl ttl = ttl(expiring("60"));
    ttl.overdue();
    busy = true;
    assertThat(ttl.nextMerge()).isEmpty();
  }

  @Test
  void aTableWithoutRulesIsLeftAlone() {
    TableTtl ttl = ttl(TableRows.table("t", "k Int64", "MergeTree", "k", ""));
    ttl.overdue();
    assertThat(ttl.nextMerge()).isEmpty();
  }
}
