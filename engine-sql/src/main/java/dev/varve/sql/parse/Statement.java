// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.table.Constraint;
import dev.varve.storage.table.Projection;
import dev.varve.storage.table.SkipIndex;
import dev.varve.storage.table.TtlRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.sql.SqlNode;

/// One statement, read and not yet judged: names may not exist, types may not fit.
///
/// Expressions of definitions are kept as the text the user wrote.
public sealed interface Statement {
  /// A name of a table as written; without a database, the session's counts.
  record Name(Optional<String> database, String table) {
    @Override
    public String toString() {
      return database.map(d -> d + "." + table).orElse(table);
    }
  }

  /// SELECT, WITH, VALUES.
  ///
  /// @param settings of its SETTINGS clauses
  /// @param format of its FORMAT clause
  record Query(SqlNode node, String text, Map<String, String> settings, Optional<String> format)
      implements Statement {
    /// Whether the last row is that of the totals.
    public boolean hasTotals() {
      return node instanceof TotalledQuery;
    }
  }

  /// @param kind PLAN, PIPELINE, SYNTAX, ESTIMATE, ANALYZE
  /// @param options such as `indexes = 1`
  /// @param into the INSERT whose query is explained; ANALYZE runs it
  record Explain(String kind, Map<String, String> options, Query query, Optional<Insert> into)
      implements Statement {
    /// The INSERT that this statement runs, if it runs one.
    public Optional<Insert> runs() {
      return kind.equals("ANALYZE") ? into : Optional.empty();
    }
  }

  /// @param columns empty for all insertable ones
  record Insert(Name table, List<String> columns, Source source, Map<String, String> settings)
      implements Statement {}

  /// Where the rows of an INSERT come from.
  sealed interface Source {
    /// `VALUES`; the first row begins at this offset of the text.
    record Values(int offset) implements Source {}

    /// `FORMAT name`; data begins at this offset of the text, or stands outside it.
    record Format(String name, int offset) implements Source {}

    record Select(Query query) implements Source {}

    /// Files, whose names may hold `*`.
    ///
    /// @param compression as the statement names it; else the file's ending tells
    /// @param format as the statement names it; else the file's ending tells
    record File(String path, Optional<String> compression, Optional<String> format)
        implements Source {}
  }

  /// SELECT … INTO OUTFILE.
  ///
  /// @param compression as the statement names it; else the file's ending tells
  record IntoFile(Query query, String path, Existing existing, Optional<String> compression)
      implements Statement {
    /// What becomes of a file that is there.
    public enum Existing {
      REFUSED,
      APPENDED,
      REPLACED
    }
  }

  /// @param lambda the text of its arguments and body
  record CreateFunction(String name, boolean ifNotExists, boolean orReplace, String lambda)
      implements Statement {}

  record DropFunction(String name, boolean ifExists) implements Statement {}

  record CreateDatabase(String name, boolean ifNotExists) implements Statement {}

  record DropDatabase(String name, boolean ifExists) implements Statement {}

  /// @param asTable the table whose columns (and engine, if none is given) are taken
  /// @param orderBy absent where the clause is; empty for `tuple()`
  /// @param clones whether the rows of that table are taken too
  record CreateTable(
      Name name,
      boolean ifNotExists,
      boolean orReplace,
      List<Column> columns,
      Optional<Engine> engine,
      Optional<List<String>> orderBy,
      Optional<List<String>> primaryKey,
      List<String> partitionBy,
      Optional<String> sampleBy,
      List<TtlRule> ttls,
      List<SkipIndex> indexes,
      List<Constraint> constraints,
      List<Projection> projections,
      Map<String, String> settings,
      String comment,
      Optional<Name> asTable,
      Optional<Query> asQuery,
      boolean clones)
      implements Statement {
    /// The same table in this database.
    public CreateTable in(String database) {
      return new CreateTable(
          new Name(Optional.of(database), name.table()),
          ifNotExists,
          orReplace,
          columns,
          engine,
          orderBy,
          primaryKey,
          partitionBy,
          sampleBy,
          ttls,
          indexes,
          constraints,
          projections,
          settings,
          comment,
          asTable,
          asQuery,
          clones);
    }
  }

  /// CREATE TEMPORARY TABLE: the session's own, until it ends.
  record CreateTemporary(CreateTable table) implements Statement {}

  /// @param settings of a dictionary, see [DictionaryKeys]; else none
  record CreateView(
      Name name,
      boolean ifNotExists,
      boolean orReplace,
      Query query,
      String comment,
      Map<String, String> settings)
      implements Statement {
    public CreateView(
        Name name, boolean ifNotExists, boolean orReplace, Query query, String comment) {
      this(name, ifNotExists, orReplace, query, comment, Map.of());
    }
  }

  /// @param table name, columns and query of the view, and the clauses of its own table
  /// @param to the table that takes the rows, absent where the view has its own
  record CreateMaterializedView(CreateTable table, Optional<Name> to, boolean populate)
      implements Statement {}

  /// ALTER TABLE … MODIFY QUERY of a materialized view.
  record ModifyQuery(Name view, Query query) implements Statement {}

