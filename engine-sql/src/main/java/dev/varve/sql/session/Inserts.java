// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.engine.CommitNotes;
import dev.varve.merge.engine.InsertClaim;
import dev.varve.merge.engine.MergeTable;
import dev.varve.merge.engine.TableInsert;
import dev.varve.sql.catalog.UserFiles;
import dev.varve.sql.execute.PiecewiseRows;
import dev.varve.sql.parse.ParameterValues;
import dev.varve.sql.parse.Statement;
import dev.varve.sql.plan.PhysicalPlan;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.file.FileErrors;
import dev.varve.storage.format.FileCoding;
import dev.varve.storage.format.FormatSettings;
import dev.varve.storage.format.RowBuilders;
import dev.varve.storage.format.RowPieces;
import dev.varve.storage.format.RowsFormats;
import dev.varve.storage.format.RowsReader;
import dev.varve.storage.format.SchemaInference;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/// Runs INSERTs: rows from literals, from a format, from a query. All rows become visible at once
/// or none does.
final class Inserts {
  private final EngineParts parts;
  private final Names names;

  /// Rows as they come.
  @FunctionalInterface
  private interface Feed {
    /// At most a batch of rows, or null at the end. They live until the next call.
    RowBuilders next(Scratch scratch) throws IOException;
  }

  Inserts(EngineParts parts, Names names) {
    this.parts = parts;
    this.names = names;
  }

  /// Rows that stand in the text or come as a stream. Returns their number.
  long read(Statement.Insert insert, Request request, QuerySettings settings, Running running) {
    MergeTable table = target(insert);
    return once(
        table, settings, running, notes -> read(insert, table, request, settings, notes, running));
  }

  /// Runs an INSERT unless one of its token is in the table already.
  private static long once(
      MergeTable table,
      QuerySettings settings,
      Running running,
      ToLongFunction<CommitNotes> inserting) {
    String token = settings.insertToken();
    if (token.isEmpty()) {
      return inserting.applyAsLong(CommitNotes.NONE);
    }
    try (InsertClaim claim = table.claim(token, running::check)) {
      return claim.isKnown() ? 0 : inserting.applyAsLong(CommitNotes.token(token));
    }
  }

  private long read(
      Statement.Insert insert,
      MergeTable table,
      Request request,
      QuerySettings settings,
      CommitNotes notes,
      Running running) {
    InsertColumns columns =
        new InsertColumns(table, insert.columns(), parts.compiler()).in(settings.dialect().zone());
    try (Scratch constants = new Scratch(parts.allocator());
        TableInsert rows = table.insert(settings.journalsInserts())) {
      switch (insert.source()) {
        case Statement.Source.Values(int offset) ->
            values(rows, columns, offset, request, constants, running);
        case Statement.Source.Format(String name, int offset) -> {
          if (name.equalsIgnoreCase("Values")) {
            values(rows, columns, offset, request, constants, running);
          } else {
            write(rows, columns, name, data(offset, request), settings.formats(), running);
          }
        }
        case Statement.Source.Select _, Statement.Source.File _ ->
            throw new IllegalStateException("what stands elsewhere is read elsewhere");
      }
      return rows.commit(notes);
    } catch (IOException e) {
      throw new VarveException(
          ErrorCode.NETWORK_ERROR, "the rows of the INSERT broke off: " + e.getMessage(), e);
    }
  }

  private void values(
      TableInsert insert,
      InsertColumns columns,
      int offset,
      Request request,
      Scratch constants,
      Running running)
      throws IOException {
    byte[] text;
    try (InputStream data = data(offset, request)) {
      text = data.readAllBytes();
    }
    ParameterValues open = ParameterValues.of(request.positional(), request.named());
    try (RowsReader reader =
        new ValuesReader(text, columns.given(), parts.compiler(), open, constants)) {
      write(insert, columns, reader, running);
    }
  }

  /// What stands behind the statement's head: in the text, in the stream, or the one after the
  /// other.
  private static InputStream data(int offset, Request request) {
    String inline = withoutLineBreak(request.sql().substring(offset));
    if (request.data().isPresent()) {
      InputStream stream = request.data().get();
      return inline.isBlank()
          ? stream
          : new java.io.SequenceInputStream(
              new ByteArrayInputStream(inline.getBytes(StandardCharsets.UTF_8)), stream);
    }
    return new ByteArrayInputStream(inline.getBytes(StandardCharsets.UTF_8));
  }

  /// Blanks and one line break between the head and the rows belong to neither.
  private static String withoutLineBreak(String text) {
    int from = 0;
    while (from < text.length() && (text.charAt(from) == ' ' || text.charAt(from) == '\t')) {
      from++;
    }
    if (from < text.length() && text.charAt(from) == '\r') {
      from++;
    }
    if (from < text.length() && text.charAt(from) == '\n') {
      return text.substring(from + 1);
    }
    return from > 0 ? text.substring(1) : text;
  }

  /// Rows of a format, read on several threads where it allows that.
  private void write(
      TableInsert insert,
      InsertColumns columns,
      String format,
      InputStream in,
      FormatSettings settings,
      Running running)
      throws IOException {
    Optional<RowPieces> pieces = RowsFormats.pieces(format, in, columns.given(), settings);
    if (pieces.isEmpty()) {
      try (RowsReader reader = RowsFormats.reader(format, in, columns.given(), settings)) {
        write(insert, columns, reader, running);
      }
      return;
    }
    try (PiecewiseRows rows =
        new PiecewiseRows(
            pieces.get(), columns.given(), parts.allocator(), parts.workers(), parts.threads())) {
      write(insert, columns, _ -> rows.next(), running);
    }
  }

