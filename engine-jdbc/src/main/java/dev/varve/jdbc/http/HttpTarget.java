// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.http;

import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;

/// Where a remote engine is and how to speak to it.
///
/// @param hosts tried in order when a connection is needed, each `host:port`
/// @param tls what a server's certificate is checked by; null to speak without TLS
/// @param packs whether answers may come packed
/// @param connectMillis how long a connection may take to come about
/// @param settings sent with each statement
public record HttpTarget(
    List<String> hosts,
    SSLContext tls,
    boolean packs,
    String user,
    String password,
    int connectMillis,
    Map<String, String> settings) {
  @Override
  public String toString() {
    // The password stays out of logs.
    return (tls != null ? "https://" : "http://") + String.join(",", hosts) + " as " + user;
  }
}
