// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.http;

import dev.varve.sql.session.Session;
import dev.varve.sql.session.SqlEngine;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Sessions of HTTP clients. Without a `session_id` each request has its own; with one, settings
/// and temporary tables live on until nobody has used them for a while. Safe for threads.
final class HttpSessions implements AutoCloseable {
  private static final long IDLE_SECONDS = 60;
  private static final long MOST_IDLE_SECONDS = 3600;
  private static final long HAND_OVER_NANOS = 2_000_000_000L;

  private final SqlEngine sql;
  private final InstantSource clock;
  private final Map<String, Named> named = new HashMap<>();

  HttpSessions(SqlEngine sql, InstantSource clock) {
    this.sql = sql;
    this.clock = clock;
  }

  private static final class Named {
    private final Session session;
    private boolean busy;
    private long lastUsedMillis;
    private long idleMillis;

    Named(Session session) {
      this.session = session;
    }
  }

  /// A session for one request; given back by closing.
  final class Lease implements AutoCloseable {
    private final Session session;
    private final Named owner;

    private Lease(Session session, Named owner) {
      this.session = session;
      this.owner = owner;
    }

    Session session() {
      return session;
    }

    @Override
    public void close() {
      if (owner == null) {
        session.close();
        return;
      }
      synchronized (named) {
        owner.busy = false;
        owner.lastUsedMillis = clock.millis();
        named.notifyAll();
      }
    }
  }

  /// Which session a request wants.
  ///
  /// @param id its name, or empty for one of the request's own
  /// @param database empty for the session's own, or `default` in a new one
  /// @param timeout seconds that it stays unused, or empty for a minute
  /// @param mustExist whether one that is not there is an error
  record Wanted(String id, String user, String database, String timeout, boolean mustExist) {}

  /// @throws VarveException AUTHENTICATION_FAILED
  void authenticate(Credentials credentials, boolean local) {
    sql.access().authenticate(credentials.user(), credentials.password(), local);
  }

  /// @throws VarveException SESSION_NOT_FOUND, SESSION_IS_LOCKED, or BAD_ARGUMENTS for a timeout
  Lease lease(Wanted wanted) {
    String id = wanted.id();
    String user = wanted.user();
    String database = wanted.database();
    if (id.isEmpty()) {
      Session session = sql.openFor(user, database);
      return new Lease(session, null);
    }
    synchronized (named) {
      closeIdle();
      if (wanted.mustExist() && !named.containsKey(user + "/" + id)) {
        throw new VarveException(
            ErrorCode.SESSION_NOT_FOUND,
            "there is no session \"" + id + "\"; it has ended, or leave out session_check");
      }
      long idleMillis = idleMillis(wanted.timeout());
      Named entry =
          named.computeIfAbsent(user + "/" + id, _ -> new Named(sql.openFor(user, database)));
      if (!awaitFree(entry)) {
        throw new VarveException(
            ErrorCode.SESSION_IS_LOCKED,
            "session \"" + id + "\" runs another statement; wait for it or use another session_id");
      }
      entry.busy = true;
      entry.idleMillis = idleMillis;
      if (!database.isEmpty()) {
        entry.session.useDatabase(database);
      }
      return new Lease(entry.session, entry);
    }
  }

  private static long idleMillis(String timeout) {
    if (timeout.isEmpty()) {
      return IDLE_SECONDS * 1000;
    }
    if (!timeout.matches("[0-9]{1,9}") || Long.parseLong(timeout) > MOST_IDLE_SECONDS) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "session_timeout takes seconds, at most "
              + MOST_IDLE_SECONDS
              + ", found \""
              + timeout
              + "\"");
    }
    return Long.parseLong(timeout) * 1000;
  }

  /// Waits until the session's last request has let go of it. A client that has read an answer to
  /// its end may send the next request before the thread of the first has come that far.
  private boolean awaitFree(Named entry) {
    long deadline = System.nanoTime() + HAND_OVER_NANOS;
    try {
      while (entry.busy) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return false;
        }
        named.wait(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void closeIdle() {
    long now = clock.millis();
    List<Named> idle = new ArrayList<>();
    named
        .values()
        .removeIf(entry -> {
          boolean old = !entry.busy && now - entry.lastUsedMillis > entry.idleMillis;
          if (old) {
            idle.add(entry);
          }
          return old;
        });
    idle.forEach(entry -> entry.session.close());
  }

  @Override
  public void close() {
    synchronized (named) {
      named.values().forEach(entry -> entry.session.close());
      named.clear();
    }
  }
}
