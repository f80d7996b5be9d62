// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.config;

import dev.varve.cluster.coordination.ClusterSettings;
import dev.varve.ingest.wire.group.GroupSettings;
import dev.varve.merge.engine.MergeSettings;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.function.Consumer;

/// How a server runs.
///
/// @param data data directory, made if it is not there
/// @param listen address to serve on; loopback only, as long as there are no users to ask for
/// @param httpPort port of HTTP, 0 for a free one
/// @param kafkaPort port of the log, 0 for a free one
/// @param threads workers that all queries share
/// @param memoryBytes off-heap bytes for queries, merges and the tail of the log
/// @param tls the certificate, and the ports that are encrypted by it; null where none is
/// @param backups the folder that backups are in
/// @param groups how consumer groups are run
/// @param flightPort port of Flight SQL, 0 for a free one, [#NO_PORT] for none
/// @param cluster how it is one of several; null where it is alone
public record ServerConfig(
    Path data,
    String listen,
    int httpPort,
    int kafkaPort,
    int threads,
    long memoryBytes,
    MergeSettings merges,
    TlsConfig tls,
    Path backups,
    GroupSettings groups,
    int flightPort,
    ClusterSettings cluster) {
  /// No port is opened.
  public static final int NO_PORT = -1;

  public static final int DEFAULT_HTTP_PORT = 8123;
  public static final int DEFAULT_KAFKA_PORT = 9092;

  public ServerConfig {
    requirePort("--http-port", httpPort);
    requirePort("--kafka-port", kafkaPort);
    if (flightPort != NO_PORT) {
      requirePort("--flight-port", flightPort);
    }
    if (threads < 1) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "--threads must be at least 1, found " + threads);
    }
    if (memoryBytes < 64 << 20) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "--memory must be at least 64M, found " + memoryBytes);
    }
    isLoopback(listen);
    if (cluster != null && tls != null && tls.only() && tls.clusterAuthorities().isEmpty()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "servers of a cluster talk to each other over the plain HTTP port: leave out --tls-only,"
              + " or give --cluster-ca, and they do so over the encrypted one");
    }
  }

  /// A server without encrypted ports and without Flight SQL.
  public ServerConfig(
      Path data,
      String listen,
      int httpPort,
      int kafkaPort,
      int threads,
      long memoryBytes,
      MergeSettings merges) {
    this(
        data,
        listen,
        httpPort,
        kafkaPort,
        threads,
        memoryBytes,
        merges,
        null,
        data.resolve("backups"),
        GroupSettings.defaults(),
        NO_PORT,
        null);
  }

  /// What a server may have or do without, while a copy is made that differs in it.
  private static final class Choices {
    private TlsConfig tls;
    private Path backups;
    private GroupSettings groups;
    private int flightPort;
    private ClusterSettings cluster;
  }

  private ServerConfig with(Consumer<Choices> change) {
    Choices choices = new Choices();
    choices.tls = tls;
    choices.backups = backups;
    choices.groups = groups;
    choices.flightPort = flightPort;
    choices.cluster = cluster;
    change.accept(choices);
    return new ServerConfig(
        data,
        listen,
        httpPort,
        kafkaPort,
        threads,
        memoryBytes,
        merges,
        choices.tls,
        choices.backups,
        choices.groups,
        choices.flightPort,
        choices.cluster);
  }

  /// The same with encrypted ports, or without where this is null.
  public ServerConfig withTls(TlsConfig added) {
    return with(choices -> choices.tls = added);
  }

  /// The same with backups in another folder.
  public ServerConfig withBackups(Path folder) {
    return with(choices -> choices.backups = folder);
  }

  /// The same with other settings of consumer groups.
  public ServerConfig withGroups(GroupSettings other) {
    return with(choices -> choices.groups = other);
  }

  /// The same as one of several servers, or alone where this is null.
  public ServerConfig withCluster(ClusterSettings added) {
    return with(choices -> choices.cluster = added);
  }

  /// The same with a port of Flight SQL.
  public ServerConfig withFlight(int port) {
    return with(choices -> choices.flightPort = port);
  }

  /// A small server of this machine alone, on ports that happen to be free: for tests and tools.
  public static ServerConfig onFreePorts(Path data) {
    return new ServerConfig(data, "127.0.0.1", 0, 0, 2, 256L << 20, MergeSettings.defaults());
  }

  /// Whether there are ports that are not encrypted.
  public boolean servesPlain() {
    return tls == null || !tls.only();
  }

  /// Whether only this machine is served, which is all that may be without users.
  public boolean servesLoopbackOnly() {
    return isLoopback(listen);
  }

  static void requirePort(String name, int port) {
    if (port < 0 || port > 65_535) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, name + " must be 0 to 65535, found " + port);
    }
  }

  private static boolean isLoopback(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "--listen " + address + " is not an address of this machine; try 127.0.0.1",
          e);
    }
  }
}
