// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.rewrite.PartMerger;
import dev.varve.merge.schedule.MergeSource;
import dev.varve.merge.schedule.MergeTask;
import dev.varve.merge.select.Candidate;
import dev.varve.merge.select.KeyOverlap;
import dev.varve.merge.select.MergeSelector;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.part.PartName;
import dev.varve.storage.part.PartOptions;
import dev.varve.storage.table.HeldPart;
import dev.varve.storage.table.TableSnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;

/// The merges of one table: chooses parts, rewrites them, commits the exchange. Safe for threads.
final class TableMerges implements MergeSource {
  private static final OptimizeRequest NOTHING_ASKED = OptimizeRequest.of(Optional.empty(), false);

  private final MergeTable table;
  private final EngineContext context;
  private final TableParts parts;
  private final Set<RunningMerge> running = ConcurrentHashMap.newKeySet();
  private final AtomicInteger optimizing = new AtomicInteger();
  private final AtomicInteger holds = new AtomicInteger();

  /// Parts that merges since the start compressed harder.
  private final Set<Long> compressed = ConcurrentHashMap.newKeySet();

  TableMerges(MergeTable table, EngineContext context, TableParts parts) {
    this.table = table;
    this.context = context;
    this.parts = parts;
  }

  List<MergeProgress> running() {
    return running.stream().map(RunningMerge::progress).toList();
  }

  /// Whether somebody merges the table and waits for it.
  boolean isOptimizing() {
    return optimizing.get() > 0;
  }

  void cancelAll() {
    running.forEach(RunningMerge::cancel);
  }

  /// While it is open no background merge of the table begins.
  interface Hold extends AutoCloseable {
    @Override
    void close();
  }

  /// Who waits until all of several merges let go of their parts takes one: he would wait for ever
  /// if each of them went on with other parts.
  Hold hold() {
    holds.incrementAndGet();
    return () -> {
      holds.decrementAndGet();
      table.pokeMerges();
    };
  }

  @Override
  public Optional<MergeTask> nextMerge() {
    if (table.isEnded() || holds.get() > 0) {
      return Optional.empty(); // whoever holds them pokes afterwards
    }
    Optional<List<HeldPart>> reserved = reserve(part -> true, true);
    if (reserved.isPresent()) {
      table.pokeMerges(); // another thread may find more in the parts that are left
    }
    return reserved.map(
        inputs -> () -> mergeReserved(inputs, true, NOTHING_ASKED, PartCodec.shared(inputs)));
  }

