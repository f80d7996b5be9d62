// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.access.Access;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a statement sees of its session: who asks, the current database, and settings with the
/// statement's own over the session's.
///
/// @param temporary database of the session's temporary tables; empty without any
/// @param access what the user may do
record SessionState(
    String user, String database, Map<String, String> settings, String temporary, Access access) {
  SessionState with(Map<String, String> more) {
    if (more.isEmpty()) {
      return this;
    }
    Map<String, String> merged = new LinkedHashMap<>(settings);
    merged.putAll(more);
    return new SessionState(user, database, merged, temporary, access);
  }

  QuerySettings querySettings() {
    return QuerySettings.of(settings);
  }
}
