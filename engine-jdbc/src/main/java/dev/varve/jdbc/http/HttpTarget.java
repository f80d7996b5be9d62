// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.http;

import java.util.List;
import java.util.Map;

/// Where a remote engine is and how to speak to it.
///
/// @param hosts tried in order when a connection is needed, each `host:port`
/// @param connectMillis how long a connection may take to come about
/// @param settings sent with each statement
public record HttpTarget(
    List<String> hosts,
    boolean tls,
    String user,
    String password,
    int connectMillis,
    Map<String, String> settings) {
  @Override
  public String toString() {
    // The password stays out of logs.
    return (tls ? "https://" : "http://") + String.join(",", hosts) + " as " + user;
  }
}
