// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.order.KeyBudget;
import dev.varve.merge.schedule.MergeScheduler;
import dev.varve.storage.column.BlockCache;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.file.StatePlace;
import dev.varve.storage.journal.Journal;
import dev.varve.storage.table.CatalogChange;
import dev.varve.storage.table.CatalogChange.Operation;
import dev.varve.storage.table.CatalogState;
import dev.varve.storage.table.CatalogTable;
import dev.varve.storage.table.ExpressionCompiler;
import dev.varve.storage.table.LocalCatalog;
import dev.varve.storage.table.PartCatalog;
import dev.varve.storage.table.PartFiles;
import dev.varve.storage.table.ReplicaPosition;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.memory.BufferAllocator;

/// All tables of one data directory. Safe for threads.
///
/// Closing it writes what is in memory runs to parts if it can, and stops merges; what cannot be
/// written is still in the log. A crash loses nothing that was committed.
public final class MergeEngine implements AutoCloseable {
  /// The database that is always there.
  public static final String DEFAULT_DATABASE = "default";

  private final Path directory;
  private final PartCatalog catalog;
  private final EngineContext context;
  private final MergeScheduler scheduler;
  private final BlockCache blocks;
  private final AtomicReference<ExpressionCompiler> compiler = new AtomicReference<>();
  private final AtomicReference<ViewCompiler> views = new AtomicReference<>();
  private final AtomicReference<TtlApplier> ttl = new AtomicReference<>();
  private final TableRegistry tables;
  private final Renaming renaming;
  private final Detaching detaching;
  private final ViewChanges changes;
  private final Following following;
  private boolean closed;

