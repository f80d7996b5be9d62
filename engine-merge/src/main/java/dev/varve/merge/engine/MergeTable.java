// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.order.MergeTrace;
import dev.varve.merge.read.ExactReads;
import dev.varve.merge.read.TableView;
import dev.varve.merge.rule.MergeRule;
import dev.varve.merge.schedule.MergeScheduler;
import dev.varve.merge.schema.PartLens;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.part.LogRange;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.skip.SkipIndexes;
import dev.varve.storage.table.CatalogChange;
import dev.varve.storage.table.CatalogChange.Operation;
import dev.varve.storage.table.CatalogTable;
import dev.varve.storage.table.HeldPart;
import dev.varve.storage.table.Quarantine;
import dev.varve.storage.table.SeqStep;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableSnapshot;
import dev.varve.storage.vector.Batch;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// One table: its parts, its runs in memory, its merge rule. Safe for threads.
///
/// A view has no parts and takes no rows: only its definition may be asked for.
public final class MergeTable {
  private static final int SHAPES_KEPT = 8;

  private final EngineContext context;
  private final MergeScheduler scheduler;
  private final long id;
  private volatile TableDefinition definition;
  private final PartQuarantine quarantine;
  private final TableParts parts;
  private final StampedLock feeding = new StampedLock();
  private final Set<TableInsert> inserts = ConcurrentHashMap.newKeySet();
  private final MutationLog mutations = new MutationLog();
  private final ReentrantLock changing = new ReentrantLock();
  private final Sequences sequences;
  private final InsertGate gate;
  private final LogTail tail;
  private final TableMerges merges;
  private final BlockWriter writer;
  private volatile TableShape shape;
  private volatile ExactReads reads;
  private final ReadAhead readAhead;
  private final Deque<TableShape> earlierShapes = new ArrayDeque<>();
  private volatile int changes;
  private volatile boolean ended;

  private MergeTable(EngineContext context, MergeScheduler scheduler, CatalogTable table) {
    this.context = context;
    this.scheduler = scheduler;
    this.id = table.id();
    this.definition = table.definition();
    this.quarantine = new PartQuarantine(() -> definition.name(), context);
    this.parts = new TableParts(quarantine, context.openViews());
    context.files().onDamage(id, this::damaged);
    this.sequences = new Sequences(DefinitionCheck.shards(definition), table);
    this.gate = new InsertGate(() -> definition().name(), this::settings, parts);
    this.writer = new BlockWriter(context, id);
    this.tail = new LogTail(this, context, parts, writer, table.offsets());
    this.merges = new TableMerges(this, context, parts);
    this.readAhead = new ReadAhead(context.workers(), this::resolveAndStore);
  }

  /// A table as the catalog has it. A part that cannot be opened goes into quarantine: who needs
  /// its rows is told the reason, and everything else goes on.
  static MergeTable open(EngineContext context, MergeScheduler scheduler, CatalogTable state) {
    MergeTable table = new MergeTable(context, scheduler, state);
    List<HeldPart> opened = new ArrayList<>();
    for (PartInfo info : state.parts().values()) {
      Optional<Quarantine> known = Optional.ofNullable(state.quarantined().get(info.id()));
      table.open(info, state.deletes().get(info.id()), known).ifPresent(opened::add);
    }
    table.parts.swap(List.of(), opened);
    if (context.settings().mergeThreads() > 0) {
      table.parts.onChange(table.readAhead::changed);
    }
    return table;
  }

  private Optional<HeldPart> open(
      PartInfo info, CatalogTable.Deletes deletes, Optional<Quarantine> known) {
    try {
      HeldPart opened = context.files().open(info, deletes);
      known.ifPresent(why -> quarantine.add(info, why, true, false));
      return Optional.of(opened);
    } catch (VarveException found) {
      if (known.isPresent()) {
        quarantine.add(info, known.get(), true, true);
      } else if (DiskPart.isDamage(found) && Files.exists(context.files().of(info))) {
        quarantine.report(info, found, true);
      } else {
        // Not there, or the system cannot read it: that may be put right without our knowing.
        quarantine.add(info, new Quarantine(found.getMessage(), now()), false, true);
      }
      return Optional.empty();
    }
  }

