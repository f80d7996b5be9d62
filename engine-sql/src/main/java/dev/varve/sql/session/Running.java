// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.sql.operator.QueryContext;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A statement under way. Whoever runs it calls [#end]; any thread may cancel it.
final class Running implements Primary.Waiting {
  private static final long WAIT_MILLIS = 20;

  private final String id;
  private final String user;
  private final String database;
  private final String sql;
  private final String comment;
  private final long startedMillis;
  private final long startedNanos;
  private final CountDownLatch end = new CountDownLatch(1);
  private volatile QueryContext context;
  private volatile Result.Progress told;
  private volatile boolean cancelled;
  private volatile long writtenRows;
  private volatile long resultRows;

  Running(String id, String user, String database, String sql, String comment, long startedMillis) {
    this.id = id;
    this.user = user;
    this.database = database;
    this.sql = sql;
    this.comment = comment;
    this.startedMillis = startedMillis;
    this.startedNanos = System.nanoTime();
  }

  String id() {
    return id;
  }

  String user() {
    return user;
  }

  String database() {
    return database;
  }

  String sql() {
    return sql;
  }

  /// What the client said about itself, or empty.
  String comment() {
    return comment;
  }

  long startedMillis() {
    return startedMillis;
  }

  long elapsedNanos() {
    return System.nanoTime() - startedNanos;
  }

  /// The context of the query, once it has one.
  void runs(QueryContext query) {
    context = query;
    if (cancelled) {
      query.cancel();
    }
  }

  void cancel() {
    cancelled = true;
    QueryContext query = context;
    if (query != null) {
      query.cancel();
    }
  }

  /// Nobody runs it any more.
  void ended() {
    end.countDown();
  }

  /// Waits until it has ended, or whoever waits is cancelled.
  void awaitEnd(Running waiter) {
    try {
      while (!end.await(WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
        waiter.check();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new VarveException(
          ErrorCode.QUERY_WAS_CANCELLED, "interrupted while a query was to end", e);
    }
  }

  @Override
  public void check() {
    if (cancelled) {
      throw new VarveException(ErrorCode.QUERY_WAS_CANCELLED, "the query was cancelled");
    }
  }

  /// It runs elsewhere, and has come so far there.
  @Override
  public void told(Result.Progress progress) {
    told = progress;
  }

  void wrote(long rows) {
    writtenRows = rows;
  }

  void gave(long rows) {
    resultRows += rows;
  }

  long writtenRows() {
    return writtenRows;
  }

  long resultRows() {
    return resultRows;
  }

  Result.Progress progress() {
    QueryContext query = context;
    Result.Progress other = told;
    if (other != null) {
      return other;
    }
    return query == null
        ? new Result.Progress(0, 0, 0, elapsedNanos())
        : new Result.Progress(
            query.readRows(), query.readBytes(), query.totalRows(), elapsedNanos());
  }

  long memory() {
    QueryContext query = context;
    return query == null ? 0 : query.memory().held();
  }
}
