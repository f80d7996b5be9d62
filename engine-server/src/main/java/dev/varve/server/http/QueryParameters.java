// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.http;

import dev.varve.server.blocks.BlockOutput;
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

  private static final int MOST_ZSTD_LEVEL = 22;

  static QueryParameters of(Fields fields) {
    Map<String, String> all = new LinkedHashMap<>();
    fields.forEach(field -> all.put(field.getName(), field.getValue()));
    return new QueryParameters(Map.of(), Map.of(), Map.of()).with(all);
  }

  /// These and others, which stand over them.
  QueryParameters with(Map<String, String> others) {
    Map<String, String> allOwn = new LinkedHashMap<>(own);
    Map<String, String> allNamed = new LinkedHashMap<>(named);
    Map<String, String> allSettings = new LinkedHashMap<>(settings);
    others.forEach((name, value) -> {
      if (name.startsWith(NAMED_PREFIX)) {
        allNamed.put(name.substring(NAMED_PREFIX.length()), value);
      } else if (OWN.contains(name)) {
        allOwn.put(name, value);
      } else {
        allSettings.put(name, value);
      }
    });
    return new QueryParameters(allOwn, allNamed, allSettings);
  }

  /// These but for one that would be taken for a setting.
  QueryParameters without(String name) {
    Map<String, String> others = new LinkedHashMap<>(settings);
    others.remove(name);
    return new QueryParameters(own, named, others);
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

  /// How blocks of the answer are packed, where it comes in blocks.
  ///
  /// @throws VarveException BAD_ARGUMENTS
  BlockOutput.Packing blockPacking() {
    String method = settings.getOrDefault("network_compression_method", "LZ4");
    return switch (method.toUpperCase(Locale.ROOT)) {
      case "LZ4", "LZ4HC" -> BlockOutput.Packing.LZ4;
      case "ZSTD" -> {
        long level = count("network_zstd_compression_level", 1);
        if (level < 1 || level > MOST_ZSTD_LEVEL) {
          throw bad("network_zstd_compression_level", Long.toString(level), "1 to 22");
        }
        yield BlockOutput.Packing.zstd((int) level);
      }
      default -> throw bad("network_compression_method", method, "LZ4 or ZSTD");
    };
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
