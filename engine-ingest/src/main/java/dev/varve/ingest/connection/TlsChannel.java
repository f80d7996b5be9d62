// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.connection;

import dev.varve.ingest.wire.ClientChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/// A socket whose bytes are encrypted. One thread reads, which begins with the handshake, and one
/// writes; the reader writes too where the other side wants new keys.
///
/// The end of a connection is not announced (`close_notify`): each request and each answer has its
/// length in front, so whoever cuts a connection off gains nothing by it, and a client that reads
/// no more cannot hold up the thread that closes.
final class TlsChannel implements ClientChannel {
  private static final int SEND_BYTES = 64 << 10;

  private final SocketChannel socket;
  private final SSLEngine engine;
  private final int packetBytes;
  private final ReentrantLock writing = new ReentrantLock();
  private final ByteBuffer received; // to be read from
  private final ByteBuffer plain; // to be read from
  private ByteBuffer sent;
  private ByteBuffer fromFile;
  private volatile boolean refusesHandshakes;

  TlsChannel(SocketChannel socket, SSLContext context) {
    this.socket = socket;
    this.engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    this.packetBytes = engine.getSession().getPacketBufferSize();
    this.received = ByteBuffer.allocate(packetBytes).flip();
    this.plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).flip();
    this.sent = ByteBuffer.allocate(packetBytes);
  }

  @Override
  public void handshake() throws IOException {
    try {
      engine.beginHandshake();
      boolean isDone = false;
      while (!isDone) {
        switch (engine.getHandshakeStatus()) {
          case NEED_TASK -> runTasks();
          case NEED_WRAP -> sendNothing();
          case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
            if (unwrap(plain.clear()) == null) {
              throw new SSLException("the client went in the middle of the handshake");
            }
            plain.flip();
          }
          case FINISHED, NOT_HANDSHAKING -> isDone = true;
        }
      }
      // A second handshake is how old versions change keys, and a way to keep a server busy. The
      // newest changes them by a message.
      refusesHandshakes = !engine.getSession().getProtocol().equals("TLSv1.3");
    } catch (SSLException e) {
      tellWhy(e);
      throw e;
    }
  }

  /// The other side is told what is wrong, if it still listens.
  private void tellWhy(SSLException failure) {
    try {
      sendNothing();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private void runTasks() {
    Runnable task = engine.getDelegatedTask();
    while (task != null) {
      task.run();
      task = engine.getDelegatedTask();
    }
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    while (!plain.hasRemaining()) {
      boolean isDirect = into.remaining() >= plain.capacity();
      SSLEngineResult result = unwrap(isDirect ? into : plain.clear());
      plain.limit(isDirect ? 0 : plain.position()).position(0);
      if (result == null) {
        return -1;
      }
      if (isDirect && result.bytesProduced() > 0) {
        return result.bytesProduced();
      }
    }
    int bytes = Math.min(into.remaining(), plain.remaining());
    into.put(into.position(), plain, plain.position(), bytes);
    into.position(into.position() + bytes);
    plain.position(plain.position() + bytes);
    return bytes;
  }

  /// Decrypts one packet, waiting for it. Null where the client is gone.
  private SSLEngineResult unwrap(ByteBuffer target) throws IOException {
    while (true) {
      SSLEngineResult result = engine.unwrap(received, target);
      switch (result.getStatus()) {
        case OK -> {
          if (refusesHandshakes && engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
            throw new SSLException("the client wants to begin anew");
          }
          switch (result.getHandshakeStatus()) {
            case NEED_TASK -> runTasks();
            case NEED_WRAP -> sendNothing();
            default -> {}
          }
          return result;
        }
        case BUFFER_UNDERFLOW -> {
          received.compact();
          int bytes = socket.read(received);
          received.flip();
          if (bytes < 0) {
            return null;
          }
        }
        case CLOSED -> {
          return null;
        }
        case BUFFER_OVERFLOW ->
            throw new SSLException("a packet larger than " + target.remaining() + " bytes");
      }
    }
  }

  /// Sends what the protocol itself has to say.
  private void sendNothing() throws IOException {
    write(new ByteBuffer[] {ByteBuffer.allocate(0)}, 0, 1);
  }

  @Override
  public long write(ByteBuffer[] from, int first, int count) throws IOException {
    writing.lock();
    try {
      long taken = 0;
      sent.clear();
      do {
        SSLEngineResult result = engine.wrap(from, first, count, sent);
        if (result.getStatus() == SSLEngineResult.Status.CLOSED && sent.position() == 0) {
          throw new ClosedChannelException();
        }
        if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
          runTasks();
        }
        taken += result.bytesConsumed();
      } while (sent.remaining() >= packetBytes && hasMore(from, first, count));
      sent.flip();
      while (sent.hasRemaining()) {
        socket.write(sent);
      }
      return taken;
    } finally {
      writing.unlock();
    }
  }

  private static boolean hasMore(ByteBuffer[] from, int first, int count) {
    return from[first + count - 1].hasRemaining();
  }

  @Override
  public long transfer(FileChannel file, long position, long count) throws IOException {
    if (fromFile == null) {
      fromFile = ByteBuffer.allocate(SEND_BYTES);
      sent = ByteBuffer.allocate(SEND_BYTES + 2 * packetBytes);
    }
    fromFile.clear().limit((int) Math.min(count, SEND_BYTES));
    int bytes = file.read(fromFile, position);
    ByteBuffer[] chunk = {fromFile.flip()};
    while (fromFile.hasRemaining()) {
      write(chunk, 0, 1);
    }
    return bytes;
  }

  @Override
  public boolean isOpen() {
    return socket.isOpen();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
