// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.coordination;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.zookeeper.server.embedded.ExitHandler;
import org.apache.zookeeper.server.embedded.ZooKeeperServerEmbedded;

/// The member of a ZooKeeper ensemble in this process, with its data in `DATA/zookeeper`. It
/// listens on the host that `--cluster` gives it and nowhere else, and goes on looking for its
/// peers until it is closed; who needs an answer asks a session.
public final class Ensemble implements AutoCloseable {
  private static final long START_MILLIS = 60_000;

  private final ZooKeeperServerEmbedded server;

  private Ensemble(ZooKeeperServerEmbedded server) {
    this.server = server;
  }

  /// Starts this process's member. It returns when its ports are open, not when there is a leader.
  ///
  /// @throws VarveException NETWORK_ERROR where a port is taken, IO_ERROR
  public static Ensemble start(ClusterSettings settings, Path directory) {
    try {
      Path data = Files.createDirectories(directory.resolve("data"));
      Files.writeString(data.resolve("myid"), String.valueOf(settings.serverId()));
      ZooKeeperServerEmbedded server =
          ZooKeeperServerEmbedded.builder()
              .baseDir(directory)
              .configuration(properties(settings, data))
              .exitHandler(ExitHandler.LOG_ONLY)
              .build();
      try {
        server.start(START_MILLIS);
      } catch (Exception failed) {
        server.close();
        throw failed;
      }
      return new Ensemble(server);
    } catch (IOException failed) {
      throw new VarveException(ErrorCode.IO_ERROR, directory + ": " + failed, failed);
    } catch (Exception failed) {
      throw new VarveException(
          ErrorCode.NETWORK_ERROR,
          "the member "
              + settings.own().line()
              + " of the ensemble did not start: "
              + failed
              + "; see that its ports are free",
          failed);
    }
  }

  private static Properties properties(ClusterSettings settings, Path data) {
    Properties properties = new Properties();
    properties.setProperty("dataDir", data.toAbsolutePath().toString());
    properties.setProperty("tickTime", String.valueOf(settings.tickMillis()));
    properties.setProperty("initLimit", "20");
    properties.setProperty("syncLimit", "8");
    properties.setProperty("maxClientCnxns", "0");
    properties.setProperty("admin.enableServer", "false");
    properties.setProperty("standaloneEnabled", "false");
    properties.setProperty("4lw.commands.whitelist", "srvr,mntr,ruok");
    properties.setProperty("autopurge.snapRetainCount", "3");
    properties.setProperty("autopurge.purgeInterval", "1");
    if (settings.own().observes()) {
      properties.setProperty("peerType", "observer");
    }
    for (Member member : settings.members()) {
      properties.setProperty(
          "server." + member.id(),
          settings.encryption().isPresent() ? member.peerLine() : member.line());
    }
    settings
        .encryption()
        .ifPresent(by -> {
          by.ofMember().forEach(properties::setProperty);
          properties.setProperty("secureClientPort", String.valueOf(settings.own().clientPort()));
          properties.setProperty("secureClientPortAddress", settings.own().host());
        });
    return properties;
  }

  @Override
  public void close() {
    server.close();
  }
}
