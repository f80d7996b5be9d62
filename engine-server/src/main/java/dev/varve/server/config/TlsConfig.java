// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.config;

import dev.varve.server.tls.CertificateFiles;
import java.nio.file.Path;
import java.util.Optional;

/// The encrypted ports of a server, beside the plain ones or in their place.
///
/// @param files the certificate that clients are shown
/// @param kafkaPort port of the log, 0 for a free one
/// @param httpPort port of HTTP, 0 for a free one
/// @param only whether there are no plain ports
/// @param clusterAuthorities PEM of who signs for the servers of the cluster; empty where they talk
///   to each other in plain
public record TlsConfig(
    CertificateFiles files,
    int kafkaPort,
    int httpPort,
    boolean only,
    Optional<Path> clusterAuthorities) {
  public static final int DEFAULT_HTTP_PORT = 8443;
  public static final int DEFAULT_KAFKA_PORT = 9093;

  public TlsConfig {
    ServerConfig.requirePort("--kafka-tls-port", kafkaPort);
    ServerConfig.requirePort("--https-port", httpPort);
  }

  /// With servers that are alone, or talk to each other in plain.
  public TlsConfig(CertificateFiles files, int kafkaPort, int httpPort, boolean only) {
    this(files, kafkaPort, httpPort, only, Optional.empty());
  }
}
