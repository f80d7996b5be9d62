// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.access.Access;
import dev.varve.merge.access.Quota;
import dev.varve.merge.engine.MergeTable;
import dev.varve.sql.catalog.TopicAccess;
import dev.varve.sql.parse.AccessStatement;
import dev.varve.sql.parse.AlterAction;
import dev.varve.sql.parse.BackupStatement;
import dev.varve.sql.parse.ParameterValues;
import dev.varve.sql.parse.QueryShape;
import dev.varve.sql.parse.Statement;
import dev.varve.sql.parse.StatementParser;
import dev.varve.sql.parse.StatementParser.Parsed;
import dev.varve.sql.plan.OpenValues;
import dev.varve.sql.plan.PhysicalPlan;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.RowsFormats;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// A session on this engine: hands each statement to what runs it, and sees to ids, cancel and log.
final class EngineSession implements Session {
  /// The setting that says how new the state is that a statement sees.
  static final String CONSISTENCY = "read_consistency";

  /// The setting that names a change which a statement must see.
  static final String AFTER_CHANGE = "after_change";

  private static final long SYNC_MILLIS = 10_000;

  // A server that has just started may have to copy what it missed.
  private static final long CHANGE_MILLIS = 30_000;

  private final EngineParts parts;
  private final String user;
  private final boolean limited;
  private final boolean passesOn;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private String database = "";
  private String temporary = "";
  private volatile Running current;

  /// @param limited whether the user may do only what was granted
  /// @param passesOn whether statements may run at another server that is the primary
  EngineSession(EngineParts parts, String user, boolean limited, boolean passesOn) {
    this.parts = parts;
    this.user = user;
    this.limited = limited;
    this.passesOn = passesOn;
  }

  @Override
  public String database() {
    return database;
  }

  @Override
  public long change() {
    return parts.tables().change();
  }

  @Override
  public void useDatabase(String name) {
    database = new Names(parts, name, "").database(name);
  }

  @Override
  public void cancel() {
    Running running = current;
    if (running != null) {
      running.cancel();
    }
  }

  @Override
  public Optional<Result.Progress> progress() {
    return Optional.ofNullable(current).map(Running::progress);
  }

  @Override
  public void close() {
    cancel();
    if (!temporary.isEmpty()) {
      parts.tables().dropDatabase(temporary);
      parts.catalog().changed();
      temporary = "";
    }
  }

  @Override
  public List<ResultColumn> parameters(String sql) {
    Names names = new Names(parts, database, temporary);
    return new StatementParameters(parts, state(access()), names).of(sql);
  }

  @Override
  public int parameterCount(String sql) {
    return StatementParser.parse(sql, ParameterValues.UNKNOWN).parameters();
  }

  @Override
  public List<ResultColumn> describe(String sql) {
    Statement statement = StatementParser.parse(sql, ParameterValues.UNKNOWN).statement();
    SessionState state = state(access());
    Names names = new Names(parts, database, temporary);
    Schema schema = new Schema(parts, state, names);
    return switch (statement) {
      case Statement.Query query -> schema.describe(query);
      case Statement.Explain explain ->
          explain.kind().equals("ESTIMATE") ? Answers.ESTIMATE : Answers.EXPLAIN;
      case Statement.Show show -> schema.describe(query(ShowText.of(show, names)));
      case Statement.Describe describe ->
          schema.describe(query(ShowText.describe(describe.table(), names)));
      case Statement.DescribeQuery _ -> Answers.DESCRIBE;
      case Statement.ShowCreate _, Statement.ShowCreateDatabase _ -> Answers.STATEMENT;
      case Statement.ExistsTable _, Statement.ExistsDatabase _ -> Answers.RESULT;
      default -> List.of();
    };
  }

  private static Statement.Query query(String text) {
    return (Statement.Query) StatementParser.parse(text);
  }

  private Access access() {
    return limited ? parts.access().of(user) : Access.EVERYTHING;
  }

  /// The session's settings over those of the user.
  private SessionState state(Access access) {
    return new SessionState(user, database, access.settings(), temporary, access).with(settings);
  }

