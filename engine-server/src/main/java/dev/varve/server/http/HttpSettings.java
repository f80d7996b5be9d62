// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.http;

import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/// Where HTTP is served, and what a client may take.
///
/// @param port 0 takes a free one, [#NONE] opens none
/// @param tls of the encrypted port; null where there is none
/// @param tlsPort 0 takes a free one
/// @param directory for answers that wait for their end and are too long for memory
/// @param headTime how long the head of a request may take to come; then the connection is closed
public record HttpSettings(
    String host, int port, SSLContext tls, int tlsPort, Path directory, Duration headTime) {
  public static final int NONE = -1;

  private static final Duration HEAD_TIME = Duration.ofSeconds(30);

  /// Without an encrypted port.
  public static HttpSettings plain(String host, int port, Path directory) {
    return new HttpSettings(host, port, null, NONE, directory, HEAD_TIME);
  }

  public HttpSettings withTls(SSLContext context, int otherPort) {
    return new HttpSettings(host, port, context, otherPort, directory, headTime);
  }

  HttpSettings withHeadTime(Duration time) {
    return new HttpSettings(host, port, tls, tlsPort, directory, time);
  }
}