  private long now() {
    return context.clock().millis();
  }

  private VarveException damaged(PartInfo part, VarveException found) {
    if (!ended && quarantine.report(part, found, false)) {
      parts.views().forget();
    }
    return quarantine.told(part, found);
  }

  /// What names this table for ever, unlike its name: never given to another table.
  public long id() {
    return id;
  }

  public TableDefinition definition() {
    return definition;
  }

  public MergeRule rule() {
    return shape().layout().rule();
  }

  TableShape shape() {
    TableShape made = shape;
    return made == null ? makeShape() : made;
  }

  private synchronized TableShape makeShape() {
    TableShape made = shape;
    if (made == null) {
      if (definition.isView()) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS,
            definition.name() + " is a view: it has no rows of its own, use the tables it reads");
      }
      made = TableShape.of(definition, context.compiler().get());
      shape = made;
    }
    return made;
  }

  /// The skip indexes that parts of this table have.
  public SkipIndexes skipIndexes() {
    return shape().skipIndexes();
  }

  /// Makes a skip index of the parts that are there.
  ///
  /// @param partition only of this one, or of all
  /// @throws VarveException UNKNOWN_IDENTIFIER
  public void materializeIndex(String name, Optional<String> partition) {
    SkipIndexes indexes = skipIndexes();
    SkipIndexes.Index index = indexes.named(name, definition().name());
    flush();
    eachPart(partition, part -> indexes.build(part, index, context.allocator()));
  }

  /// Removes a skip index from the parts that are there; new parts get it again.
  ///
  /// @throws VarveException UNKNOWN_IDENTIFIER
  public void clearIndex(String name, Optional<String> partition) {
    SkipIndexes indexes = skipIndexes();
    indexes.named(name, definition().name());
    eachPart(partition, part -> indexes.clear(part, name));
  }

  private void eachPart(Optional<String> partition, Consumer<DiskPart> work) {
    TableSnapshot snapshot = parts.lease();
    try {
      for (HeldPart held : snapshot.parts()) {
        boolean isWanted = partition.map(held.part().info().partition()::equals).orElse(true);
        if (isWanted && held.part() instanceof DiskPart part) {
          work.accept(part);
        }
      }
    } finally {
      snapshot.release();
    }
  }

  private synchronized ExactReads reads() {
    if (reads == null) {
      reads =
          new ExactReads(shape().layout(), new StoredPairs(context.files()), context.allocator());
    }
    return reads;
  }

  TableSettings settings() {
    return TableSettings.of(definition(), context.settings());
  }

  Sequences sequences() {
    return sequences;
  }

  /// The rows that count, as of now: everything acknowledged before this call is in it.
  ///
  /// @param exact false shows raw rows (`final = 0`) A part in quarantine is in it too, and whoever
  ///   reads it, or a part whose rows it may beat, gets CORRUPTED_DATA; who does not need it goes
  ///   on.
  public TableView view(boolean exact) {
    return view(exact, false);
  }

  /// @param skipQuarantined leaves out the rows of parts in quarantine instead
  public TableView view(boolean exact, boolean skipQuarantined) {
    refuseWhenEnded();
    while (true) {
      int before = changes;
      try {
        TableView view = open(exact, skipQuarantined);
        if (changes == before) {
          return view;
        }
        view.close(); // an ALTER came between the definition and the parts
      } catch (RuntimeException failed) {
        if (changes == before) {
          throw failed;
        }
      }
    }
  }

  private TableView open(boolean exact, boolean skipQuarantined) {
    if (!exact) {
      return parts.views().raw(definition, skipQuarantined);
    }
    readAhead.read();
    return exactView(skipQuarantined);
  }

  /// Finds the rows that count, for the next view to show, and stores what was found out.
  void resolveAndStore() {
    if (ended || definition.isView() || !rule().collapsesKeys()) {
      return;
    }
    int before = changes;
    TableSnapshot snapshot = parts.lease();
    try {
      exactView(true).close();
      reads().store(TableViews.parts(snapshot.parts()));
    } catch (RuntimeException failed) {
      if (changes == before) {
        throw failed; // else an ALTER took the reads away under it
      }
    } finally {
      snapshot.release();
    }
  }

  /// Pairs of parts whose keys exact reads had to compare since the start.
  public long comparedPairs() {
    ExactReads known = reads;
    return known == null ? 0 : known.comparedPairs();
  }

  private TableView exactView(boolean skipQuarantined) {
    boolean independent = shape().layout().partitionsIndependent();
    return parts
        .views()
        .exact(
            definition,
            rule().collapsesKeys() ? reads() : null,
            (a, b) -> !independent || a.info().partition().equals(b.info().partition()),
            skipQuarantined);
  }

  /// Parts that are not read because they are damaged, each with the reason.
  public List<QuarantinedPart> quarantined() {
    return quarantine.parts();
  }

  /// Reads every byte of the table's parts. Those that are damaged go into quarantine.
  ///
  /// @param only the name of one part, or all
  /// @throws VarveException BAD_ARGUMENTS if no part has this name
  public List<PartCheck> check(Optional<String> only) {
    refuseWhenEnded();
    return new TableCheck(this, context, parts, quarantine).check(only, this::damaged);
  }

  /// Takes a part out of quarantine whose files somebody repaired. Every byte of it is checked.
  ///
  /// @throws VarveException CORRUPTED_DATA with what is still wrong, BAD_ARGUMENTS if no part of
  ///   this name is in quarantine
  public void restoreQuarantined(String part) {
    new QuarantineRemedies(this, context, parts, quarantine).restore(part);
    pokeMerges();
  }

  /// Gives up the rows of a part in quarantine, for ever.
  ///
  /// @throws VarveException BAD_ARGUMENTS if no part of this name is in quarantine
  public void dropQuarantined(String part) {
    new QuarantineRemedies(this, context, parts, quarantine).drop(part);
  }

  /// Starts an INSERT. Nothing is visible until it is committed, then everything is at once.
  public TableInsert insert() {
    refuseWhenEnded();
    return insertBelow(List.of());
  }

  /// An insert that is part of one into another table.
  ///
  /// @param above the tables whose views lead here
  BlockInsert insertBelow(List<MergeTable> above) {
    refuseWhenEnded();
    BlockInsert insert = new BlockInsert(this, context, shape(), writer, above);
    inserts.add(insert);
    return insert;
  }

  /// Held for reading while rows come into the table, and for writing while a view over it, or over
  /// a table below it, comes or goes.
  StampedLock feeding() {
    return feeding;
  }

  LogTail tail() {
    return tail;
  }

  BlockWriter writer() {
    return writer;
  }

  /// Rows of views over the log that are only in memory get their places in the order of inserts
  /// anew after a crash; so an insert that comes after them makes them durable first.
  void flushDerived() {
    if (tail.hasDerived()) {
      tail.flush();
    }
  }

  void awaitRoomForParts() {
    gate.pass();
  }

  /// Starts a DELETE or UPDATE, after others of this table: what was acknowledged before is on disk
  /// and stays as it is until the mutation ends.
  ///
  /// @param command what `system.mutations` shows of it
  public TableMutation mutate(String command) {
    refuseWhenEnded();
    changing.lock();
    List<HeldPart> reserved = List.of();
    TableSnapshot snapshot = null;
    try {
      flush();
      quarantine.refuseIfAny();
      reserved = reserveAll();
      snapshot = parts.lease();
      List<HeldPart> held = reserved;
      ExactReads exact = rule().collapsesKeys() ? reads() : null;
      Runnable release =
          () -> {
            parts.release(held);
            changing.unlock();
          };
      MutationLog.Entry entry = mutations.begin(command, held.size(), now());
      return new TableMutation(this, context, held, snapshot, exact, entry, release);
    } catch (RuntimeException | Error failed) {
      parts.release(reserved);
      if (snapshot != null) {
        snapshot.release();
      }
      changing.unlock();
      throw failed;
    }
  }

  /// Gives the table another definition, of the same table: durable when it returns, and seen whole
  /// or not at all by every view and insert that begins.
  ///
  /// @param change from the definition as it is, after all changes before
  /// @throws VarveException what is wrong with the definition, or with a row under it
  public void alter(UnaryOperator<TableDefinition> change) {
    refuseWhenEnded();
    changing.lock();
    List<HeldPart> reserved = List.of();
    try {
      Redefinition next = Redefinition.of(definition, change.apply(definition), context);
      flush();
      reserved = reserveAll();
      next.check(reserved);
      context.catalog().commit(CatalogChange.of(new Operation.PutTable(id, next.definition())));
      while (!parts.showThrough(next.lens()::seen, reserved, () -> take(next))) {
        merges.cancelAll();
        parts.awaitChange(10);
      }
    } finally {
      parts.release(reserved);
      changing.unlock();
    }
    pokeMerges();
  }

  private synchronized void take(Redefinition next) {
    if (shape != null) {
      earlierShapes.addFirst(shape);
    }
    while (earlierShapes.size() > SHAPES_KEPT) {
      earlierShapes.removeLast();
    }
    definition = next.definition();
    shape = next.shape();
    ExactReads before = reads;
    reads = null;
    changes++;
    if (before != null) {
      before.close();
    }
  }

  /// Shows parts of earlier schema versions as the definition has them, once expressions can be
  /// compiled.
  void compilerPlugged() {
    if (definition.schemaVersion() > 0 && !definition.isView()) {
      PartLens lens =
          new PartLens(definition, shape().layout(), context.compiler().get(), context.allocator());
      if (!parts.showThrough(lens::seen, List.of(), () -> {})) {
        throw new IllegalStateException("a merge runs before there is a compiler");
      }
    }
    pokeMerges();
  }

  /// The table goes by another name; nothing else changes. The catalog knows already.
  void renamed(TableDefinition renamed) {
    changing.lock();
    try {
      synchronized (this) {
        definition = renamed;
        shape = null;
        changes++;
      }
      parts.views().forget();
    } finally {
      changing.unlock();
    }
  }

  /// The shape for rows of these columns: of a definition just before, where they were made for it.
  TableShape shapeFor(Batch rows) {
    TableShape now = shape();
    if (now.fits(rows)) {
      return now;
    }
    synchronized (this) {
      return earlierShapes.stream().filter(earlier -> earlier.fits(rows)).findFirst().orElse(now);
    }
  }

  /// Mutations since the engine was opened, for `system.mutations`.
  public List<MutationLog.Entry> mutations() {
    return mutations.entries();
  }

  /// Columns whose values of a stored row can never change: those of the keys, and those by which
  /// the merge rule finds the row that counts.
  public List<String> fixedColumns() {
    return shape().layout().fixedColumns();
  }

  /// All parts on disk, reserved: merges that hold some are stopped.
  private List<HeldPart> reserveAll() {
    while (true) {
      List<HeldPart> all = parts.peek().stream().filter(part -> !TableParts.isRun(part)).toList();
      if (parts.reserve(all)) {
        return all;
      }
      merges.cancelAll();
      parts.awaitChange(10);
    }
  }

  BlockInsert blockInsert() {
    return new BlockInsert(this, context, shape(), writer, List.of()).withoutViews();
  }

  /// Commits a change of parts and shows it.
  void exchange(PartExchange change) {
    List<HeldPart> in = change.commit();
    parts.swap(change.out(), in);
    pokeMerges();
  }

  /// Commits parts of one INSERT, of all tables in one change, and shows them in this order.
  static void commitInserts(Map<MergeTable, List<DiskPart>> written) {
    CatalogChange.Builder change = CatalogChange.builder();
    List<DiskPart> all = new ArrayList<>();
    for (Map.Entry<MergeTable, List<DiskPart>> entry : written.entrySet()) {
      entry.getKey().describe(entry.getValue(), change);
      all.addAll(entry.getValue());
    }
    List<HeldPart> held = written.keySet().iterator().next().commit(change.build(), all);
    int from = 0;
    for (Map.Entry<MergeTable, List<DiskPart>> entry : written.entrySet()) {
      int to = from + entry.getValue().size();
      entry.getKey().parts.swap(List.of(), held.subList(from, to));
      entry.getKey().pokeMerges();
      from = to;
    }
  }

  /// The parts of an insert and the sequences they rely on.
  void describe(List<DiskPart> written, CatalogChange.Builder change) {
    written.forEach(part -> change.addPart(part.info()));
    describeSequences(written, change::add);
  }

  /// What a commit of new parts says of the sequences they rely on.
  void describeSequences(List<DiskPart> written, Consumer<Operation> change) {
    long greatest = 0;
    for (DiskPart part : written) {
      greatest = Math.max(greatest, part.info().sequences().last());
    }
    change.accept(new Operation.RaiseSequence(id, greatest));
    for (SeqStep step : sequences.steps()) {
      change.accept(new Operation.PutStep(id, step));
    }
  }

  void endInsert(TableInsert insert) {
    inserts.remove(insert);
  }

  /// Commits a change and holds the parts made for it. If the catalog refuses, they are deleted;
  /// unless nobody knows whether it did: then they stay, and the next start finds out.
  List<HeldPart> commit(CatalogChange change, List<DiskPart> made) {
    try {
      context.catalog().commit(change);
    } catch (VarveException refused) {
      if (refused.code() == ErrorCode.IO_ERROR) {
        made.forEach(DiskPart::close);
      } else {
        writer.discard(made);
      }
      throw refused;
    }
    return made.stream().map(context.files()::hold).toList();
  }

  /// Tells exact reads what a merge made of its inputs, before a view shows the merged part.
  ///
  /// @param merged null when no row was left
  void inherit(Part merged, MergeTrace trace) {
    ExactReads known = reads;
    if (known == null || merged == null) {
      return;
    }
    TableSnapshot snapshot = parts.lease();
    try {
      known.inherit(
          merged,
          trace,
          TableViews.parts(snapshot.parts()),
          TableViews.deletedRows(snapshot.parts()));
    } finally {
      snapshot.release();
    }
  }

  void pokeMerges() {
    scheduler.poke(merges);
  }

  /// Makes the rows of a piece of a log partition visible, from memory. Called in offset order for
  /// each partition, after the records are in the log; the log makes them durable. The batch holds
  /// the insertable columns ([#insertColumns()]) and is copied; row `i` has offset `offsets[i]`.
  ///
  /// What was applied before is skipped, so that replay may begin anywhere at or below
  /// [#durableOffsets()]. Replay comes before anything else is inserted.
  public void applyLog(Batch rows, long[] offsets, LogRange source) {
    refuseWhenEnded();
    long stamp = feeding.readLock();
    try {
      tail.apply(rows, offsets, source);
    } finally {
      feeding.unlockRead(stamp);
    }
  }

  /// For each log partition, the offset below which records are in durable parts: where replay
  /// starts after a restart.
  public Map<Integer, Long> durableOffsets() {
    return tail.durable();
  }

  /// For each log partition, the offset below which records are visible.
  public Map<Integer, Long> appliedOffsets() {
    return tail.applied();
  }

  /// Writes the runs in memory to a part and commits it together with their offsets.
  public void flush() {
    refuseWhenEnded();
    tail.flush();
  }

  /// Why the last flush failed, if it did.
  public Optional<String> flushFailure() {
    return Optional.ofNullable(tail.lastFailure()).map(Throwable::getMessage);
  }

  /// The columns an INSERT without a column list fills, in order.
  public List<ColumnDefinition> insertColumns() {
    return shape().insertColumns();
  }

  /// As the other; with `full`, until each partition has one part.
  public void optimize(Optional<String> partition, boolean full) {
    optimize(OptimizeRequest.of(partition, full));
  }

  /// Merges now.
  public void optimize(OptimizeRequest request) {
    Optional<String> partition = request.partition();
    flush();
    if (partition.isPresent()) {
      Set<String> known = ConcurrentHashMap.newKeySet();
      parts.peek().forEach(part -> known.add(part.part().info().partition()));
      DefinitionCheck.partitionExists(definition.name(), partition.get(), known);
    }
    merges.optimize(request);
  }

  /// Removes all rows, those of the log that are visible included.
  public void truncate() {
    flush();
    merges.cancelAll();
    List<HeldPart> all = reserveAll();
    try {
      PartExchange exchange = new PartExchange(context, id);
      all.forEach(exchange::remove);
      List<QuarantinedPart> lost =
          quarantine.parts().stream().filter(QuarantinedPart::lost).toList();
      lost.forEach(part -> exchange.also(new Operation.RemovePart(id, part.part().id())));
      parts.swap(all, exchange.commit());
      lost.forEach(part -> context.files().delete(part.part()));
      lost.forEach(quarantine::forget);
    } finally {
      parts.release(all);
    }
  }

  /// Drops parts with all their rows, as if they had never been inserted, those of the log that are
  /// visible included. Returns whether there were any.
  public boolean dropParts(Predicate<PartInfo> wanted) {
    PartExchange exchange = new PartExchange(context, id);
    change(all -> {
      all.stream().filter(part -> wanted.test(part.part().info())).forEach(exchange::remove);
      return exchange;
    });
    return !exchange.isEmpty();
  }

  /// Detaches, attaches, copies and freezes parts.
  public TableKept kept() {
    refuseWhenEnded();
    return new TableKept(this, context, parts);
  }

  /// Runs a change of the parts after others of this table, with what was acknowledged before on
  /// disk, and all parts reserved.
  ///
  /// @param work gives the change to commit, or null for none
  void change(Function<List<HeldPart>, PartExchange> work) {
    refuseWhenEnded();
    changing.lock();
    List<HeldPart> all = List.of();
    try {
      flush();
      all = reserveAll();
      PartExchange exchange = work.apply(all);
      if (exchange != null && !exchange.isEmpty()) {
        exchange(exchange);
      }
    } finally {
      parts.release(all);
      changing.unlock();
    }
  }

  /// Whether no part still to come, and none in quarantine that cannot even tell its keys, can hold
  /// rows older than those of a rewrite.
  boolean isComplete() {
    return sequences.areAllPublished() && !quarantine.hasLost();
  }

  boolean isQuarantined(HeldPart part) {
    return quarantine.holds(part);
  }

  /// Active parts and memory runs, for `system.parts`.
  public List<Part> parts() {
    return parts.peek().stream().map(HeldPart::part).toList();
  }

  /// No background merge of this table begins until [#startMerges].
  public void stopMerges() {
    scheduler.stop(merges);
  }

  public void startMerges() {
    scheduler.start(merges);
  }

  /// Why the last background merge failed, if it did.
  public Optional<String> mergeFailure() {
    return scheduler.failure(merges).map(failure -> String.valueOf(failure.last().getMessage()));
  }

  /// Why inserts are slowed down now, or an empty text.
  public String delayCause() {
    return gate.cause();
  }

  /// Blocks of inserts that were slowed down since the start.
  public long delayedInserts() {
    return gate.delays();
  }

  List<MergeProgress> runningMerges() {
    return merges.running();
  }

  /// Rows that an exact read hides, by part id, as far as a read has found out.
  public Map<Long, Long> deadRows() {
    return parts.views().deadRows();
  }

  long deadRowsOf(HeldPart part) {
    if (!rule().collapsesKeys()) {
      return 0;
    }
    try (TableView view = view(true, true)) {
      return part.part().info().rows() - visibleRows(view, part.part());
    }
  }

  private static long visibleRows(TableView view, Part part) {
    return view.parts().stream()
        .filter(visible -> visible.part() == part)
        .mapToLong(visible -> part.info().rows() - visible.dead().total())
        .sum();
  }

  boolean isEnded() {
    return ended;
  }

  private void refuseWhenEnded() {
    if (ended) {
      throw new VarveException(
          ErrorCode.UNKNOWN_TABLE,
          "table " + definition.name() + " was dropped or its engine was closed");
    }
  }

  /// Stops merges and lets go of the parts. Views that are open go on reading.
  void end(boolean dropped) {
    ended = true;
    scheduler.forget(merges);
    merges.cancelAll();
    parts.end(dropped);
    context.files().forget(id);
    ExactReads known = reads;
    if (known != null) {
      known.close();
    }
    if (dropped) {
      context.files().kept().deleteAll(context.files().kept().detached(id));
    }
  }
}
