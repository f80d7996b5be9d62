// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.coordination;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// How a server takes part in a cluster.
///
/// @param serverId this server's number among all of the cluster
/// @param members the ensemble whose member this process is; empty where it is an outside one
/// @param outside `host:port,…` of an outside ensemble; empty where it is our own
/// @param secret what all servers of the cluster know: it opens their znodes and their parts
/// @param tickMillis ZooKeeper's unit of time
/// @param sessionMillis a server that is silent for so long counts as gone
/// @param encryption empty where the servers talk to each other in plain
public record ClusterSettings(
    int serverId,
    List<Member> members,
    String outside,
    String secret,
    int tickMillis,
    int sessionMillis,
    Optional<Encryption> encryption) {
  private static final int TICK_MILLIS = 500;
  private static final int SESSION_MILLIS = 4_000;

  // Of an ensemble that only this machine reaches: it keeps accidents away, not people.
  private static final String LOOPBACK_SECRET = "varve";

  public ClusterSettings {
    members = List.copyOf(members);
    if (members.isEmpty() == outside.isEmpty()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "a cluster has an ensemble: give --cluster or --zookeeper");
    }
    if (serverId < 1 || serverId > 255) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "--server-id says which server of the cluster this is: 1 to 255, found " + serverId);
    }
    if (!members.isEmpty() && members.stream().noneMatch(member -> member.id() == serverId)) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "--server-id "
              + serverId
              + " is none of --cluster's: "
              + members.stream()
                  .map(m -> String.valueOf(m.id()))
                  .collect(Collectors.joining(", ")));
    }
    if (secret.isEmpty() && !members.stream().allMatch(Member::isOnLoopback)) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "servers on several machines need a secret in common: give --cluster-secret FILE");
    }
    if (secret.isEmpty()) {
      secret = LOOPBACK_SECRET;
    }
  }

  /// A member of an ensemble that the servers of the cluster are themselves.
  public static ClusterSettings member(int serverId, List<Member> members, String secret) {
    return new ClusterSettings(
        serverId, members, "", secret, TICK_MILLIS, SESSION_MILLIS, Optional.empty());
  }

  /// A client of an ensemble that others run.
  public static ClusterSettings client(int serverId, String ensemble, String secret) {
    return new ClusterSettings(
        serverId,
        List.of(),
        ensemble,
        secret.isEmpty() ? LOOPBACK_SECRET : secret,
        TICK_MILLIS,
        SESSION_MILLIS,
        Optional.empty());
  }

  /// The same, with all that servers say to each other encrypted.
  public ClusterSettings encrypted(Encryption by) {
    return new ClusterSettings(
        serverId, members, outside, secret, tickMillis, sessionMillis, Optional.of(by));
  }

  /// Where a server answers the others, under the scheme that they use.
  ///
  /// @param address `host:port` of a server's HTTP
  public URI at(String address, String path) {
    return URI.create(Encryption.scheme(encryption) + "://" + address + path);
  }

  /// A client of HTTP for calls between servers.
  public HttpClient http(Duration connectTimeout) {
    HttpClient.Builder client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(connectTimeout);
    encryption.ifPresent(by -> client.sslContext(by.context()));
    return client.build();
  }

  /// This server, where it is a member of the ensemble.
  Member own() {
    return members.stream().filter(member -> member.id() == serverId).findFirst().orElseThrow();
  }

  /// The name under which other servers of the cluster reach this one, or the given one where the
  /// settings do not say.
  public String host(String otherwise) {
    return members.isEmpty() ? otherwise : own().host();
  }

  /// Where sessions may be opened, this process first.
  String connectString() {
    if (members.isEmpty()) {
      return outside;
    }
    return members.stream().map(Member::clientAddress).collect(Collectors.joining(","));
  }

  /// Addresses of all servers of the ensemble.
  List<String> addresses() {
    return List.of(connectString().split(","));
  }

  /// What one server of the cluster shows another one to be let in.
  public String pass() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(("replica:" + secret).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
