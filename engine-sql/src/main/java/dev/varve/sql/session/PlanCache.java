// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.sql.catalog.Catalog;
import dev.varve.sql.plan.Prepared;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Queries planned before, by their text and what else they depend on. Holds as many as `capacity`,
/// those used last. Safe for threads.
///
/// A plan is given only while the catalog answers what it answered when the plan was made, so that
/// no definition that changed since can show.
final class PlanCache {
  /// @param sql text, or its shape where literals may change
  /// @param positional values of `?` that are not among those
  /// @param settings of session and request
  record Key(
      String sql,
      List<Object> positional,
      Map<String, String> named,
      String user,
      String database,
      String temporary,
      Map<String, String> settings) {
    static Key of(
        String sql, List<Object> positional, Request request, String user, SessionState state) {
      return new Key(
          sql,
          new ArrayList<>(positional),
          Map.copyOf(request.named()),
          user,
          state.database(),
          state.temporary(),
          Map.copyOf(state.settings()));
    }
  }

  /// A query planned before.
  ///
  /// @param settings of the session with those of the text over them
  record Entry(Prepared prepared, SessionState settings, AnswerForm form) {}

  private static final int LONGEST_TEXT = 16_384;

  private final Map<Key, Entry> entries;
  private final AtomicLong hits = new AtomicLong();
  private final AtomicLong misses = new AtomicLong();

  PlanCache(int capacity) {
    this.entries =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Key, PlanCache.Entry> eldest) {
            return size() > capacity;
          }
        };
  }

  /// A plan that is right for these values of the literals that the key lacks.
  Optional<Entry> find(Key key, List<Object> values, Catalog catalog) {
    Entry entry;
    synchronized (entries) {
      entry = entries.get(key);
    }
    if (entry != null && !entry.prepared().isCurrent(catalog)) {
      synchronized (entries) {
        entries.remove(key, entry);
      }
      entry = null;
    }
    if (entry == null || !values.isEmpty() && !entry.prepared().open().fit(values)) {
      misses.incrementAndGet();
      return Optional.empty();
    }
    hits.incrementAndGet();
    return Optional.of(entry);
  }

  /// Keeps a plan of this text, if it may be used again.
  void keep(Key key, String sql, Entry entry) {
    if (sql.length() <= LONGEST_TEXT && entry.prepared().isReusable(sql)) {
      synchronized (entries) {
        entries.put(key, entry);
      }
    }
  }

  int size() {
    synchronized (entries) {
      return entries.size();
    }
  }

  long hits() {
    return hits.get();
  }

  long misses() {
    return misses.get();
  }
}
