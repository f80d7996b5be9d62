// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.rewrite.PartMerger;
import dev.varve.merge.schedule.MergeSource;
import dev.varve.merge.schedule.MergeTask;
import dev.varve.merge.select.Candidate;
import dev.varve.merge.select.MergeSelector;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.table.HeldPart;
import dev.varve.storage.table.TableSnapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The merges of one table: chooses parts, rewrites them, commits the exchange. Safe for threads.
final class TableMerges implements MergeSource {
  private final MergeTable table;
  private final EngineContext context;
  private final TableParts parts;
  private final Set<RunningMerge> running = ConcurrentHashMap.newKeySet();
  private final AtomicInteger optimizing = new AtomicInteger();

  TableMerges(MergeTable table, EngineContext context, TableParts parts) {
    this.table = table;
    this.context = context;
    this.parts = parts;
  }

  List<MergeProgress> running() {
    return running.stream().map(RunningMerge::progress).toList();
  }

  void cancelAll() {
    running.forEach(RunningMerge::cancel);
  }

  @Override
  public Optional<MergeTask> nextMerge() {
    if (table.isEnded() || optimizing.get() > 0) {
      return Optional.empty(); // whoever optimizes takes the parts, and pokes afterwards
    }
    return reserve(part -> true).map(inputs -> () -> mergeReserved(inputs, true));
  }

  /// What the selector chooses among free parts, reserved.
  private Optional<List<HeldPart>> reserve(Predicate<HeldPart> wanted) {
    List<HeldPart> free = parts.free(part -> !TableParts.isRun(part) && wanted.test(part));
    MergeSelector selector =
        new MergeSelector(context.settings().maxPartBytes(), context.settings().maxMergeFanIn());
    Map<Long, Long> dead = table.deadRows();
    long now = context.clock().millis();
    List<Candidate> candidates = new ArrayList<>();
    for (HeldPart part : free) {
      PartInfo info = part.part().info();
      candidates.add(
          new Candidate(
              info.id(),
              info.partition(),
              info.bytes(),
              info.rows(),
              info.level(),
              dead.getOrDefault(info.id(), 0L),
              Math.max(0, now - info.createdMillis())));
    }
    Set<Long> chosen =
        selector.select(candidates).stream().map(Candidate::id).collect(Collectors.toSet());
    List<HeldPart> inputs = free.stream().filter(p -> chosen.contains(p.id())).toList();
    return !inputs.isEmpty() && parts.reserve(inputs) ? Optional.of(inputs) : Optional.empty();
  }

  private void mergeReserved(List<HeldPart> inputs, boolean inBackground) {
    boolean complete = table.isComplete();
    TableSnapshot snapshot = parts.lease();
    RunningMerge merge = null;
    try {
      PartRewrite rewrite = PartRewrite.of(context, table.shape(), inputs, snapshot, complete);
      merge =
          new RunningMerge(
              table.definition().name(),
              inputs,
              rewrite.id(),
              context.clock().millis(),
              inBackground);
      running.add(merge);
      exchange(inputs, rewrite.toDisk(workers(inBackground), merge));
    } catch (VarveException stopped) {
      if (stopped.code() != ErrorCode.QUERY_WAS_CANCELLED
          || merge == null
          || !merge.isCancelled()) {
        throw stopped;
      }
    } finally {
      if (merge != null) {
        running.remove(merge);
      }
      parts.release(inputs);
      snapshot.release();
    }
  }

  /// A merge that somebody waits for takes all cores; others take one.
  private PartMerger.Workers workers(boolean inBackground) {
    return inBackground
        ? PartMerger.Workers.NONE
        : new PartMerger.Workers(
            context.workers(), Runtime.getRuntime().availableProcessors());
  }

  private void exchange(List<HeldPart> inputs, PartRewrite.Rewritten<DiskPart> rewritten) {
    DiskPart merged = rewritten.part();
    PartExchange exchange = new PartExchange(context, table.id());
    inputs.forEach(exchange::remove);
    if (merged != null) {
      exchange.add(merged, rewritten.merged().deleted());
    }
    List<HeldPart> made = exchange.commit();
    table.inherit(merged, rewritten.merged().trace());
    parts.swap(inputs, made);
  }

  /// Merges until the selector finds nothing, or with `full` until each partition has one part.
  void optimize(Optional<String> partition, boolean full) {
    Predicate<HeldPart> wanted =
        part ->
            !TableParts.isRun(part)
                && partition.map(part.part().info().partition()::equals).orElse(true);
    if (!full) {
      Optional<List<HeldPart>> inputs = reserve(wanted);
      while (inputs.isPresent()) {
        mergeReserved(inputs.get(), false);
        inputs = reserve(wanted);
      }
      return;
    }
    Set<String> partitions = new HashSet<>();
    for (HeldPart part : parts.peek()) {
      if (wanted.test(part)) {
        partitions.add(part.part().info().partition());
      }
    }
    optimizing.incrementAndGet();
    try {
      partitions.stream().sorted().forEach(this::mergeToOne);
    } finally {
      optimizing.decrementAndGet();
      table.pokeMerges();
    }
  }

  /// Stops background merges of a partition that is about to be merged whole: what they write would
  /// be read and written once more.
  private void cancelInBackground(String partition) {
    for (RunningMerge merge : running) {
      if (merge.isInBackground() && merge.progress().partition().equals(partition)) {
        merge.cancel();
      }
    }
  }

  private void mergeToOne(String partition) {
    Predicate<HeldPart> wanted =
        part ->
            !TableParts.isRun(part)
                && !table.isQuarantined(part)
                && part.part().info().partition().equals(partition);
    while (true) {
      List<HeldPart> all = parts.peek().stream().filter(wanted).toList();
      boolean clean = all.stream().allMatch(p -> table.deadRowsOf(p) == 0);
      if (all.isEmpty() || (all.size() == 1 && clean)) {
        return;
      }
      if (parts.reserve(all)) {
        mergeReserved(all, false);
        if (all.size() == 1) {
          return; // its dead rows may have to stay: other partitions can hold their keys
        }
      } else {
        cancelInBackground(partition);
        parts.awaitChange(100);
      }
    }
  }
}