  @Override
  public Result execute(Request request) {
    String id = request.queryId().isEmpty() ? UUID.randomUUID().toString() : request.queryId();
    String shown = AccessText.withoutSecrets(request.sql());
    String comment =
        request
            .settings()
            .getOrDefault(QueryLog.COMMENT, settings.getOrDefault(QueryLog.COMMENT, ""));
    Running running = new Running(id, user, database, shown, comment, System.currentTimeMillis());
    parts.running().add(running);
    current = running;
    try {
      Result result = answer(awaited(request), running);
      if (!(result instanceof QueryResult)) {
        ended(running, null);
      }
      return result;
    } catch (RuntimeException | Error e) {
      ended(running, e);
      throw e;
    }
  }

  /// A request that names a change waits for it first. The plan of a query does not depend on that.
  private Request awaited(Request request) {
    if (!request.settings().containsKey(AFTER_CHANGE)) {
      return request;
    }
    awaitChange(request.settings());
    Map<String, String> others = new LinkedHashMap<>(request.settings());
    others.remove(AFTER_CHANGE);
    return request.with(others);
  }

  private void awaitChange(Map<String, String> named) {
    parts.tables().awaitChange(QuerySettings.number(named, AFTER_CHANGE), CHANGE_MILLIS);
  }

  private Result answer(Request request, Running running) {
    Access access = access();
    SessionState session = state(access);
    ReadOnly.checkSettings(session.settings(), request.settings());
    access.checkSettings(request.settings());
    SessionState state = session.with(request.settings());
    if (limited) {
      parts.access().begins(user);
    }
    QueryShape shape = QueryShape.of(request.sql(), request.positional());
    PlanCache.Key key = PlanCache.Key.of(shape.text(), shape.positional(), request, user, state);
    List<Object> values = shape.values();
    // A plan does not say what its user may read, so only who may read everything finds one.
    Optional<PlanCache.Entry> known =
        access.isUnlimited() ? parts.plans().find(key, values, parts.catalog()) : Optional.empty();
    if (known.isEmpty() && !shape.isWhole() && access.isUnlimited()) {
      // Where a literal could not be left open, the plan is kept for the text as it is.
      values = List.of();
      known = parts.plans().find(textKey(request, state), values, parts.catalog());
    }
    if (known.isPresent()) {
      return new Dispatch(request, state, running).again(known.get(), values);
    }
    Parsed parsed =
        StatementParser.parse(
            request.sql(), ParameterValues.of(request.positional(), request.named()));
    ReadOnly.check(state.settings(), parsed.statement());
    Dispatch dispatch = new Dispatch(request, state, running);
    if (passesOn && SharedChanges.isOne(parsed.statement(), dispatch.names)) {
      Optional<Result> passed = passOn(request, parsed, running);
      if (passed.isPresent()) {
        return passed.get();
      }
    }
    new Permissions(access, dispatch.names).check(parsed.statement());
    if (parsed.statement() instanceof Statement.Query query) {
      return dispatch.first(query, shape, key);
    }
    dispatch.format = parsed.format();
    dispatch.format.ifPresent(RowsFormats::requireOutput);
    return dispatch.run(parsed.statement());
  }

  /// Has the primary run a statement, if that is another server. It looks at its user's rights.
  private Optional<Result> passOn(Request request, Parsed parsed, Running running) {
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.putAll(request.settings());
    return parts
        .primary()
        .get()
        .run(new Primary.Order(user, database, request.with(all)), running)
        .map(done -> FixedResult.of(done, parsed.format(), running, parts.allocator()));
  }

  /// Settings of a query that is about to see the catalog, once that is as new as they want it.
  private SessionState fresh(SessionState own) {
    awaitChange(own.settings());
    String wanted = own.settings().getOrDefault(CONSISTENCY, "local");
    switch (wanted) {
      case "local", "" -> {}
      case "linearizable" -> parts.tables().sync(SYNC_MILLIS);
      default ->
          throw new VarveException(
              ErrorCode.BAD_ARGUMENTS,
              "setting " + CONSISTENCY + " takes local or linearizable, found \"" + wanted + "\"");
    }
    return own;
  }

