// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class PlainChannelTest {
  private static final int BYTES = 32 << 20;
  private static final byte[] HEAD = {1, 2, 3};

  @TempDir Path directory;

  private static void send(Path file, SocketChannel socket) {
    PlainChannel channel = new PlainChannel(socket);
    try (FileChannel from = FileChannel.open(file)) {
      socket.write(
          ByteBuffer.wrap(HEAD)); // as an answer begins; from here on transfers do not block
      long position = 0;
      while (position < BYTES) {
        position += channel.transfer(from, position, BYTES - position);
      }
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @Timeout(60)
  void aClientThatDoesNotReadIsWaitedForAndGetsAllInTheEnd() throws Exception {
    byte[] content = new byte[BYTES];
    new Random(7).nextBytes(content);
    Path file = Files.write(directory.resolve("records"), content);
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (SocketChannel client = SocketChannel.open(server.getLocalAddress());
          SocketChannel socket = server.accept()) {
        Thread sender = Thread.ofVirtual().start(() -> send(file, socket));
        while (sender.getState() != Thread.State.WAITING && !Thread.interrupted()) {
          Thread.onSpinWait(); // until the time is out, where the sender asks for room on and on
        }
        assertThat(sender.getState()).isEqualTo(Thread.State.WAITING);
        InputStream received = client.socket().getInputStream();
        assertThat(received.readNBytes(HEAD.length)).isEqualTo(HEAD);
        assertThat(received.readAllBytes()).isEqualTo(content);
        sender.join();
      }
    }
  }
}
