// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.read.TableView;
import dev.varve.merge.rule.MergeRule;
import dev.varve.merge.schedule.MergeScheduler;
import dev.varve.merge.schema.PartLens;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.LogRange;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.part.PartName;
import dev.varve.storage.skip.SkipIndexes;
import dev.varve.storage.table.CatalogState;
import dev.varve.storage.table.CatalogTable;
import dev.varve.storage.table.HeldPart;
import dev.varve.storage.table.Quarantine;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableSnapshot;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// One table: its parts, its runs in memory, its merge rule. Safe for threads.
///
/// A view has no parts and takes no rows: only its definition may be asked for.
public final class MergeTable {
  private final EngineContext context;
  private final MergeScheduler scheduler;
  private final long id;
  private final TableSchema schema;
  private final PartQuarantine quarantine;
  private final TableParts parts;
  private final StampedLock feeding = new StampedLock();
  private final Sequences sequences;
  private final InsertGate gate;
  private final LogTail tail;
  private final TableMerges merges;
  private final TableTtl ttl;
  private final BlockWriter writer;
  private final TableReads reads;
  private final TableChanges changes;
  private final JoinedInserts joined = new JoinedInserts();
  private final InsertTokens tokens = new InsertTokens(this::knowsToken);
  private volatile boolean ended;

  private MergeTable(EngineContext context, MergeScheduler scheduler, CatalogTable table) {
    this.context = context;
    this.scheduler = scheduler;
    this.id = table.id();
    this.schema = new TableSchema(context, table.definition());
    this.quarantine = new PartQuarantine(() -> definition().name(), context);
    this.parts = new TableParts(quarantine, context.openViews());
    hearDamage();
    this.sequences = new Sequences(DefinitionCheck.shards(definition()), table);
    this.gate = new InsertGate(() -> definition().name(), this::settings, parts);
    this.writer = new BlockWriter(context, id);
    this.tail = new LogTail(this, context, parts, writer, table);
    context.journal().atLeast(JournaledRows.durable(table));
    this.merges = new TableMerges(this, context, parts);
    this.ttl =
        new TableTtl(
            this,
            context.ttl(),
            context.clock(),
            () -> merges.isOptimizing() || scheduler.isStopped(merges));
    this.reads = new TableReads(context, schema, parts);
    this.changes = new TableChanges(this, context, schema, parts, reads, merges, quarantine);
  }

  /// A table as the catalog has it. A part that cannot be opened goes into quarantine: who needs
  /// its rows is told the reason, and everything else goes on.
  static MergeTable open(EngineContext context, MergeScheduler scheduler, CatalogTable state) {
    MergeTable table = new MergeTable(context, scheduler, state);
    List<HeldPart> opened = new ArrayList<>();
    for (PartInfo info : state.parts().values()) {
      Optional<Quarantine> known = Optional.ofNullable(state.quarantined().get(info.id()));
      table.quarantine.open(info, state.deletes().get(info.id()), known).ifPresent(opened::add);
    }
    table.parts.swap(List.of(), opened);
    if (context.settings().mergeThreads() > 0) {
      table.reads.readAhead();
    }
    return table;
  }

  /// Hears of damage that readers find in its parts.
  void hearDamage() {
    context.files().onDamage(id, this::damaged);
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
    return schema.definition();
  }

  public MergeRule rule() {
    return shape().layout().rule();
  }

  TableShape shape() {
    return schema.shape();
  }

  /// The types of the partition key's values; empty where there is no partition key.
  public List<DataType> partitionTypes() {
    return shape().partitionTypes();
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
    new IndexedParts(this, context, parts).materialize(name, partition);
  }

  /// Removes a skip index from the parts that are there; new parts get it again.
  ///
  /// @throws VarveException UNKNOWN_IDENTIFIER
  public void clearIndex(String name, Optional<String> partition) {
    new IndexedParts(this, context, parts).clear(name, partition);
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
    return reads.view(exact, skipQuarantined);
  }

  TableReads reads() {
    return reads;
  }

  /// Pairs of parts whose keys exact reads had to compare since the start.
  public long comparedPairs() {
    return reads.comparedPairs();
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
    return insert(false);
  }

  /// As the other.
  ///
  /// @param journaled few rows are made durable by the journal, all INSERTs that wait by one sync,
  ///   and are written to a part with others later
  public TableInsert insert(boolean journaled) {
    refuseWhenEnded();
    return new BlockInsert(this, context, shape(), writer, List.of(), journaled);
  }