  private PlanCache.Key textKey(Request request, SessionState state) {
    return PlanCache.Key.of(request.sql(), request.positional(), request, user, state);
  }

  private void ended(Running running, Throwable failure) {
    parts.running().remove(running);
    if (current == running) {
      current = null;
    }
    Result.Progress progress = running.progress();
    if (limited) {
      parts
          .access()
          .ended(
              user,
              Map.of(
                  Quota.Resource.ERRORS, failure == null ? 0L : 1L,
                  Quota.Resource.RESULT_ROWS, running.resultRows(),
                  Quota.Resource.READ_ROWS, progress.readRows(),
                  Quota.Resource.READ_BYTES, progress.readBytes(),
                  Quota.Resource.WRITTEN_ROWS, running.writtenRows(),
                  Quota.Resource.EXECUTION_TIME, running.elapsedNanos() / 1_000_000));
    }
    int number =
        failure == null
            ? 0
            : failure instanceof VarveException e
                ? e.code().number()
                : ErrorCode.LOGICAL_ERROR.number();
    parts
        .log()
        .add(
            new QueryLog.Entry(
                running.id(),
                user,
                running.database(),
                running.sql(),
                running.comment(),
                running.startedMillis(),
                running.elapsedNanos(),
                progress.readRows(),
                progress.readBytes(),
                running.writtenRows(),
                running.resultRows(),
                number,
                failure == null ? "" : String.valueOf(failure.getMessage())));
  }

  /// One statement being run.
  private final class Dispatch {
    private final Request request;
    private final SessionState state;
    private final Running running;
    private final Names names;
    private final Schema schema;
    private Optional<String> format = Optional.empty();

    Dispatch(Request request, SessionState state, Running running) {
      this.request = request;
      this.state = state;
      this.running = running;
      this.names = new Names(parts, database, temporary);
      this.schema = new Schema(parts, state, names);
      state.querySettings();
    }

