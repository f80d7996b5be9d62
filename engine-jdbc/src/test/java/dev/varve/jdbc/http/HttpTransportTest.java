// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.jdbc.wire.Call;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class HttpTransportTest {
  private static final byte[] REFUSAL =
      ("HTTP/1.1 403 Forbidden\r\nContent-Length: 11\r\nConnection: close\r\n\r\nnot granted")
          .getBytes(StandardCharsets.US_ASCII);

  @Test
  void whatAServerSaysBeforeItHasReadTheRowsIsHeard() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> refusing =
          CompletableFuture.runAsync(() -> {
            try (Socket socket = server.accept()) {
              socket.getInputStream().readNBytes(100);
              socket.getOutputStream().write(REFUSAL);
              socket.getOutputStream().flush();
            } catch (IOException failed) {
              throw new UncheckedIOException(failed);
            }
          });
      HttpTarget target =
          new HttpTarget(
              List.of("127.0.0.1:" + server.getLocalPort()), null, false, "", "", 10_000, Map.of());
      // More than the buffers between the two take: the rest meets a closed connection.
      byte[] rows = new byte[64 << 20];
      Call insert =
          new Call(
              false,
              "INSERT INTO t FORMAT CSV",
              List.of(),
              new ByteArrayInputStream(rows),
              "q1",
              "",
              Map.of());
      try (HttpTransport transport = new HttpTransport(target)) {
        assertThatThrownBy(() -> transport.send(insert))
            .isInstanceOfSatisfying(
                SQLException.class,
                e -> {
                  assertThat(e.getSQLState()).isEqualTo("28000");
                  assertThat(e.getMessage()).contains("not granted");
                });
      }
      refusing.join();
    }
  }
}
