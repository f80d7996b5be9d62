// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.main;

import dev.varve.cluster.coordination.ClusterSettings;
import dev.varve.cluster.coordination.Member;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// The options that make a server one of several.
final class ClusterOptions {
  @Option(
      names = "--cluster",
      paramLabel = "LIST",
      description =
          "servers of the cluster, each of which runs a member of its ZooKeeper ensemble:"
              + " id=host:peer:election:client[:observer],… with three ports each")
  String cluster = "";

  @Option(
      names = "--zookeeper",
      paramLabel = "HOST:PORT,…",
      description = "a ZooKeeper ensemble that runs elsewhere, in place of --cluster")
  String zookeeper = "";

  @Option(
      names = "--server-id",
      paramLabel = "N",
      description = "this server's number in the cluster, 1 to 255")
  int serverId;

  @Option(
      names = "--cluster-secret",
      paramLabel = "FILE",
      description = "file of a word that all servers of the cluster know")
  Path secret;

  /// Null where the server is alone.
  ClusterSettings settings() {
    if (cluster.isEmpty() && zookeeper.isEmpty()) {
      if (serverId != 0 || secret != null) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS,
            "--server-id and --cluster-secret go with --cluster or --zookeeper");
      }
      return null;
    }
    if (!cluster.isEmpty() && !zookeeper.isEmpty()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "give --cluster or --zookeeper, not both: it is one ensemble");
    }
    return cluster.isEmpty()
        ? ClusterSettings.client(serverId, zookeeper, word())
        : ClusterSettings.member(serverId, Member.list(cluster), word());
  }

  private String word() {
    if (secret == null) {
      return "";
    }
    try {
      String word = Files.readString(secret).strip();
      if (word.isEmpty()) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS, "--cluster-secret: " + secret + " is empty");
      }
      return word;
    } catch (IOException failed) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "--cluster-secret: " + secret + " cannot be read", failed);
    }
  }
}
