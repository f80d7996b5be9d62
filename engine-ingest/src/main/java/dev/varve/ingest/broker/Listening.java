// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import javax.net.ssl.SSLContext;

/// Where clients find a broker.
///
/// @param host address to listen on
/// @param port of clients that do not encrypt; 0 picks a free one, [#NONE] opens none
/// @param advertisedHost what clients are told to connect to; empty for the host itself
/// @param encryption of the other port; null where there is none
/// @param encryptedPort 0 picks a free one
public record Listening(
    String host, int port, String advertisedHost, SSLContext encryption, int encryptedPort) {
  /// No port, where everybody has to encrypt.
  public static final int NONE = -1;

  public static Listening on(String host, int port) {
    return new Listening(host, port, "", null, 0);
  }

  Listening with(SSLContext context, int otherPort) {
    return new Listening(host, port, advertisedHost, context, otherPort);
  }
}