  /// Holds the token of an INSERT until it is closed, which is to be after the commit.
  ///
  /// @param check called while another INSERT of this token runs, and may throw
  public InsertClaim claim(String token, Runnable check) {
    refuseWhenEnded();
    return tokens.claim(token, check);
  }

  /// How far those who feed the table have come, as their commits said.
  public Map<String, Long> marks() {
    return catalogued().marks();
  }

  /// A token moves from the tail to the catalog, never back.
  private boolean knowsToken(String token) {
    return tail.knowsToken(token) || catalogued().tokens().contains(token);
  }

  private CatalogTable catalogued() {
    CatalogTable known = context.catalog().state().tables().get(id);
    if (known == null) {
      throw new VarveException(
          ErrorCode.UNKNOWN_TABLE, "table " + definition().name() + " was dropped");
    }
    return known;
  }

  JoinedInserts joined() {
    return joined;
  }

  /// An insert that is part of one into another table.
  ///
  /// @param above the tables whose views lead here
  BlockInsert insertBelow(List<MergeTable> above) {
    refuseWhenEnded();
    return new BlockInsert(this, context, shape(), writer, above, false);
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
    return changes.mutate(command);
  }

  /// Gives the table another definition, of the same table: durable when it returns, and seen whole
  /// or not at all by every view and insert that begins.
  ///
  /// @param change from the definition as it is, after all changes before
  /// @throws VarveException what is wrong with the definition, or with a row under it
  public void alter(UnaryOperator<TableDefinition> change) {
    refuseWhenEnded();
    changes.alter(change);
    pokeMerges();
  }

  /// Shows parts of earlier schema versions as the definition has them, once expressions can be
  /// compiled.
  void compilerPlugged() {
    if (definition().schemaVersion() > 0 && !definition().isView()) {
      PartLens lens =
          new PartLens(
              definition(), shape().layout(), context.compiler().get(), context.allocator());
      if (!parts.showThrough(lens::seen, List.of(), () -> {}, () -> {})) {
        throw new IllegalStateException("a merge runs before there is a compiler");
      }
    }
    pokeMerges();
  }

  /// The table goes by another name; nothing else changes. The catalog knows already.
  void renamed(TableDefinition renamed) {
    changes.renamed(renamed);
  }

  /// The shape for rows of these columns: of a definition just before, where they were made for it.
  TableShape shapeFor(Batch rows) {
    return schema.fitting(rows);
  }

  /// Mutations since the engine was opened, for `system.mutations`.
  public List<MutationLog.Entry> mutations() {
    return changes.mutations();
  }

  /// Columns whose values of a stored row can never change: those of the keys, and those by which
  /// the merge rule finds the row that counts.
  public List<String> fixedColumns() {
    return shape().layout().fixedColumns();
  }

  /// Whether a row that counts may be combined of rows of several partitions.
  public boolean combinesAcrossPartitions() {
    return rule().combinesRows() && !shape().layout().partitionsIndependent();
  }

  BlockInsert blockInsert() {
    return new BlockInsert(this, context, shape(), writer, List.of(), false).withoutViews();
  }

  /// Commits a change of parts and shows it.
  void exchange(PartExchange change) {
    List<HeldPart> in = change.commit();
    parts.swap(change.out(), in);
    pokeMerges();
  }

  /// Shows parts of an INSERT that are committed.
  void show(List<HeldPart> inserted) {
    parts.swap(List.of(), inserted);
    pokeMerges();
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
    applyLog(new LogRows(rows, offsets, source));
  }

  /// As the other, with keys that the log deletes.
  ///
  /// @throws VarveException NOT_IMPLEMENTED for these if the table is no Replacing one
  public void applyLog(LogRows rows) {
    refuseWhenEnded();
    long stamp = feeding.readLock();
    try {
      tail.apply(rows);
    } finally {
      feeding.unlockRead(stamp);
    }
  }

  /// Whether materialized views see what comes into the table.
  public boolean feedsViews() {
    return context.feeds().isSource(this);
  }

  /// Hands rows through all views over the table, chains of views included, and throws the result
  /// away.
  ///
  /// @param rows of the insert columns
  /// @throws VarveException what a view says against them, with its name
  public void tryViews(Batch rows) {
    try (RowBlock block = new RowBlock(shapeFor(rows), context.allocator());
        DerivedRuns derived = new DerivedRuns(context)) {
      block.add(rows);
      derived.take(this, block, List.of());
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

  /// Whether the record at this offset is visible, if it has rows.
  ///
  /// @throws VarveException BAD_ARGUMENTS if the table has no such log partition
  public boolean hasApplied(int partition, long offset) {
    if (partition >= DefinitionCheck.shards(definition())) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "table " + definition().name() + " has no log partition " + partition);
    }
    return appliedOffsets().getOrDefault(partition, 0L) > offset;
  }

