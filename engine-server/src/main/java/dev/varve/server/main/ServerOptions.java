// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.main;

import dev.varve.merge.engine.MergeSettings;
import dev.varve.server.config.ServerConfig;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options that say how a server runs.
final class ServerOptions {
  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      description = "port of HTTP and JDBC; 0 takes a free one (default: ${DEFAULT-VALUE})")
  int httpPort = ServerConfig.DEFAULT_HTTP_PORT;

  @Option(
      names = "--kafka-port",
      paramLabel = "PORT",
      description = "port of the log; 0 takes a free one (default: ${DEFAULT-VALUE})")
  int kafkaPort = ServerConfig.DEFAULT_KAFKA_PORT;

  @Option(
      names = "--flight-port",
      paramLabel = "PORT",
      description =
          "port of Arrow Flight SQL, for which the module engine-flight must be built; 0 takes a"
              + " free one (default: none)")
  int flightPort = ServerConfig.NO_PORT;

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS",
      description = "address to serve on (default: ${DEFAULT-VALUE})")
  String listen = "127.0.0.1";

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "workers that all queries share (default: the number of cores)")
  int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description = "off-heap memory, such as 2G or 512M (default: half of what is there)")
  String memory = "";

  @Option(
      names = "--key-cache",
      paramLabel = "PERCENT",
      description =
          "share of the memory that decoded keys may take, for upserts (default: ${DEFAULT-VALUE})")
  int keyCachePercent = MergeSettings.KEY_CACHE_PERCENT;

  @Option(
      names = "--merge-threads",
      paramLabel = "N",
      description = "background merges at once; 0 for none (default: ${DEFAULT-VALUE})")
  int mergeThreads = MergeSettings.defaults().mergeThreads();

  @Option(
      names = "--backups",
      paramLabel = "DIR",
      description =
          "folder of backups, best on another disk (default: backups in the data directory)")
  Path backups;

  @Mixin TlsOptions tls;

  @Mixin GroupOptions groups;

  @Mixin ClusterOptions cluster;

  ServerConfig config(Path data) {
    ServerConfig config =
        new ServerConfig(
                data,
                listen,
                httpPort,
                kafkaPort,
                threads,
                memory.isEmpty() ? defaultMemory() : bytes(memory),
                MergeSettings.defaults().withKeyCache(keyCache()).withMergeThreads(mergeThreads()))
            .withTls(tls.config())
            .withGroups(groups.settings())
            .withFlight(flightPort)
            .withCluster(cluster.settings());
    return backups == null ? config : config.withBackups(backups);
  }

  private int keyCache() {
    if (keyCachePercent < 0 || keyCachePercent > 90) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "--key-cache must be 0 to 90 percent, found " + keyCachePercent);
    }
    return keyCachePercent;
  }

  private int mergeThreads() {
    if (mergeThreads < 0) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "--merge-threads must be 0 or more, found " + mergeThreads);
    }
    return mergeThreads;
  }

  private static long defaultMemory() {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return Math.max(256L << 20, system.getTotalMemorySize() / 2);
  }

  /// `512M`, `2G`, or plain bytes.
  static long bytes(String text) {
    String upper = text.strip().toUpperCase(Locale.ROOT);
    int shift =
        switch (upper.isEmpty() ? ' ' : upper.charAt(upper.length() - 1)) {
          case 'K' -> 10;
          case 'M' -> 20;
          case 'G' -> 30;
          case 'T' -> 40;
          default -> 0;
        };
    String digits = shift == 0 ? upper : upper.substring(0, upper.length() - 1);
    try {
      return Math.multiplyExact(Long.parseLong(digits.strip()), 1L << shift);
    } catch (ArithmeticException | NumberFormatException e) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "--memory \"" + text + "\" is not a size; write it like 512M or 2G",
          e);
    }
  }
}
