// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.config;

import dev.varve.merge.engine.MergeSettings;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;

/// How a server runs.
///
/// @param data data directory, made if it is not there
/// @param listen address to serve on; loopback only, as long as there are no users to ask for
/// @param httpPort port of HTTP, 0 for a free one
/// @param kafkaPort port of the log, 0 for a free one
/// @param threads workers that all queries share
/// @param memoryBytes off-heap bytes for queries, merges and the tail of the log
public record ServerConfig(
    Path data,
    String listen,
    int httpPort,
    int kafkaPort,
    int threads,
    long memoryBytes,
    MergeSettings merges) {
  public static final int DEFAULT_HTTP_PORT = 8123;
  public static final int DEFAULT_KAFKA_PORT = 9092;

  public ServerConfig {
    requirePort("--http-port", httpPort);
    requirePort("--kafka-port", kafkaPort);
    if (threads < 1) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "--threads must be at least 1, found " + threads);
    }
    if (memoryBytes < 64 << 20) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "--memory must be at least 64M, found " + memoryBytes);
    }
    isLoopback(listen);
  }

  /// A small server of this machine alone, on ports that happen to be free: for tests and tools.
  public static ServerConfig onFreePorts(Path data) {
    return new ServerConfig(data, "127.0.0.1", 0, 0, 2, 256L << 20, MergeSettings.defaults());
  }

  /// Whether only this machine is served, which is all that may be without users.
  public boolean servesLoopbackOnly() {
    return isLoopback(listen);
  }

  private static void requirePort(String name, int port) {
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
