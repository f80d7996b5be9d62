// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.frames;

import dev.varve.sql.session.Request;
import dev.varve.sql.session.Result;
import dev.varve.sql.session.ResultColumn;
import dev.varve.sql.session.Session;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// A session that gives prepared answers to known statements and remembers what it was asked.
final class CannedSession implements Session {
  private record Answer(List<ResultColumn> columns, Supplier<BatchSource> rows) {}

  final List<Request> requests = new ArrayList<>();
  final List<String> data = new ArrayList<>();
  private final Map<String, Answer> answers = new HashMap<>();
  private String database = "default";

  /// Answers a statement with these batches.
  CannedSession on(String sql, List<ResultColumn> columns, Supplier<BatchSource> rows) {
    answers.put(sql, new Answer(columns, rows));
    return this;
  }

  @Override
  public Result execute(Request request) {
    requests.add(request);
    data.add(request.data().map(CannedSession::readAll).orElse(""));
    if (request.sql().startsWith("USE ")) {
      database = request.sql().substring(4);
    }
    Answer answer = answers.get(request.sql());
    if (answer != null) {
      return new Canned(answer.columns(), answer.rows().get(), 0);
    }
    if (request.sql().startsWith("SELECT") && !request.sql().equals("SELECT 1")) {
      throw new VarveException(ErrorCode.UNKNOWN_TABLE, "no answer to " + request.sql());
    }
    return new Canned(List.of(), BatchSource.empty(), request.data().isPresent() ? 7 : 0);
  }

  private static String readAll(java.io.InputStream in) {
    try {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public List<ResultColumn> describe(String sql) {
    Answer answer = answers.get(sql);
    return answer == null ? List.of() : answer.columns();
  }

  @Override
  public List<ResultColumn> parameters(String sql) {
    return List.of();
  }

  @Override
  public int parameterCount(String sql) {
    return (int) sql.chars().filter(c -> c == '?').count();
  }

  @Override
  public void cancel() {}

  @Override
  public Optional<Result.Progress> progress() {
    return Optional.of(new Result.Progress(7, 70, 700, 1));
  }

  @Override
  public long change() {
    return 17;
  }

  @Override
  public String database() {
    return database;
  }

  @Override
  public void useDatabase(String name) {
    if (name.equals("nowhere")) {
      throw new VarveException(ErrorCode.UNKNOWN_DATABASE, "no database \"nowhere\"");
    }
    database = name;
  }

  @Override
  public void close() {}

  private record Canned(List<ResultColumn> columns, BatchSource batches, long writtenRows)
      implements Result {
    @Override
    public Optional<String> format() {
      return Optional.empty();
    }

    @Override
    public Progress progress() {
      return new Progress(11, 22, 33, 44);
    }

    @Override
    public void close() {}
  }

  /// Batches made one at a time while they are taken.
  interface Maker {
    Batch make(int index);
  }

  static Supplier<BatchSource> batches(int count, Maker maker) {
    return () ->
        new BatchSource() {
          private int next;

          @Override
          public Batch next() {
            return next == count ? null : maker.make(next++);
          }

          @Override
          public void close() {}
        };
  }
}
