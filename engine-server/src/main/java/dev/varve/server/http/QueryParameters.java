// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.util.Fields;

/// The parameters of a request, sorted by what they are for: those of the interface, values of
/// `{name:Type}`, and settings, which is everything else.
record QueryParameters(
    Map<String, String> own, Map<String, String> named, Map<String, String> settings) {
  private static final String NAMED_PREFIX = "param_";

  /// What the interface itself understands. `compress` and the like are accepted where they ask for
  /// what is the default.
  private static final Set<String> OWN =
      Set.of(
          "query",
          "database",
          "default_format",
          "query_id",
          "user",
          "password",
          "session_id",
          "session_timeout",
          "session_check",
          "wait_end_of_query",
          "buffer_size",
          "compress",
          "decompress",
          "enable_http_compression",
          "quota_key",
          "client_protocol_version");

  static QueryParameters of(Fields fields) {
    Map<String, String> own = new LinkedHashMap<>();
    Map<String, String> named = new LinkedHashMap<>();
    Map<String, String> settings = new LinkedHashMap<>();
    for (Fields.Field field : fields) {
      String name = field.getName();
      if (name.startsWith(NAMED_PREFIX)) {
        named.put(name.substring(NAMED_PREFIX.length()), field.getValue());
      } else if (OWN.contains(name)) {
        own.put(name, field.getValue());
      } else {
        settings.put(name, field.getValue());
      }
    }
    return new QueryParameters(own, named, settings);
  }

  String get(String name, String otherwise) {
    return own.getOrDefault(name, otherwise);
  }
}
