// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.access.AccessControl;
import dev.varve.merge.access.User;
import dev.varve.merge.engine.MergeEngine;
import dev.varve.sql.catalog.EngineCatalog;
import dev.varve.sql.catalog.Relation;
import dev.varve.sql.catalog.TopicAccess;
import dev.varve.sql.catalog.UserFiles;
import dev.varve.sql.execute.WorkerPool;
import dev.varve.sql.function.FunctionRegistry;
import dev.varve.sql.operator.EngineMemory;
import dev.varve.sql.plan.DefinitionCompiler;
import dev.varve.sql.plan.Planner;
import dev.varve.sql.spill.SpillSpace;
import dev.varve.sql.systemtables.ConstantTables;
import dev.varve.sql.systemtables.EngineTables;
import dev.varve.sql.systemtables.FurtherTables;
import dev.varve.storage.table.ExpressionCompiler;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.memory.BufferAllocator;

/// SQL over one merge engine, whose expressions it compiles. Safe for threads; sessions are not.
/// Closing it cancels what runs; the merge engine and the allocator stay the caller's.
public final class SqlEngine implements AutoCloseable {
  /// Plans kept for the next time.
  private static final int PLANS = 512;

  /// How the names of databases of temporary tables begin.
  static final String TEMPORARY = "_temporary_";

  private final EngineParts parts;
  private final WorkerPool workers;

  /// @param threads workers that all queries share
  /// @param systemTables what the server adds to `system.*`
  public SqlEngine(
      MergeEngine tables, BufferAllocator allocator, int threads, List<SystemTable> systemTables) {
    this.workers = new WorkerPool(threads);
    FunctionRegistry functions = FunctionRegistry.standard();
    Planner planner = new Planner(functions, allocator);
    DefinitionCompiler compiler = new DefinitionCompiler(planner);
    RunningQueries running = new RunningQueries();
    QueryLog log = new QueryLog();
    BackupLog backups = new BackupLog();
    EngineCatalog catalog = catalog(tables, functions, running, log, backups, systemTables);
    EngineMemory memory =
        new EngineMemory(
            allocator,
            tables.blocks(),
            SpillSpace.open(tables.directory().resolve("tmp")),
            Runtime.getRuntime().maxMemory());
    this.parts =
        new EngineParts(
            tables,
            catalog,
            planner,
            functions,
            compiler,
            allocator,
            memory,
            workers,
            threads,
            new PlanCache(PLANS),
            running,
            log,
            backups,
            AccessControl.open(tables.states(), InstantSource.system()),
            new AtomicReference<>(Primary.HERE));
    dropLeft(tables);
    tables
        .following()
        .whenStatesChange(() -> {
          parts.access().reload();
          catalog.functions().reload();
          catalog.changed();
        });
    tables.plug(new MaterializedViews(parts));
    tables.plug(compiler);
    tables.plug(new BackgroundTtl(parts));
  }

  /// Drops what sessions left that a crash ended. In a cluster they may be those of another server.
  private static void dropLeft(MergeEngine tables) {
    if (!tables.isShared()) {
      tables.databases().stream()
          .filter(name -> name.startsWith(TEMPORARY))
          .toList()
          .forEach(tables::dropDatabase);
    }
  }

  private static EngineCatalog catalog(
      MergeEngine tables,
      FunctionRegistry functions,
      RunningQueries running,
      QueryLog log,
      BackupLog backups,
      List<SystemTable> added) {
    AtomicReference<EngineCatalog> itself = new AtomicReference<>();
    List<Relation.Rows> system =
        new ArrayList<>(new EngineTables(tables, () -> itself.get().systemTables()).all());
    system.addAll(ConstantTables.all(functions));
    system.addAll(FurtherTables.all(tables));
    system.add(ActivityTables.processes(running));
    system.add(ActivityTables.queryLog(log));
    system.add(backups.table());
    system.add(ActivityTables.settings());
    added.forEach(table -> system.add(ActivityTables.of(table)));
    itself.set(new EngineCatalog(tables, system));
    return itself.get();
  }

  /// Has statements create, drop and read topics of a log.
  public void plug(TopicAccess log) {
    parts.catalog().plug(log);
  }

  /// Has statements read and write only these files, as a server should.
  public void plug(UserFiles files) {
    parts.catalog().plug(files);
  }

  /// Has BACKUP and RESTORE name only these folders, as a server should.
  public void plugBackups(UserFiles folders) {
    parts.backups().plug(folders);
  }

  /// Has statements that change what several servers share run where their changes are made.
  public void plug(Primary primary) {
    parts.primary().set(primary);
  }

  /// A session of this user that nothing is refused; an empty database is `default`.
  ///
  /// @throws dev.varve.storage.error.VarveException UNKNOWN_DATABASE
  public Session open(String user, String database) {
    EngineSession session = new EngineSession(parts, user, false, true);
    session.useDatabase(database.isEmpty() ? MergeEngine.DEFAULT_DATABASE : database);
    return session;
  }

  /// A session of a client that has said who it is: it may do what its user may. An empty database
  /// is the user's own.
  ///
  /// @throws dev.varve.storage.error.VarveException UNKNOWN_DATABASE
  public Session openFor(String user, String database) {
    return openFor(user, database, true);
  }

  /// The same for a statement that another server of the cluster sent here: it runs here or not at
  /// all.
  public Session openPassedOn(String user, String database) {
    return openFor(user, database, false);
  }

  private Session openFor(String user, String database, boolean passesOn) {
    EngineSession session = new EngineSession(parts, user, true, passesOn);
    User known = parts.access().state().users().get(user);
    String own = known == null ? "" : known.database();
    String wanted = database.isEmpty() ? own : database;
    session.useDatabase(wanted.isEmpty() ? MergeEngine.DEFAULT_DATABASE : wanted);
    return session;
  }

  /// The last change that this server has of those that several share; 0 where it is alone.
  public long change() {
    return parts.tables().change();
  }

  /// Users and what they may do.
  public AccessControl access() {
    return parts.access();
  }

  /// Evaluates the expressions of definitions: for defaults of rows that come another way than SQL.
  public ExpressionCompiler compiler() {
    return parts.compiler();
  }

  /// Cancels a running query. Returns whether there was one of this id.
  public boolean kill(String queryId) {
    return parts.running().cancel(queryId);
  }

  /// Queries that found the plan of an earlier one.
  public long planCacheHits() {
    return parts.plans().hits();
  }

  /// Statements that did not.
  public long planCacheMisses() {
    return parts.plans().misses();
  }

  /// Plans kept for the next time.
  public long plansKept() {
    return parts.plans().size();
  }

  /// What queries hold together, and where they spill.
  public EngineMemory memory() {
    return parts.memory();
  }

  @Override
  public void close() {
    parts.running().cancelAll();
    workers.close();
  }
}
