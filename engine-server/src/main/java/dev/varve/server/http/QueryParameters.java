// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.http;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.util.Fields;

/// The parameters of a request, sorted by what they are for: those of the interface, values of
/// `{name:Type}`, and settings, which is everything else.
record QueryParameters(
    Map<String, String> own, Map<String, String> named, Map<String, String> settings) {
  private static final String NAMED_PREFIX = "param_";

  /// What the interface itself understands.
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

  /// The settings, and that the statement only reads unless they say more.
  Map<String, String> readOnlySettings() {
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.putIfAbsent("readonly", "2");
    return all;
  }

  /// A parameter or setting that is 0 or 1.
  ///
  /// @throws VarveException BAD_ARGUMENTS
  boolean flag(String name, boolean otherwise) {
    String value = own.getOrDefault(name, settings.get(name));
    return value == null
        ? otherwise
        : switch (value.toLowerCase(Locale.ROOT)) {
          case "1", "true" -> true;
          case "0", "false", "" -> false;
          default -> throw bad(name, value, "0 or 1");
        };
  }

  /// A parameter or setting that is a whole number.
  ///
  /// @throws VarveException BAD_ARGUMENTS
  long count(String name, long otherwise) {
    String value = own.getOrDefault(name, settings.get(name));
    if (value == null || value.isEmpty()) {
      return otherwise;
    }
    if (!value.matches("[0-9]{1,18}")) {
      throw bad(name, value, "a whole number");
    }
    return Long.parseLong(value);
  }

  private static VarveException bad(String name, String value, String expected) {
    return new VarveException(
        ErrorCode.BAD_ARGUMENTS,
        "parameter " + name + " takes " + expected + ", found \"" + value + "\"");
  }

  String get(String name, String otherwise) {
    return own.getOrDefault(name, otherwise);
  }
}
