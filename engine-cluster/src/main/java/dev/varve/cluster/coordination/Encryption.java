// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.coordination;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;

/// How the servers of a cluster encrypt what they say to each other, and prove who they are: by
/// certificates that the authorities signed, shown by both sides of a connection between members of
/// the ensemble and by both sides of a session.
///
/// @param identity PEM with this server's certificate, those that sign for it, and its private key
/// @param authorities PEM of the certificates by which those of others are checked
/// @param context shows the identity and trusts the authorities
public record Encryption(Path identity, Path authorities, SSLContext context) {
  private static final String NETTY = "org.apache.zookeeper.ClientCnxnSocketNetty";

  /// HTTP's scheme between servers.
  static String scheme(Optional<Encryption> encryption) {
    return encryption.isPresent() ? "https" : "http";
  }

  /// What a member of the ensemble is told, for its connections to others and for sessions.
  Map<String, String> ofMember() {
    Map<String, String> properties = new TreeMap<>();
    properties.put("sslQuorum", "true");
    properties.put("serverCnxnFactory", "org.apache.zookeeper.server.NettyServerCnxnFactory");
    stores("ssl.", properties);
    stores("ssl.quorum.", properties);
    // Who calls proves by its certificate that it is of the cluster; its address may be any.
    properties.put("ssl.clientHostnameVerification", "false");
    properties.put("ssl.quorum.clientHostnameVerification", "false");
    return properties;
  }

  /// What a session is told.
  Map<String, String> ofSession() {
    Map<String, String> properties = new TreeMap<>();
    properties.put("zookeeper.client.secure", "true");
    properties.put("zookeeper.clientCnxnSocket", NETTY);
    stores("zookeeper.ssl.", properties);
    return properties;
  }

  private void stores(String prefix, Map<String, String> properties) {
    properties.put(prefix + "keyStore.location", identity.toAbsolutePath().toString());
    properties.put(prefix + "keyStore.type", "PEM");
    properties.put(prefix + "trustStore.location", authorities.toAbsolutePath().toString());
    properties.put(prefix + "trustStore.type", "PEM");
  }
}