    Result run(Statement statement) {
      return switch (statement) {
        case Statement.Query query -> rows(query);
        case Statement.Insert insert -> insert(insert);
        case Statement.CreateTable create -> createTable(create);
        case Statement.CreateTemporary(Statement.CreateTable create) -> createTemporary(create);
        case Statement.Show show -> rows(query(ShowText.of(show, names)));
        case Statement.Describe describe -> rows(query(ShowText.describe(describe.table(), names)));
        case Statement.Access(AccessStatement access) -> access(access);
        case Statement.Backup(BackupStatement backup) ->
            answer(Answers.BACKUP, new Backups(parts, names, running).run(backup));
        case Statement.SetSettings set -> set(set);
        case Statement.Use(String name) -> done(() -> useDatabase(name));
        case Statement.CreateDatabase create -> done(() -> schema.createDatabase(create));
        case Statement.DropDatabase drop -> done(() -> schema.dropDatabase(drop));
        case Statement.CreateFunction create ->
            done(() -> new FunctionSchema(parts.catalog(), parts.functions()).create(create));
        case Statement.DropFunction drop ->
            done(() -> new FunctionSchema(parts.catalog(), parts.functions()).drop(drop));
        case Statement.IntoFile into -> intoFile(into);
        case Statement.CreateView create -> done(() -> schema.createView(create));
        case Statement.CreateMaterializedView create -> createMaterializedView(create);
        case Statement.ModifyQuery modify ->
            done(() -> new MaterializedViewSchema(parts, names, schema).modify(modify));
        case Statement.Drop drop -> done(() -> schema.drop(drop));
        case Statement.Truncate truncate -> done(() -> schema.truncate(truncate));
        case Statement.Optimize optimize -> done(() -> optimize(optimize));
        case Statement.SystemMerges merges -> done(() -> schema.merges(merges));
        case Statement.SystemFlush flush -> done(() -> schema.flush(flush));
        case Statement.Checkpoint _ -> done(schema::checkpoint);
        case Statement.QuarantinedPart part -> done(() -> schema.quarantinedPart(part));
        case Statement.Check check -> answer(Answers.CHECK, schema.check(check));
        case Statement.Alter alter -> alter(alter);
        case Statement.Rename rename -> done(() -> schema.rename(rename));
        case Statement.RenameDatabase rename -> done(() -> schema.renameDatabase(rename));
        case Statement.Exchange exchange -> done(() -> schema.exchange(exchange));
        case Statement.Detach detach -> done(() -> schema.detach(detach));
        case Statement.Attach attach -> done(() -> schema.attach(attach));
        case Statement.Explain explain -> explain(explain);
        case Statement.DescribeQuery(Statement.Query query) ->
            answer(Answers.DESCRIBE, Answers.describe(schema.describe(query)));
        case Statement.ShowCreate(Statement.Name name) ->
            answer(Answers.STATEMENT, Answers.createTable(parts.tables(), names.get(name)));
        case Statement.ShowCreateDatabase(String name) ->
            answer(Answers.STATEMENT, Answers.createDatabase(names.database(name)));
        case Statement.ExistsTable(Statement.Name name) ->
            answer(Answers.RESULT, Answers.flag(exists(name)));
        case Statement.ExistsDatabase(String name) ->
            answer(Answers.RESULT, Answers.flag(parts.catalog().databases().contains(name)));
        case Statement.SystemSync _ -> done(() -> parts.tables().sync(SYNC_MILLIS));
        case Statement.DropReplica(String replica) ->
            done(() -> parts.primary().get().dropReplica(replica));
        case Statement.SystemNothing _ -> done(() -> {});
        case Statement.Kill kill -> kill(kill);
        case Statement.CreateTopic topic ->
            done(() -> log().create(topic.name(), topic.settings(), topic.ifNotExists()));
        case Statement.DropTopic topic -> done(() -> log().drop(topic.name(), topic.ifExists()));
      };
    }

    private TopicAccess log() {
      return parts
          .catalog()
          .topics()
          .orElseThrow(() ->
              new VarveException(
                  ErrorCode.NOT_IMPLEMENTED,
                  "there is no log here that could have topics; the server has one"));
    }

    private boolean exists(Statement.Name name) {
      return name.database().map(d -> parts.catalog().databases().contains(d)).orElse(true)
          && parts.catalog().find(names.full(name)).isPresent();
    }

    private Result done(Runnable work) {
      work.run();
      return FixedResult.done(0, running, parts.allocator());
    }

    private Result answer(List<ResultColumn> columns, List<List<Object>> rows) {
      return FixedResult.rows(columns, rows, format, running, parts.allocator());
    }

    private Result rows(Statement.Query query) {
      SessionState own = fresh(state.with(query.settings()));
      QuerySettings limits = own.querySettings();
      PhysicalPlan plan = RowQuery.plan(parts, own, query.node(), limits);
      return rows(
          limits.after().seenBy(plan, parts, own, List.of(), running),
          limits,
          new AnswerForm(format, query.hasTotals()));
    }

    /// A query that may come again.
    Result first(Statement.Query query, QueryShape shape, PlanCache.Key key) {
      query.format().ifPresent(RowsFormats::requireOutput);
      SessionState own = fresh(state.with(query.settings()));
      QuerySettings limits = own.querySettings();
      OpenValues open =
          new OpenValues(
              shape.literals().stream()
                  .map(literal -> new OpenValues.Place(literal.line(), literal.column()))
                  .toList());
      PhysicalPlan plan = RowQuery.plan(parts, own, query.node(), limits, open);
      boolean asText = !shape.isWhole() && !open.isComplete();
      if (state.access().isUnlimited()) {
        parts
            .plans()
            .keep(
                asText ? textKey(request, state) : key,
                request.sql(),
                new PlanCache.Entry(plan.prepared(), own, AnswerForm.of(query)));
      }
      return rows(
          limits.after().seenBy(plan, parts, own, List.of(), running),
          limits,
          AnswerForm.of(query));
    }