  private void write(TableInsert insert, InsertColumns columns, RowsReader reader, Running running)
      throws IOException {
    Feed feed =
        scratch -> {
          RowBuilders builders = new RowBuilders(columns.given(), scratch);
          return reader.read(builders, Batch.MAX_ROWS) == 0 ? null : builders;
        };
    write(insert, columns, feed, running);
  }

  private void write(TableInsert insert, InsertColumns columns, Feed feed, Running running)
      throws IOException {
    try (Scratch scratch = new Scratch(parts.allocator())) {
      while (true) {
        running.check();
        scratch.reset();
        RowBuilders rows = feed.next(scratch);
        if (rows == null) {
          return;
        }
        insert.write(columns.complete(rows.build(), rows::omitted, scratch));
      }
    }
  }

  /// Rows of files, all of them or none. Returns their number.
  long files(
      Statement.Insert insert,
      Statement.Source.File source,
      UserFiles allowed,
      QuerySettings settings,
      Running running) {
    MergeTable table = target(insert);
    return once(
        table,
        settings,
        running,
        notes ->
            files(insert, table, source, allowed.all(source.path()), settings, notes, running));
  }

  private long files(
      Statement.Insert insert,
      MergeTable table,
      Statement.Source.File source,
      List<Path> files,
      QuerySettings settings,
      CommitNotes notes,
      Running running) {
    InsertColumns columns =
        new InsertColumns(table, insert.columns(), parts.compiler()).in(settings.dialect().zone());
    try (TableInsert rows = table.insert(settings.journalsInserts())) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        String format =
            source
                .format()
                .or(() -> SchemaInference.formatOf(name))
                .orElseThrow(() ->
                    new VarveException(
                        ErrorCode.BAD_ARGUMENTS,
                        "the name of " + file + " does not tell its format; add FORMAT"));
        try (InputStream in =
            FileCoding.of(name, source.compression()).decoded(Files.newInputStream(file))) {
          write(rows, columns, format, in, settings.formats(), running);
        } catch (IOException e) {
          throw FileErrors.of("read", file, e);
        } catch (VarveException e) {
          throw new VarveException(e.code(), file + ": " + e.getMessage(), e);
        }
      }
      return rows.commit(notes);
    }
  }

  /// Rows of a query. Returns their number.
  long select(Statement.Insert insert, Statement.Query query, SessionState state, Running running) {
    return select(insert, query, state, running, null);
  }

  /// @param done sees the query, which is then measured, after its rows are inserted; or null
  long select(
      Statement.Insert insert,
      Statement.Query query,
      SessionState state,
      Running running,
      Consumer<RowQuery> done) {
    MergeTable table = target(insert);
    return once(
        table,
        state.querySettings(),
        running,
        notes -> select(insert, table, query, state, notes, running, done));
  }

  private long select(
      Statement.Insert insert,
      MergeTable table,
      Statement.Query query,
      SessionState state,
      CommitNotes notes,
      Running running,
      Consumer<RowQuery> done) {
    InsertColumns columns = new InsertColumns(table, insert.columns(), parts.compiler());
    QuerySettings settings = state.querySettings();
    PhysicalPlan plan =
        settings
            .after()
            .seenBy(
                RowQuery.plan(parts, state, query.node(), settings),
                parts,
                state,
                List.of(),
                running);
    ConvertedRows converted;
    try {
      converted = converted(plan, columns, table);
    } catch (RuntimeException e) {
      plan.close();
      throw e;
    }
    try (RowQuery rows = RowQuery.start(parts, plan, settings, running, done != null);
        TableInsert target = table.insert(settings.journalsInserts());
        Scratch scratch = new Scratch(parts.allocator())) {
      for (Batch batch = rows.next(); batch != null; batch = rows.next()) {
        scratch.reset();
        target.write(converted.of(batch, scratch));
      }
      long inserted = target.commit(notes);
      if (done != null) {
        done.accept(rows);
      }
      return inserted;
    }
  }

  private ConvertedRows converted(PhysicalPlan plan, InsertColumns columns, MergeTable table) {
    List<ColumnDefinition> given = columns.given();
    if (plan.columns().size() != given.size()) {
      throw new VarveException(
          ErrorCode.NUMBER_OF_COLUMNS_DOESNT_MATCH,
          "the query gives "
              + plan.columns().size()
              + " columns, table "
              + table.definition().name()
              + " takes "
              + given.size()
              + ": "
              + given.stream().map(ColumnDefinition::name).toList());
    }
    ConvertedRows converted = new ConvertedRows(parts, columns);
    for (int i = 0; i < given.size(); i++) {
      converted.add(i, plan.columns().get(i).type());
    }
    return converted;
  }

  private MergeTable target(Statement.Insert insert) {
    MergeTable table = names.stored(names.get(insert.table()));
    if (table.definition().isView()) {
      throw new VarveException(
          ErrorCode.READONLY,
          "\"" + table.definition().name() + "\" is a view; insert into the tables it reads");
    }
    if (table.definition().readsOutside()) {
      throw new VarveException(
          ErrorCode.READONLY,
          "\""
              + table.definition().name()
              + "\" reads the topics "
              + table.definition().settings().get("kafka_topic_list")
              + " of another cluster; produce to these, or insert into what its views fill");
    }
    return table;
  }
}