  /// A column of a CREATE TABLE.
  ///
  /// @param type spelling of the type, absent where the expression gives it
  /// @param nullable what `NULL` (true) or `NOT NULL` (false) said
  record Column(
      String name,
      Optional<String> type,
      Optional<Boolean> nullable,
      ColumnDefinition.Kind kind,
      String expression,
      String codec,
      Optional<String> ttl,
      boolean primaryKey,
      String comment) {}

  record Engine(String name, List<String> arguments) {}

  record Drop(List<Name> tables, boolean ifExists, boolean view) implements Statement {}

  record Truncate(Name table, boolean ifExists) implements Statement {}

  record Rename(List<Name> from, List<Name> to) implements Statement {}

  record RenameDatabase(String from, String to) implements Statement {}

  record Exchange(Name one, Name other) implements Statement {}

  /// @param permanently whether it stays out of sight after a restart too
  record Detach(Name table, boolean ifExists, boolean permanently) implements Statement {}

  /// @param definition of the table to make where none of this name is detached
  record Attach(Name table, boolean ifNotExists, Optional<CreateTable> definition)
      implements Statement {}

  /// ALTER TABLE, DELETE and UPDATE.
  record Alter(Name table, List<AlterAction> actions, Map<String, String> settings)
      implements Statement {}

  /// A partition or part as a statement names it.
  ///
  /// @param text the value as written, or the id or part without quotes; empty for ALL
  record Partition(Kind kind, String text) {
    public enum Kind {
      VALUE,
      ID,
      ALL,
      PART
    }
  }

  record ExistsTable(Name table) implements Statement {}

  record ExistsDatabase(String database) implements Statement {}

  /// @param whole FINAL: until each partition has one part
  /// @param cleanup whether deleted rows go whatever their grace time
  /// @param deduplicate which rows count as duplicates, absent to keep all
  record Optimize(
      Name table,
      Optional<Partition> partition,
      boolean whole,
      boolean cleanup,
      Optional<Deduplicate> deduplicate)
      implements Statement {}

  /// DEDUPLICATE [BY ...]: rows are duplicates when they are equal in some columns.
  ///
  /// @param columns names; empty for all columns, or those that match
  /// @param except names that are left out of all columns
  /// @param pattern a regular expression that names must match, or empty
  record Deduplicate(List<String> columns, List<String> except, String pattern) {}

  /// @param what databases, tables, columns, settings, functions, processlist, engines, formats,
  ///   topics
  /// @param database of tables, or of the table whose columns are shown
  /// @param like pattern of names
  record Show(What what, Optional<String> database, Optional<Name> table, Optional<Like> like)
      implements Statement {
    public enum What {
      DATABASES,
      TABLES,
      FULL_TABLES,
      COLUMNS,
      FULL_COLUMNS,
      INDEXES,
      SETTINGS,
      FUNCTIONS,
      PROCESSLIST,
      ENGINES,
      FORMATS,
      TOPICS
    }
  }

  record Like(String pattern, boolean negated, boolean ignoreCase) {}

  /// @param settings by the names of Kafka's clients, dots written as underscores
  record CreateTopic(String name, boolean ifNotExists, Map<String, String> settings)
      implements Statement {}

  record DropTopic(String name, boolean ifExists) implements Statement {}

  record ShowCreate(Name table) implements Statement {}

  record ShowCreateDatabase(String database) implements Statement {}

  record Describe(Name table) implements Statement {}

  record DescribeQuery(Query query) implements Statement {}

  record Use(String database) implements Statement {}

  /// BACKUP and RESTORE.
  record Backup(BackupStatement statement) implements Statement {}

  /// CREATE USER, GRANT and the like.
  record Access(AccessStatement statement) implements Statement {}

  record SetSettings(Map<String, String> settings) implements Statement {}

  /// @param table absent for all tables
  record SystemMerges(boolean start, boolean ttl, Optional<Name> table) implements Statement {}

  /// SYSTEM FLUSH LOGS and its kin.
  record SystemFlush(Optional<Name> table) implements Statement {}

  /// SYSTEM RESTORE or DROP QUARANTINED PART.
  ///
  /// @param restore false gives the rows up
  record QuarantinedPart(boolean restore, String part, Name table) implements Statement {}

  /// CHECK TABLE.
  ///
  /// @param part the name of one part, absent for all
  record Check(Name table, Optional<String> part) implements Statement {}

  /// CHECKPOINT: all rows in memory to parts, and the merges that are due done.
  record Checkpoint() implements Statement {}

  /// SYSTEM SYNC REPLICA and its kin: queries behind it see all that any server acknowledged
  /// before. A cluster has one state of all its tables, so whose replica is meant makes no
  /// difference.
  record SystemSync() implements Statement {}

  /// SYSTEM DROP REPLICA: a server is of the cluster no more.
  ///
  /// @param replica as the statement names it: the number of the server
  record DropReplica(String replica) implements Statement {}

  /// What SYSTEM asks for where there is nothing to do, as for caches that are not.
  record SystemNothing() implements Statement {}

  /// KILL QUERY or KILL MUTATION.
  ///
  /// @param mutation whether mutations are meant; they end with their statement
  /// @param condition over `system.processes`, as text
  record Kill(boolean mutation, String condition, How how) implements Statement {
    public enum How {
      /// Says so when the queries have ended.
      SYNC,
      /// Says so at once.
      ASYNC,
      /// Only shows what would end.
      TEST
    }
  }
}