    /// A query that came before.
    Result again(PlanCache.Entry known, List<Object> values) {
      QuerySettings limits = fresh(known.settings()).querySettings();
      PhysicalPlan plan = RowQuery.plan(parts, known.settings(), known.prepared(), limits, values);
      return rows(
          limits.after().seenBy(plan, parts, known.settings(), values, running),
          limits,
          known.form());
    }

    private Result rows(PhysicalPlan plan, QuerySettings limits, AnswerForm form) {
      return new QueryResult(
          RowQuery.start(parts, plan, limits, running, false).giving(limits.limits()),
          form,
          limits.formats(),
          running,
          failure -> ended(running, failure));
    }

    private Result intoFile(Statement.IntoFile into) {
      SessionCatalog catalog = new SessionCatalog(parts.catalog(), state);
      catalog.requireFiles("INTO OUTFILE");
      FileOutput output = new FileOutput(into, catalog.files(), format.or(into.query()::format));
      SessionState own = state.with(into.query().settings());
      QuerySettings limits = own.querySettings();
      PhysicalPlan plan = RowQuery.plan(parts, own, into.query().node(), limits);
      try (RowQuery rows =
          RowQuery.start(parts, plan, limits, running, false).giving(limits.limits())) {
        boolean totals = into.query().hasTotals();
        long written = output.write(rows, totals, limits.formats(), running);
        return FixedResult.done(written, running, parts.allocator());
      }
    }

    private Result insert(Statement.Insert insert) {
      Inserts inserts = new Inserts(parts, names);
      SessionState own = state.with(insert.settings());
      own.querySettings();
      long rows =
          switch (insert.source()) {
            case Statement.Source.Select(Statement.Query query) ->
                inserts.select(insert, query, own.with(query.settings()), running);
            case Statement.Source.File file -> {
              SessionCatalog catalog = new SessionCatalog(parts.catalog(), state);
              catalog.requireFiles("FROM INFILE");
              yield inserts.files(insert, file, catalog.files(), own.querySettings(), running);
            }
            default -> inserts.read(insert, request, own.querySettings(), running);
          };
      running.wrote(rows);
      return FixedResult.done(rows, running, parts.allocator());
    }

    /// What has reached its age goes first, so that one OPTIMIZE … FINAL leaves nothing of it.
    private void optimize(Statement.Optimize optimize) {
      MergeTable table = names.get(optimize.table());
      Optional<String> partition =
          optimize.partition().flatMap(new PartitionText(parts, table)::id);
      boolean isTold = partition.isEmpty() || !table.combinesAcrossPartitions();
      if (optimize.whole() && !table.definition().isView() && isTold) {
        new Ttl(parts, state, running, table).apply(partition);
      }
      schema.optimize(optimize, partition);
    }

    private Result alter(Statement.Alter alter) {
      SessionState own = state.with(alter.settings());
      own.querySettings();
      long rows = new Alters(parts, own, names, running).run(alter);
      running.wrote(rows);
      return FixedResult.done(rows, running, parts.allocator());
    }

