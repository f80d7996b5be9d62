// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.http;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/// Closes connections whose client dawdles over the head of a request or over its first byte: a few
/// bytes now and then would keep them open for ever, and a thousand of them would keep others out.
///
/// A connection that waits between two requests may wait.
final class SlowHeads extends AbstractLifeCycle implements Runnable {
  private final ServerConnector connector;
  private final Duration most;
  private Map<EndPoint, Long> heads = new HashMap<>();
  private volatile Scheduler.Task next;

  SlowHeads(ServerConnector connector, Duration most) {
    this.connector = connector;
    this.most = most;
  }

  @Override
  protected void doStart() {
    schedule();
  }

  @Override
  protected void doStop() {
    Scheduler.Task task = next;
    if (task != null) {
      task.cancel();
    }
  }

  private void schedule() {
    long pause = Math.clamp(most.toMillis() / 4, 50, 5_000);
    next = connector.getScheduler().schedule(this, pause, TimeUnit.MILLISECONDS);
  }

  /// One look at all connections; the scheduler runs one after the other.
  @Override
  public void run() {
    Map<EndPoint, Long> still = new HashMap<>();
    long now = System.nanoTime();
    for (EndPoint client : connector.getConnectedEndPoints()) {
      if (dawdles(client.getConnection())) {
        long since = heads.getOrDefault(client, now);
        if (now - since > most.toNanos()) {
          client.close();
        } else {
          still.put(client, since);
        }
      }
    }
    heads = still;
    if (isRunning()) {
      schedule();
    }
  }

  private static boolean dawdles(Connection connection) {
    return switch (connection) {
      case SslConnection secured -> dawdles(secured.getSslEndPoint().getConnection());
      case HttpConnection http -> {
        HttpParser parser = http.getParser();
        boolean waits = parser.isStart() && http.getMessagesIn() > 0;
        yield !waits && parser.inHeaderState();
      }
      case null, default -> false;
    };
  }
}
