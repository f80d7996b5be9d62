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
  /// @param positional values of `?`
  /// @param settings of session and request
  record Key(
      String sql,
      List<Object> positional,
      Map<String, String> named,
      String user,
      String database,
      String temporary,
      Map<String, String> settings) {
    static Key of(Request request, String user, SessionState state) {
      return new Key(
          request.sql(),
          new ArrayList<>(request.positional()),
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
  record Entry(Prepared prepared, SessionState settings, Optional<String> format) {}

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

  Optional<Entry> find(Key key, Catalog catalog) {
    Entry entry;
    synchronized (entries) {
      entry = entries.get(key);
    }
    if (entry == null) {
      misses.incrementAndGet();
      return Optional.empty();
    }
    if (!entry.prepared().isCurrent(catalog)) {
      synchronized (entries) {
        entries.remove(key, entry);
      }
      misses.incrementAndGet();
      return Optional.empty();
    }
    hits.incrementAndGet();
    return Optional.of(entry);
  }

  /// Keeps a plan, if it may be used again.
  void keep(Key key, Entry entry) {
    if (key.sql().length() <= LONGEST_TEXT && entry.prepared().isReusable(key.sql())) {
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