    /// Temporary tables stand in a database of the session, which goes with it.
    private Result createTemporary(Statement.CreateTable create) {
      if (create.name().database().isPresent()) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS, "a temporary table has no database; leave it out");
      }
      if (temporary.isEmpty()) {
        String name = SqlEngine.TEMPORARY + UUID.randomUUID().toString().replace("-", "");
        parts.tables().createDatabase(name);
        parts.catalog().changed();
        temporary = name;
      }
      return createTable(create.in(temporary));
    }

    private Result createTable(Statement.CreateTable create) {
      Optional<MergeTable> created = schema.createTable(create);
      if (created.isPresent() && create.clones()) {
        Statement.Partition all = new Statement.Partition(Statement.Partition.Kind.ALL, "");
        return alter(
            new Statement.Alter(
                create.name(),
                List.of(new AlterAction.CopyPartition(all, create.asTable().orElseThrow(), false)),
                Map.of()));
      }
      if (created.isEmpty() || create.asQuery().isEmpty()) {
        return FixedResult.done(0, running, parts.allocator());
      }
      Statement.Query query = create.asQuery().get();
      Statement.Insert insert =
          new Statement.Insert(
              create.name(), List.of(), new Statement.Source.Select(query), Map.of());
      return insert(insert);
    }

    private Result createMaterializedView(Statement.CreateMaterializedView create) {
      Statement.Query query = create.table().asQuery().orElseThrow();
      Statement.Insert insert =
          new Statement.Insert(
              create.table().name(), List.of(), new Statement.Source.Select(query), Map.of());
      new MaterializedViewSchema(parts, names, schema)
          .create(create, create.populate() ? () -> insert(insert).close() : () -> {});
      return FixedResult.done(0, running, parts.allocator());
    }

    private Result access(AccessStatement statement) {
      return new AccessStatements(parts.access(), state.access(), user, names)
          .run(statement)
          .map(lines ->
              answer(Answers.STATEMENT, lines.stream().<List<Object>>map(List::of).toList()))
          .orElseGet(() -> FixedResult.done(0, running, parts.allocator()));
    }

    private Result set(Statement.SetSettings set) {
      state.access().checkSettings(set.settings());
      Map<String, String> changed = new LinkedHashMap<>(settings);
      changed.putAll(set.settings());
      QuerySettings.of(changed);
      settings.putAll(set.settings());
      return FixedResult.done(0, running, parts.allocator());
    }

    private Result explain(Statement.Explain explain) {
      boolean indexes = Answers.explainsIndexes(explain.options());
      SessionState own = state.with(explain.query().settings());
      QuerySettings limits = own.querySettings();
      Optional<String> into =
          explain
              .into()
              .map(insert -> "Insert into " + names.get(insert.table()).definition().name());
      if (explain.runs().isPresent()) {
        return analyze(explain.runs().get(), explain.query(), own, into);
      }
      try (PhysicalPlan plan = RowQuery.plan(parts, own, explain.query().node(), limits)) {
        if (explain.kind().equals("ESTIMATE")) {
          return answer(Answers.ESTIMATE, Answers.estimates(plan.estimates()));
        }
        if (indexes) {
          return answer(Answers.EXPLAIN, Answers.lines(plan.explainIndexes()));
        }
        if (!explain.kind().equals("ANALYZE")) {
          return answer(Answers.EXPLAIN, Answers.into(into, Answers.lines(plan.explain())));
        }
        try (RowQuery query = RowQuery.start(parts, plan, limits, running, true)) {
          while (query.next() != null) {
            running.check();
          }
          return answer(Answers.EXPLAIN, Answers.analyze(plan.root(), query.context()));
        }
      }
    }

    /// Runs an INSERT, rows and all, and says what its operators did.
    private Result analyze(
        Statement.Insert insert, Statement.Query query, SessionState state, Optional<String> into) {
      List<List<Object>> lines = new ArrayList<>();
      long rows =
          new Inserts(parts, names)
              .select(
                  insert,
                  query,
                  state,
                  running,
                  done -> lines.addAll(Answers.analyze(done.plan().root(), done.context())));
      running.wrote(rows);
      Optional<String> wrote = into.map(line -> line + "  (rows " + rows + ")");
      return answer(Answers.EXPLAIN, Answers.into(wrote, lines));
    }

    private Result kill(Statement.Kill kill) {
      if (kill.mutation()) {
        return answer(Answers.KILLED, List.of());
      }
      Statement.Query query =
          // With its table before it, "user" is a column and not the function without parentheses.
          query(
              "SELECT query_id, p.\"user\", query FROM system.processes p WHERE "
                  + kill.condition());
      QuerySettings limits = state.querySettings();
      PhysicalPlan plan = RowQuery.plan(parts, state, query.node(), limits);
      try (RowQuery found = RowQuery.start(parts, plan, limits, running, false)) {
        return answer(Answers.KILLED, Answers.kill(found, parts.running(), running, kill.how()));
      }
    }
  }
}
