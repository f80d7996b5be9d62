// SPDX-License-Identifier: Apache-2.0
package dev.varve.flight;

import com.google.protobuf.ByteString;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Prepared statements by handle. Callers may forget to close theirs, so those unused for longest
/// go first. Safe for threads.
final class Prepared {
  private static final int MOST = 10_000;

  private final Map<ByteString, Kept> entries =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteString, Kept> eldest) {
          return size() > MOST;
        }
      };

  /// A statement, and the values last bound to its parameters, row by row.
  record Kept(String user, String sql, List<List<Object>> rows) {}

  synchronized ByteString add(String user, String sql) {
    ByteString handle = ByteString.copyFromUtf8(UUID.randomUUID().toString());
    entries.put(handle, new Kept(user, sql, List.of()));
    return handle;
  }

  /// A user's own statement.
  synchronized Optional<Kept> find(ByteString handle, String user) {
    return Optional.ofNullable(entries.get(handle)).filter(entry -> entry.user().equals(user));
  }

  synchronized void bind(ByteString handle, Kept entry, List<List<Object>> rows) {
    entries.replace(handle, entry, new Kept(entry.user(), entry.sql(), rows));
  }

  synchronized void close(ByteString handle, String user) {
    if (find(handle, user).isPresent()) {
      entries.remove(handle);
    }
  }
}