  /// What the selector chooses among free parts, reserved.
  private Optional<List<HeldPart>> reserve(Predicate<HeldPart> wanted, boolean inBackground) {
    List<HeldPart> free = parts.free(part -> !TableParts.isRun(part) && wanted.test(part));
    MergeSelector selector =
        new MergeSelector(
            context.settings().maxPartBytes(),
            Math.min(context.settings().maxMergeFanIn(), memory(inBackground).inputs()));
    Map<Long, Long> dead = table.deadRows();
    Map<HeldPart, Double> overlaps = overlaps(free);
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
              overlaps.get(part),
              Math.max(0, now - info.createdMillis())));
    }
    Set<Long> chosen =
        selector.select(candidates).stream().map(Candidate::id).collect(Collectors.toSet());
    List<HeldPart> inputs = free.stream().filter(p -> chosen.contains(p.id())).toList();
    return !inputs.isEmpty() && parts.reserve(inputs) ? Optional.of(inputs) : Optional.empty();
  }

  /// For each part, how many of the others of its partition its keys lie among.
  private static Map<HeldPart, Double> overlaps(List<HeldPart> parts) {
    Map<String, List<HeldPart>> partitions =
        parts.stream().collect(Collectors.groupingBy(part -> part.part().info().partition()));
    Map<HeldPart, Double> overlaps = new HashMap<>();
    for (List<HeldPart> partition : partitions.values()) {
      double[] shares =
          KeyOverlap.of(
              partition.stream()
                  .map(part -> new KeyOverlap.Range(part.part().firstKey(0), part.part().lastKey()))
                  .toList());
      for (int i = 0; i < shares.length; i++) {
        overlaps.put(partition.get(i), shares[i]);
      }
    }
    return overlaps;
  }

  private void mergeReserved(List<HeldPart> inputs, OptimizeRequest request) {
    mergeReserved(inputs, false, request, PartCodec.shared(inputs));
  }

  private void mergeReserved(
      List<HeldPart> inputs, boolean inBackground, OptimizeRequest request, String codec) {
    boolean complete = table.isComplete();
    TableSnapshot snapshot = parts.lease();
    RunningMerge merge = null;
    MergeMemory fitting = memory(inBackground);
    long bound = fitting.bytes();
    try (BufferAllocator memory = context.allocator().newChildAllocator("merge", 0, bound)) {
      PartRewrite rewrite =
          PartRewrite.of(
              context,
              table.shape(),
              inputs,
              snapshot,
              complete,
              part -> request.cleanup() || isMature(part));
      merge =
          new RunningMerge(
              table.definition().name(),
              inputs,
              context.clock().millis(),
              inBackground,
              memory,
              new MergePace(this::isPaced, this::busyPercent));
      running.add(merge);
      if (table.isEnded()) {
        merge.cancel(); // it ended after the parts were reserved, and did not see this merge
      }
      PartOptions options = options(inputs, inBackground);
      exchange(
          inputs,
          options.zstdLevel() > 0,
          rewrite.toDisk(
              new PartRewrite.Manner(
                  options,
                  codec,
                  fitting.columnsAtOnce(inputs.size()),
                  workers(inputs, inBackground),
                  merge,
                  request.duplicatesBy().orElse(List.of()),
                  memory)));
    } catch (VarveException stopped) {
      if (stopped.code() != ErrorCode.QUERY_WAS_CANCELLED
          || merge == null
          || !merge.isCancelled()) {
        throw stopped;
      }
    } catch (OutOfMemoryException full) {
      throw new VarveException(
          ErrorCode.MEMORY_LIMIT_EXCEEDED,
          "a merge of "
              + inputs.size()
              + " parts of table "
              + table.definition().name()
              + " needs more than its "
              + bound
              + " bytes of memory; its parts stay as they were",
          full);
    } finally {
      if (merge != null) {
        running.remove(merge);
      }
      parts.release(inputs);
      snapshot.release();
    }
  }

  /// Queries come before background merges, as long as parts do not pile up.
  private boolean isPaced() {
    return context.openViews().get() > 0 && parts.mostParts() < table.settings().delayAtParts() / 2;
  }

  /// Background merges that run at the same time share the share of one.
  private int busyPercent() {
    int all = context.settings().rewrite().busyPercent();
    return all == 100 ? all : Math.max(1, all / Math.max(1, table.mergesAtOnce()));
  }

  /// A row is at least as old as the part that holds it.
  private boolean isMature(PartInfo part) {
    long graceMillis = table.settings().tombstoneGraceSeconds() * 1000;
    return context.clock().millis() - part.createdMillis() >= graceMillis;
  }

  /// What is large is compressed harder. Who asks for a merge waits for it and wants it small, so
  /// text, which has most to gain, is then compressed harder from a smaller size on.
  private PartOptions options(List<HeldPart> inputs, boolean inBackground) {
    RewriteSettings settings = context.settings().rewrite();
    long bytes = inputs.stream().mapToLong(part -> part.part().info().bytes()).sum();
    PartOptions dense = PartOptions.DEFAULT.withZstdLevel(settings.recompressLevel());
    if (bytes >= settings.recompressAtBytes()) {
      return dense;
    }
    boolean hasText =
        table.definition().columns().stream().anyMatch(c -> PartOptions.isText(c.type()));
    return !inBackground && hasText && bytes >= settings.recompressAskedAtBytes()
        ? dense.ofText()
        : PartOptions.DEFAULT;
  }

  /// A merge that somebody waits for takes all cores for which its memory suffices; others take
  /// one, as there may be as many of them as cores.
  private PartMerger.Workers workers(List<HeldPart> inputs, boolean inBackground) {
    int fitting = memory(inBackground).threads(inputs.size());
    int cores = Runtime.getRuntime().availableProcessors();
    return inBackground || fitting < 2
        ? PartMerger.Workers.NONE
        : new PartMerger.Workers(context.workers(), Math.min(fitting, cores));
  }

  private MergeMemory memory(boolean inBackground) {
    int columns = table.shape().layout().columns().size();
    return MergeMemory.of(context.settings(), columns, inBackground);
  }

  private void exchange(
      List<HeldPart> inputs, boolean dense, PartRewrite.Rewritten<DiskPart> rewritten) {
    DiskPart merged = rewritten.part();
    PartExchange exchange = new PartExchange(context, table.id());
    inputs.forEach(exchange::remove);
    if (merged != null) {
      exchange.add(merged, rewritten.merged().deleted());
    }
    List<HeldPart> made = exchange.commit();
    table.reads().inherit(merged, rewritten.merged().trace());
    parts.swap(inputs, made);
    inputs.forEach(part -> compressed.remove(part.id()));
    if (dense) {
      made.forEach(part -> compressed.add(part.id()));
    }
  }

  /// Merges until the selector finds nothing, or until each partition has one part.
  void optimize(OptimizeRequest request) {
    Predicate<HeldPart> wanted =
        part ->
            !TableParts.isRun(part)
                && request
                    .partition()
                    .map(id -> PartName.isOf(part.part().info(), id))
                    .orElse(true);
    if (!request.full() && !request.rewritesAlways()) {
      Optional<List<HeldPart>> inputs = reserve(wanted, false);
      while (inputs.isPresent()) {
        mergeReserved(inputs.get(), request);
        inputs = reserve(wanted, false);
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
    try (Hold _ = hold();
        TableReads.Pause _ = table.reads().pause()) {
      partitions.stream().sorted().forEach(name -> mergeToOne(name, request));
    } finally {
      optimizing.decrementAndGet();
    }
  }

  /// Writes parts anew whose columns are to have another codec. One that something else holds now
  /// is left to the next time.
  ///
  /// @param wanted the codec of a part, or empty to leave it as it is
  void recompress(Function<PartInfo, String> wanted) {
    for (HeldPart part : parts.free(part -> !TableParts.isRun(part))) {
      String codec = wanted.apply(part.part().info());
      List<HeldPart> alone = List.of(part);
      if (!codec.isEmpty() && !codec.equals(PartCodec.of(part)) && parts.reserve(alone)) {
        mergeReserved(alone, true, NOTHING_ASKED, codec);
      }
    }
  }

  /// Stops background merges of a partition that is about to be merged whole: what they write would
  /// be read and written once more.
  private void cancelInBackground(String partition) {
    for (RunningMerge merge : running) {
      if (merge.isInBackground() && merge.partition().equals(partition)) {
        merge.cancel();
      }
    }
  }

  private void mergeToOne(String partition, OptimizeRequest request) {
    Predicate<HeldPart> wanted =
        part ->
            !TableParts.isRun(part)
                && !table.isQuarantined(part)
                && part.part().info().partition().equals(partition);
    while (true) {
      List<HeldPart> all = parts.peek().stream().filter(wanted).toList();
      if (all.isEmpty() || (all.size() == 1 && isClean(all.getFirst(), request))) {
        return;
      }
      if (all.size() > memory(false).inputs()) {
        // Too many to have a block of each column of each in memory: some first, then the rest.
        List<HeldPart> some = smallest(all, memory(false).inputs());
        if (parts.reserve(some)) {
          mergeReserved(some, request);
          continue;
        }
      } else if (parts.reserve(all)) {
        // Dead rows may be left: other partitions or parts to come can hold their keys.
        mergeReserved(all, request);
        return;
      }
      cancelInBackground(partition);
      parts.awaitChange(100);
    }
  }

  private static List<HeldPart> smallest(List<HeldPart> parts, int count) {
    return parts.stream()
        .sorted(Comparator.comparingLong(part -> part.part().info().bytes()))
        .limit(count)
        .toList();
  }

  /// Whether a part that stands alone has nothing to give up.
  private boolean isClean(HeldPart part, OptimizeRequest request) {
    return !request.rewritesAlways()
        && part.deleted() == null
        && table.reads().deadRowsOf(part) == 0
        && !isCompressedLess(part);
  }

  /// Whether a merge would write a part smaller. What was written before the start is taken to be
  /// compressed less unless it is so large that any merge compresses it.
  private boolean isCompressedLess(HeldPart part) {
    PartInfo info = part.part().info();
    return options(List.of(part), false).zstdLevel() > 0
        && !compressed.contains(part.id())
        && (info.level() == 0 || info.bytes() < context.settings().rewrite().recompressAtBytes());
  }
}
