// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.connection;

import dev.varve.ingest.wire.Caller;
import dev.varve.ingest.wire.ClientChannel;
import dev.varve.ingest.wire.MalformedRequestException;
import dev.varve.ingest.wire.Protocol;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLException;

/// One client. A thread reads and begins requests, another waits for answers and writes them in the
/// order of the requests, so that a batch is appended while the one before it is synced.
///
/// Threads are never interrupted: that would close the files of the log under them. Closing the
/// socket ends both.
final class Connection implements Closeable {
  /// Requests begun and not answered: as many as a producer has in flight, and a few.
  private static final int IN_FLIGHT = 8;

  private static final int MIN_REQUEST_BYTES = 8;

  /// A request that has begun must be there in full by then: it holds memory that others wait for.
  private static final long MAX_READ_NANOS = 60_000_000_000L;

  /// How soon a connection that is not read notices that it was closed.
  private static final long MUTED_LOOK_NANOS = 50_000_000L;

  /// A reply under way; `null` as reply ends the writer.
  private record Begun(Protocol.Reply reply, int requestBytes) {}

  private final ClientChannel channel;
  private final Protocol protocol;
  private final RequestMemory memory;
  private final RequestMemory ownMemory;
  private final BrokerMetrics metrics;
  private final int maxRequestBytes;
  private final Caller caller;
  private volatile long readingSinceNanos = Long.MAX_VALUE;
  private volatile long mutedUntilNanos = System.nanoTime();
  private final BlockingQueue<Begun> begun = new ArrayBlockingQueue<>(IN_FLIGHT);

  /// @param memory what requests of all connections may take
  /// @param ownMemory what those of this one may take of it
  Connection(
      ClientChannel channel,
      Protocol protocol,
      RequestMemory memory,
      BrokerMetrics metrics,
      int maxRequestBytes,
      RequestMemory ownMemory,
      Caller caller) {
    this.channel = channel;
    this.protocol = protocol;
    this.memory = memory;
    this.ownMemory = ownMemory;
    this.metrics = metrics;
    this.maxRequestBytes = maxRequestBytes;
    this.caller = caller;
  }

  /// Serves until the client goes. `writer` starts the second thread.
  void run(java.util.function.Consumer<Runnable> writer) throws InterruptedException {
    writer.accept(this::write);
    try {
      handshake();
      while (readRequest()) {
        metrics.add("kafka_requests", 1);
      }
    } catch (MalformedRequestException e) {
      metrics.add("kafka_connections_refused_" + e.reason(), 1);
    } catch (IOException e) {
      metrics.add("kafka_connections_broken", 1);
    } catch (RuntimeException e) {
      metrics.defect(e);
    } finally {
      begun.put(new Begun(null, 0));
    }
  }

  private void handshake() throws IOException {
    readingSinceNanos = System.nanoTime();
    try {
      channel.handshake();
    } catch (SSLException e) {
      throw new MalformedRequestException("tls", "no TLS could be agreed on: " + e.getMessage());
    }
    readingSinceNanos = Long.MAX_VALUE;
  }

  private boolean readRequest() throws IOException, InterruptedException {
    ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
    if (!readFully(length, true)) {
      return false;
    }
    int bytes = length.getInt(0);
    if (bytes < MIN_REQUEST_BYTES || bytes > maxRequestBytes) {
      throw new MalformedRequestException(
          "length", "a request of " + bytes + " bytes; at most " + maxRequestBytes + " are read");
    }
    if (!waitWhileMuted()) {
      return false;
    }
    ownMemory.take(bytes);
    memory.take(bytes);
    boolean handedOn = false;
    readingSinceNanos = System.nanoTime();
    try {
      ByteBuffer request = ByteBuffer.allocate(bytes);
      if (!readFully(request, false)) {
        return false;
      }
      readingSinceNanos = Long.MAX_VALUE;
      metrics.add("kafka_bytes_received", bytes);
      begun.put(new Begun(protocol.begin(request.flip(), caller), bytes));
      handedOn = true;
      return true;
    } finally {
      if (!handedOn) {
        giveBack(bytes);
      }
    }
  }

  /// Who is over its quota may send, but is not read. False where the connection ends meanwhile.
  private boolean waitWhileMuted() {
    long left = mutedUntilNanos - System.nanoTime();
    while (left > 0 && channel.isOpen()) {
      LockSupport.parkNanos(Math.min(left, MUTED_LOOK_NANOS));
      left = mutedUntilNanos - System.nanoTime();
    }
    return channel.isOpen();
  }

  private void giveBack(int requestBytes) {
    memory.giveBack(requestBytes);
    ownMemory.giveBack(requestBytes);
  }

  /// Ends a connection whose client sends half a request and no more. To be called every now and
  /// then.
  void closeIfStalled(long nowNanos) {
    long since = readingSinceNanos;
    if (since != Long.MAX_VALUE && nowNanos - since > MAX_READ_NANOS) {
      metrics.add("kafka_connections_refused_stalled", 1);
      close();
    }
  }

  /// False where the client is gone; between two requests that is no error.
  private boolean readFully(ByteBuffer into, boolean betweenRequests) throws IOException {
    while (into.hasRemaining()) {
      if (channel.read(into) < 0) {
        if (betweenRequests && into.position() == 0) {
          return false;
        }
        throw new IOException("the client went in the middle of a request");
      }
    }
    return true;
  }

  private void write() {
    boolean isOpen = true;
    try {
      Begun next = begun.take();
      while (next.reply != null) {
        isOpen = answer(next) && isOpen;
        giveBack(next.requestBytes);
        if (!isOpen) {
          close(); // ends the reader, whose last entry ends this loop
        }
        next = begun.take();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close();
    }
  }

  /// Waits for an answer and writes it. False if the client does not get it.
  private boolean answer(Begun next) throws InterruptedException {
    try {
      Protocol.Outgoing answer = next.reply.await();
      if (next.reply.mutedMillis() > 0) {
        metrics.add("kafka_requests_throttled", 1);
        mute(next.reply.mutedMillis());
      }
      if (answer == null || !channel.isOpen()) {
        return channel.isOpen();
      }
      metrics.add("kafka_bytes_sent", answer.bytes());
      answer.writeTo(channel);
      return true;
    } catch (IOException e) {
      metrics.add("kafka_connections_broken", 1);
      return false;
    } catch (RuntimeException e) {
      metrics.defect(e);
      return false;
    }
  }

  private void mute(int millis) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    if (until - mutedUntilNanos > 0) {
      mutedUntilNanos = until;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      metrics.add("kafka_connections_broken", 1);
    }
  }
}
