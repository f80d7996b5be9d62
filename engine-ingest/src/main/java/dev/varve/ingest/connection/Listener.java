// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.connection;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;

/// A port that clients connect to: taken when it is opened, served from [#start] on.
public final class Listener implements AutoCloseable {
  private static final int BACKLOG = 1024;

  // Without room for another connection accepting fails at once, again and again.
  private static final long PAUSE_NANOS = 50_000_000;

  private final ServerSocketChannel server;
  private final SSLContext encryption;
  private volatile boolean isClosed;

  private Listener(ServerSocketChannel server, SSLContext encryption) {
    this.server = server;
    this.encryption = encryption;
  }

  /// @param port 0 takes a free one
  /// @param encryption null for a plain port
  /// @param option where another port is chosen, for the message
  /// @throws VarveException NETWORK_ERROR if the port is taken
  public static Listener open(String host, int port, SSLContext encryption, String option)
      throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    try {
      server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      server.bind(new InetSocketAddress(host, port), BACKLOG);
      return new Listener(server, encryption);
    } catch (IOException | UnresolvedAddressException e) {
      server.close();
      String remedy =
          e instanceof BindException
              ? "; another program has it: stop that, or choose another with " + option
              : "; choose an address of this machine with --listen";
      throw new VarveException(
          ErrorCode.NETWORK_ERROR,
          "cannot listen for Kafka clients on port "
              + port
              + " of "
              + host
              + " ("
              + e.getMessage()
              + ")"
              + remedy,
          e);
    }
  }

  /// Accepts clients from now on, until it is closed.
  public void start(Connections clients) {
    Thread.ofPlatform().daemon().name("varve-kafka-accept").start(() -> accept(clients));
  }

  private void accept(Connections clients) {
    while (!isClosed) {
      try {
        SocketChannel client = server.accept();
        try {
          clients.serve(client, encryption);
        } catch (IOException e) {
          client.close();
          throw e;
        }
      } catch (IOException e) {
        if (!isClosed) {
          clients.acceptFailed();
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
    }
  }

  /// The port that clients connect to.
  public int port() {
    try {
      return ((InetSocketAddress) server.getLocalAddress()).getPort();
    } catch (IOException e) {
      throw new IllegalStateException("the port is closed", e);
    }
  }

  @Override
  public void close() throws IOException {
    isClosed = true;
    server.close();
  }
}
