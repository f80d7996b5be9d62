// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.connection;

import dev.varve.ingest.wire.Authenticator;
import dev.varve.ingest.wire.Caller;
import dev.varve.ingest.wire.Protocol;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/// The clients of all ports, and the bounds that they share. Safe for threads.
public final class Connections implements AutoCloseable {
  /// One of them may take this part of the memory for all, so that it cannot hold up the others.
  private static final int SHARE_OF_ONE = 4;

  private final Protocol protocol;
  private final BrokerMetrics metrics;
  private final Authenticator users;
  private final int maxRequestBytes;
  private final long requestMemoryBytes;
  private final RequestMemory memory;
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();

  /// @param users whom clients must be one of; null lets everybody in
  /// @param requestMemoryBytes requests in memory at once
  public Connections(
      Protocol protocol,
      BrokerMetrics metrics,
      Authenticator users,
      int maxRequestBytes,
      long requestMemoryBytes) {
    this.protocol = protocol;
    this.metrics = metrics;
    this.users = users;
    this.maxRequestBytes = maxRequestBytes;
    this.requestMemoryBytes = requestMemoryBytes;
    this.memory = new RequestMemory(requestMemoryBytes);
  }

  /// Serves a client until it goes, on threads of its own.
  ///
  /// @param encryption null where the port has none
  void serve(SocketChannel client, SSLContext encryption) throws IOException {
    client.setOption(StandardSocketOptions.TCP_NODELAY, true);
    metrics.add("kafka_connections_accepted", 1);
    InetSocketAddress from = (InetSocketAddress) client.getRemoteAddress();
    Connection connection =
        new Connection(
            encryption == null ? new PlainChannel(client) : new TlsChannel(client, encryption),
            protocol,
            memory,
            metrics,
            maxRequestBytes,
            new RequestMemory(requestMemoryBytes / SHARE_OF_ONE),
            new Caller(
                client.getLocalAddress() + "-" + from,
                from.getAddress(),
                users,
                encryption != null));
    open.add(connection);
    Thread.ofVirtual().name("varve-kafka-read").start(() -> serve(connection));
  }

  private void serve(Connection connection) {
    try {
      connection.run(writer -> Thread.ofVirtual().name("varve-kafka-write").start(writer));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(connection);
    }
  }

  void acceptFailed() {
    metrics.add("kafka_accepts_failed", 1);
  }

  /// Ends connections whose clients stopped in the middle of a request long before this time.
  public void closeStalled(long nowNanos) {
    open.forEach(connection -> connection.closeIfStalled(nowNanos));
  }

  /// How many clients there are.
  public int size() {
    return open.size();
  }

  @Override
  public void close() {
    open.forEach(Connection::close);
  }
}
