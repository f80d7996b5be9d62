// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire.outside;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;

/// How an outside cluster is spoken to: by TLS or not, and as whom. The names of the settings are
/// librdkafka's, which ClickHouse has too. Login modules are only those of the mechanisms named
/// here: a client of Kafka would load any class that its configuration says.
final class OutsideSecurity {
  private static final List<String> PROTOCOLS =
      List.of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL");
  private static final Map<String, String> MODULES =
      Map.of(
          "PLAIN", "org.apache.kafka.common.security.plain.PlainLoginModule",
          "SCRAM-SHA-256", "org.apache.kafka.common.security.scram.ScramLoginModule",
          "SCRAM-SHA-512", "org.apache.kafka.common.security.scram.ScramLoginModule");

  private final TableDefinition table;
  private final Map<String, Object> config = new HashMap<>();

  private OutsideSecurity(TableDefinition table) {
    this.table = table;
  }

  /// The part of a client's configuration that the settings of a table say.
  ///
  /// @throws VarveException BAD_ARGUMENTS
  static Map<String, Object> of(TableDefinition table) {
    OutsideSecurity security = new OutsideSecurity(table);
    String protocol = security.get("kafka_security_protocol").toUpperCase(Locale.ROOT);
    if (protocol.isEmpty()) {
      return Map.of();
    }
    security.requireOneOf("kafka_security_protocol", protocol, PROTOCOLS);
    security.config.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, protocol);
    if (protocol.startsWith("SASL")) {
      security.login();
    }
    if (protocol.endsWith("SSL")) {
      security.certificates();
    }
    return security.config;
  }

  private String get(String setting) {
    return table.settings().getOrDefault(setting, "");
  }

  private void requireOneOf(String setting, String found, Iterable<String> known) {
    for (String each : known) {
      if (each.equals(found)) {
        return;
      }
    }
    throw bad(
        setting + " must be one of " + String.join(", ", known) + ", found \"" + found + "\"");
  }

  private VarveException bad(String what) {
    return new VarveException(ErrorCode.BAD_ARGUMENTS, "table " + table.name() + ": " + what);
  }

  private void login() {
    String mechanism =
        get("kafka_sasl_mechanism").isEmpty() ? "PLAIN" : get("kafka_sasl_mechanism");
    requireOneOf("kafka_sasl_mechanism", mechanism, MODULES.keySet());
    config.put(SaslConfigs.SASL_MECHANISM, mechanism);
    config.put(
        SaslConfigs.SASL_JAAS_CONFIG,
        MODULES.get(mechanism)
            + " required username="
            + quoted("kafka_sasl_username")
            + " password="
            + quoted("kafka_sasl_password")
            + ";");
  }

  /// As the client's parser takes it, whatever stands in it.
  private String quoted(String setting) {
    String text = get(setting);
    if (text.isEmpty() || text.chars().anyMatch(Character::isISOControl)) {
      throw bad(setting + " must be given, without line breaks, where the protocol has SASL");
    }
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private void certificates() {
    String trusted = get("kafka_ssl_ca_location");
    if (!trusted.isEmpty()) {
      config.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PEM");
      config.put(
          SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG, read("kafka_ssl_ca_location", trusted));
    }
    String own = get("kafka_ssl_certificate_location");
    if (!own.isEmpty()) {
      config.put(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, "PEM");
      config.put(
          SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG,
          read("kafka_ssl_certificate_location", own));
      config.put(
          SslConfigs.SSL_KEYSTORE_KEY_CONFIG,
          read("kafka_ssl_key_location", get("kafka_ssl_key_location")));
      if (!get("kafka_ssl_key_password").isEmpty()) {
        config.put(SslConfigs.SSL_KEY_PASSWORD_CONFIG, get("kafka_ssl_key_password"));
      }
    }
    if (get("kafka_ssl_endpoint_identification_algorithm").equals("none")) {
      config.put(SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG, "");
    }
  }

  private String read(String setting, String path) {
    try {
      return Files.readString(Path.of(path));
    } catch (IOException | InvalidPathException e) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "table "
              + table.name()
              + ": the file \""
              + path
              + "\" of "
              + setting
              + " cannot be read: "
              + e.getMessage(),
          e);
    }
  }
}
