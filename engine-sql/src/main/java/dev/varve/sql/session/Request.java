// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One statement to run.
///
/// @param sql the text; of an INSERT with data behind it, everything up to the data
/// @param positional values of `?` in order: the objects that `VectorValues` names
/// @param named values of `{name:Type}` as text
/// @param settings settings for this statement only
/// @param data rows that follow `INSERT … FORMAT x`, if they do not stand in the text itself
/// @param queryId the client's name of the query, or empty for one of ours
public record Request(
    String sql,
    List<Object> positional,
    Map<String, String> named,
    Map<String, String> settings,
    Optional<InputStream> data,
    String queryId) {

  public static Request of(String sql) {
    return new Request(sql, List.of(), Map.of(), Map.of(), Optional.empty(), "");
  }

  /// The same with these settings and no others.
  Request with(Map<String, String> others) {
    return new Request(sql, positional, named, others, data, queryId);
  }
}