  /// Waits until rows may have come from the log, not for long.
  public void awaitRows(long millis) {
    refuseWhenEnded();
    tail.awaitRows(millis);
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
  ///
  /// @param partition an id, as [PartName#partitionId] gives it; none for all
  public void optimize(Optional<String> partition, boolean full) {
    optimize(OptimizeRequest.of(partition, full));
  }

  /// Writes parts anew whose columns are to have another codec; columns with one of their own keep
  /// it.
  ///
  /// @param wanted the codec of a part on disk, or empty to leave it as it is
  public void recompress(Function<PartInfo, String> wanted) {
    refuseWhenEnded();
    merges.recompress(wanted);
  }

  /// Merges now.
  public void optimize(OptimizeRequest request) {
    Optional<String> partition = request.partition();
    flush();
    if (partition.isPresent()) {
      Set<String> known = ConcurrentHashMap.newKeySet();
      parts.peek().forEach(part -> known.add(PartName.partitionId(part.part().info().partition())));
      DefinitionCheck.partitionExists(definition().name(), partition.get(), known);
    }
    merges.optimize(request);
  }

  /// Removes all rows, those of the log that are visible included.
  public void truncate() {
    changes.truncate();
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
    changes.change(work);
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

  /// The parts as of now, under a lease that the caller gives back.
  TableSnapshot leaseParts() {
    refuseWhenEnded();
    return parts.lease();
  }

  /// No background merge of this table begins until [#startMerges].
  public void stopMerges() {
    scheduler.stop(merges);
  }

  public void startMerges() {
    scheduler.start(merges);
  }

  /// No TTL of this table is applied in the background until [#startTtl].
  public void stopTtl() {
    scheduler.stop(ttl);
  }

  public void startTtl() {
    scheduler.start(ttl);
  }

  TableTtl ttl() {
    return ttl;
  }

  /// Has the TTL applied soon, where that is due.
  void pokeTtl() {
    if (ttl.isDue()) {
      scheduler.poke(ttl);
    }
  }

  /// Why TTL could not be applied the last time, if it could not.
  public Optional<String> ttlFailure() {
    return scheduler.failure(ttl).map(failure -> String.valueOf(failure.last().getMessage()));
  }

  /// Why the last background merge failed, if it did.
  public Optional<String> mergeFailure() {
    return scheduler.failure(merges).map(failure -> String.valueOf(failure.last().getMessage()));
  }

  /// Why inserts are slowed down now, or an empty text.
  public String delayCause() {
    return gate.cause();
  }

  /// How long a producer of the table's log should wait before it sends more, in milliseconds: 0
  /// while merges keep pace, a second at most. The log itself refuses nothing.
  public int delayMillis() {
    return gate.delayMillis();
  }

  /// Blocks of inserts that were slowed down since the start.
  public long delayedInserts() {
    return gate.delays();
  }

  TableMerges merges() {
    return merges;
  }

  /// Background merges of all tables that run now.
  int mergesAtOnce() {
    return scheduler.running();
  }

  List<MergeProgress> runningMerges() {
    return merges.running();
  }

  /// Rows that an exact read hides, by part id, as far as a read has found out.
  public Map<Long, Long> deadRows() {
    return parts.views().deadRows();
  }

  /// Shows what another server changed in the parts.
  void follow(CatalogTable before, CatalogTable after) {
    new FollowedParts(context, parts, quarantine).show(before, after);
    sequences.raise(after);
  }

  /// What is inserted from here on is newer than all that the catalog has.
  void raiseSequences(CatalogState state) {
    CatalogTable known = state.tables().get(id);
    if (known != null) {
      sequences.raise(known);
    }
  }

  boolean isEnded() {
    return ended;
  }

  private void refuseWhenEnded() {
    if (ended) {
      throw new VarveException(
          ErrorCode.UNKNOWN_TABLE,
          "table " + definition().name() + " was dropped or its engine was closed");
    }
  }

  /// Stops merges and lets go of the parts. Views that are open go on reading.
  void end(boolean dropped) {
    ended = true;
    scheduler.forget(merges);
    scheduler.forget(ttl);
    merges.cancelAll();
    parts.end(dropped);
    context.files().forget(id);
    reads.end();
    if (dropped) {
      context.files().kept().deleteAll(context.files().kept().detached(id));
    }
  }
}