  private MergeEngine(
      Path directory,
      LocalCatalog own,
      PartCatalog catalog,
      PartFiles files,
      MergeSettings settings,
      BufferAllocator allocator,
      BlockCache blocks) {
    this.directory = directory;
    this.blocks = blocks;
    this.catalog = catalog;
    this.tables = new TableRegistry(catalog);
    this.renaming = new Renaming(catalog, tables);
    ExecutorService workers =
        Executors.newFixedThreadPool(
            Runtime.getRuntime().availableProcessors(),
            Thread.ofPlatform().name("varve-writer-", 0).daemon().factory());
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("varve-timer").daemon().factory());
    this.context =
        new EngineContext(
            catalog,
            files,
            settings,
            allocator,
            workers,
            timer,
            compiler::get,
            InstantSource.system(),
            new TableFeeds(tables::all, tables::get, views::get),
            new AtomicInteger(),
            ttl::get,
            new KeyBudget(settings.keyCacheBytes(allocator.getLimit())),
            new Journal(directory.resolve("journal")));
    this.scheduler = new MergeScheduler(settings.mergeThreads(), timer);
    this.detaching = new Detaching(context, scheduler, catalog, tables);
    this.changes = new ViewChanges(context, tables, views::get);
    this.following = new Following(this, own, context, scheduler, tables);
  }

  /// Opens or creates a data directory and takes its lock.
  ///
  /// @throws VarveException DIRECTORY_LOCKED if another process holds it
  public static MergeEngine open(
      Path directory, MergeSettings settings, BufferAllocator allocator) {
    return open(directory, settings, allocator, new BlockCache(0));
  }

  /// As the other.
  ///
  /// @param blocks where the blocks that queries read are kept; closed with the engine
  public static MergeEngine open(
      Path directory, MergeSettings settings, BufferAllocator allocator, BlockCache blocks) {
    return open(directory, settings, allocator, blocks, CatalogShare.ALONE);
  }

  /// As the other.
  ///
  /// @param share how other servers have a say in what is committed
  public static MergeEngine open(
      Path directory,
      MergeSettings settings,
      BufferAllocator allocator,
      BlockCache blocks,
      CatalogShare share) {
    LocalCatalog catalog = LocalCatalog.open(directory);
    try {
      if (!catalog.state().databases().contains(DEFAULT_DATABASE)) {
        catalog.commit(CatalogChange.of(new Operation.CreateDatabase(DEFAULT_DATABASE)));
      }
      if (share == CatalogShare.ALONE
          && !catalog.state().position().equals(ReplicaPosition.START)) {
        // What is committed from here on the others do not have.
        catalog.commit(CatalogChange.of(new Operation.PutPosition(ReplicaPosition.START)));
      }
      PartFiles files =
          PartFiles.open(directory, catalog.state(), catalog.cutBytes(), blocks, share.alsoNamed());
      MergeEngine engine =
          new MergeEngine(
              directory, catalog, share.over(catalog), files, settings, allocator, blocks);
      for (CatalogTable table : catalog.state().tables().values()) {
        if (Detaching.isDetached(table)) {
          engine.tables.putDetached(table);
          continue;
        }
        MergeTable opened = MergeTable.open(engine.context, engine.scheduler, table);
        opened.ttl().overdue();
        engine.tables.put(opened);
      }
      new JournalReplay(engine.context, engine::tableOf).run();
      return engine;
    } catch (RuntimeException | Error failed) {
      catalog.close();
      throw failed;
    }
  }

  /// What it does as one of several.
  public Following following() {
    return following;
  }

  /// Waits until queries that begin see all that was acknowledged anywhere before this call.
  ///
  /// @throws VarveException as [PartCatalog#sync]
  public void sync(long millis) {
    catalog.sync(millis);
  }

  /// Where what is beside the tables is kept: users and functions.
  public StatePlace states() {
    return CatalogStates.of(catalog, directory);
  }

  /// Whether other servers have a say in the tables.
  public boolean isShared() {
    return catalog.isShared();
  }

  /// The last change that the catalog has of those that several servers share.
  public long change() {
    return catalog.state().position().version();
  }

  /// Waits until the tables have a change that another server told of.
  ///
  /// @throws VarveException as [PartCatalog#await]
  public void awaitChange(long change, long millis) {
    catalog.await(change, millis);
  }

  /// What its tables share.
  EngineContext context() {
    return context;
  }

  /// Where the blocks that queries read are kept.
  public BlockCache blocks() {
    return blocks;
  }

  /// The data directory, which is this engine's alone while it is open.
  public Path directory() {
    return directory;
  }

  /// What evaluates the expressions of definitions. Set once, before the first table is touched.
  /// Background merges begin with it.
  public void plug(ExpressionCompiler expressions) {
    compiler.set(expressions);
    tables.all().forEach(MergeTable::compilerPlugged);
  }

  /// What runs the queries of materialized views. Set once, before the first row is inserted.
  public void plug(ViewCompiler queries) {
    views.set(queries);
  }

  /// What applies TTL. Set once; from then on it is applied in the background.
  public void plug(TtlApplier applier) {
    ttl.set(applier);
    context
        .timer()
        .scheduleWithFixedDelay(
            () -> tables.all().forEach(MergeTable::pokeTtl), 1, 1, TimeUnit.SECONDS);
  }

  public List<String> databases() {
    return List.copyOf(catalog.state().databases());
  }

  /// @throws VarveException DATABASE_ALREADY_EXISTS, or BAD_ARGUMENTS for a reserved name
  public synchronized void createDatabase(String name) {
    DefinitionCheck.databaseName(name);
    if (catalog.state().databases().contains(name)) {
      throw new VarveException(
          ErrorCode.DATABASE_ALREADY_EXISTS,
          "database \"" + name + "\" exists already; choose another name, or say IF NOT EXISTS");
    }
    catalog.commit(CatalogChange.of(new Operation.CreateDatabase(name)));
  }

  /// Drops a database and every table in it.
  ///
  /// @throws VarveException UNKNOWN_DATABASE, or BAD_ARGUMENTS for `default`
  public synchronized void dropDatabase(String name) {
    tables.requireDatabase(name);
    if (name.equals(DEFAULT_DATABASE)) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "the database \"" + name + "\" is always there; drop its tables one by one");
    }
    List<MergeTable> inIt =
        tables.all().stream().filter(t -> t.definition().name().database().equals(name)).toList();
    CatalogChange.Builder change = CatalogChange.builder();
    inIt.forEach(table -> change.add(new Operation.DropTable(table.id())));
    catalog.commit(change.add(new Operation.DropDatabase(name)).build());
    inIt.forEach(this::end);
  }

  /// Creates a table or view, durably.
  ///
  /// @throws VarveException TABLE_ALREADY_EXISTS, UNKNOWN_DATABASE, or what is wrong with the
  ///   definition
  public synchronized MergeTable create(TableDefinition definition) {
    return create(List.of(definition)).getFirst();
  }

  private List<MergeTable> create(List<TableDefinition> definitions) {
    CatalogChange.Builder change = CatalogChange.builder();
    List<Long> ids = new ArrayList<>();
    for (TableDefinition definition : definitions) {
      TableName name = definition.name();
      tables.requireDatabase(name.database());
      tables.requireFree(name);
      DefinitionCheck.definition(definition);
      if (!definition.isView()) {
        TableShape.of(definition, compiler.get()).checkExpressions(compiler.get());
      }
      ids.add(catalog.newTableId());
      change.add(new Operation.PutTable(ids.getLast(), definition));
    }
    CatalogState state = catalog.commit(change.build());
    List<MergeTable> created = new ArrayList<>();
    for (long id : ids) {
      MergeTable table = MergeTable.open(context, scheduler, state.tables().get(id));
      tables.put(table);
      created.add(table);
    }
    return created;
  }

  /// Creates a materialized view, with the table it keeps its rows in where that is its own. Rows
  /// that came before are not the view's, all that come later are: inserts into the source wait
  /// while this runs.
  ///
  /// @param inner the view's own table
  /// @param populate runs when the view is there and no row can come; if it fails, the view goes
  /// @throws VarveException as [#create], and UNKNOWN_TABLE for a source that is not there
  public void createMaterializedView(
      TableDefinition view, Optional<TableDefinition> inner, Runnable populate) {
    MergeTable stored = changes.sourceOf(view);
    List<TableDefinition> definitions = new ArrayList<>();
    inner.ifPresent(definitions::add);
    definitions.add(view);
    changes.whileNothingComes(
        List.of(stored),
        () -> {
          synchronized (this) {
            create(definitions);
          }
          try {
            populate.run();
          } catch (RuntimeException | Error failed) {
            dropNow(view.name());
            throw failed;
          }
        });
  }

  /// Gives a materialized view another query. Rows that came before went through the old one.
  ///
  /// @throws VarveException UNKNOWN_TABLE for a source that is not there
  public void modifyMaterializedView(TableDefinition changed) {
    List<MergeTable> sources = new ArrayList<>(List.of(changes.sourceOf(changed)));
    context.feeds().source(tables.get(changed.name()).definition()).ifPresent(sources::add);
    changes.whileNothingComes(
        sources,
        () -> {
          synchronized (this) {
            long id = tables.get(changed.name()).id();
            CatalogState state =
                catalog.commit(CatalogChange.of(new Operation.PutTable(id, changed)));
            tables.put(MergeTable.open(context, scheduler, state.tables().get(id)));
          }
        });
  }

  /// @throws VarveException UNKNOWN_TABLE or UNKNOWN_DATABASE, with a near name
  public void drop(TableName name) {
    MergeTable table = tables.get(name);
    Optional<MergeTable> source =
        table == null ? Optional.empty() : context.feeds().source(table.definition());
    if (source.isPresent()) {
      changes.whileNothingComes(List.of(source.get()), () -> dropNow(name));
    } else {
      dropNow(name);
    }
  }

  private synchronized void dropNow(TableName name) {
    MergeTable table = tables.require(name);
    List<MergeTable> gone = new ArrayList<>(List.of(table));
    context.feeds().innerTable(table.definition()).ifPresent(gone::add);
    CatalogChange.Builder change = CatalogChange.builder();
    gone.forEach(one -> change.add(new Operation.DropTable(one.id())));
    catalog.commit(change.build());
    gone.forEach(this::end);
  }

  /// Gives tables other names, all of them in one commit; two may take each other's.
  ///
  /// @param names for each table the name it has and the one it gets
  /// @throws VarveException UNKNOWN_TABLE, UNKNOWN_DATABASE, TABLE_ALREADY_EXISTS
  public void rename(Map<TableName, TableName> names) {
    changes.whileNothingComes(
        changes.followed(names.keySet()),
        () -> {
          synchronized (this) {
            renaming.tables(names);
          }
        });
  }

  /// Gives a database another name, and with it all its tables.
  ///
  /// @throws VarveException UNKNOWN_DATABASE, DATABASE_ALREADY_EXISTS, BAD_ARGUMENTS
  public void renameDatabase(String from, String to) {
    List<TableName> names =
        tables.names().stream().filter(name -> name.database().equals(from)).toList();
    changes.whileNothingComes(
        changes.followed(names),
        () -> {
          synchronized (this) {
            renaming.database(from, to);
          }
        });
  }

  /// One state of some tables, whose files stay until it is closed.
  ///
  /// @param databases that the state names, whether they hold a table or not
  /// @param check called now and then, and may throw
  /// @throws VarveException CORRUPTED_DATA for a table with a part in quarantine
  public PinnedTables pin(List<MergeTable> wanted, Set<String> databases, Runnable check) {
    return PinnedTables.of(catalog, wanted, databases, check);
  }

  /// Takes a table out of sight until it is attached, or the engine opened, again. Its rows stay.
  ///
  /// @throws VarveException UNKNOWN_TABLE
  public void detach(TableName name) {
    changes.whileNothingComes(changes.followed(List.of(name)), () -> detachNow(name));
  }

  private synchronized void detachNow(TableName name) {
    detaching.detach(name);
  }

  /// As [#detach], and opening the engine again does not bring it back.
  ///
  /// @throws VarveException UNKNOWN_TABLE
  public void detachPermanently(TableName name) {
    changes.whileNothingComes(
        changes.followed(List.of(name)),
        () -> {
          synchronized (this) {
            detaching.detachPermanently(name);
          }
        });
  }

  /// Whether a table of this name is there and not shown.
  public boolean isDetached(TableName name) {
    return tables.detached(name).isPresent();
  }

  /// Shows a detached table again.
  ///
  /// @throws VarveException UNKNOWN_TABLE if no such table was detached, TABLE_ALREADY_EXISTS
  public void attach(TableName name) {
    List<MergeTable> sources =
        tables.detached(name).stream()
            .flatMap(known -> context.feeds().source(known.definition()).stream())
            .toList();
    changes.whileNothingComes(sources, () -> attachNow(name));
  }

  private synchronized void attachNow(TableName name) {
    detaching.attach(name);
  }

  private void end(MergeTable table) {
    tables.remove(table);
    table.end(true);
  }

  public Optional<MergeTable> table(TableName name) {
    return Optional.ofNullable(tables.get(name));
  }

  private MergeTable tableOf(long id) {
    return tables.all().stream().filter(table -> table.id() == id).findFirst().orElse(null);
  }

  /// Whether a table of this [identity][MergeTable#id()] was not dropped: it may have another name
  /// meanwhile, or be detached.
  public boolean hasTable(long id) {
    return catalog.state().tables().containsKey(id);
  }

  /// All tables and views, by name.
  public List<MergeTable> tables() {
    return tables.all().stream()
        .sorted(Comparator.comparing(table -> table.definition().name().toString()))
        .toList();
  }

  /// The table itself; of a materialized view the one that keeps its rows.
  ///
  /// @throws VarveException UNKNOWN_TABLE if that is gone
  public MergeTable storedBehind(MergeTable table) {
    return context.feeds().storedBehind(table);
  }

  /// The table that a materialized view made for itself, if it did.
  public Optional<MergeTable> innerTable(MergeTable view) {
    return context.feeds().innerTable(view.definition());
  }

  /// Whether a materialized view takes the rows of a table.
  public boolean hasViews(MergeTable table) {
    return !context.feeds().of(table).isEmpty();
  }

  /// Merges that run now, for `system.merges`.
  public List<MergeProgress> merges() {
    return tables().stream().flatMap(table -> table.runningMerges().stream()).toList();
  }

  /// Parts of all tables that are not read because they are damaged.
  public long quarantinedParts() {
    return tables.all().stream().mapToLong(table -> table.quarantined().size()).sum();
  }

  /// Blocks of inserts that were slowed down since the start, as parts had piled up.
  public long delayedInserts() {
    return tables.all().stream().mapToLong(MergeTable::delayedInserts).sum();
  }

  /// Tables whose inserts are slowed down now.
  public long delayedTables() {
    return tables.all().stream().filter(table -> !table.delayCause().isEmpty()).count();
  }

  /// Background merges that went well, and that failed, since the engine was opened.
  public long finishedMerges() {
    return scheduler.merges();
  }

  public long failedMerges() {
    return scheduler.failedMerges();
  }

  /// Whether [#close] has begun. For who holds the lock.
  boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    VarveException unwritten = end();
    // Without the lock: a catalog that follows other servers waits for a thread that may want it.
    catalog.close();
    blocks.close();
    if (unwritten != null) {
      throw unwritten;
    }
  }

  /// Ends what runs on the tables. Returns why rows could not be written, or null.
  private synchronized VarveException end() {
    VarveException unwritten = null;
    for (MergeTable table : tables.all()) {
      try {
        table.flush();
      } catch (VarveException failed) {
        unwritten = failed;
      }
    }
    try {
      context.journal().close(id -> JournaledRows.durable(context, id));
    } catch (VarveException failed) {
      unwritten = failed;
    }
    tables.all().forEach(table -> table.end(false));
    scheduler.close();
    context.timer().shutdownNow();
    context.workers().close();
    return unwritten;
  }
}
