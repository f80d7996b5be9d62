// SPDX-License-Identifier: Apache-2.0
package dev.varve.flight;

import dev.varve.server.config.ServerConfig;
import dev.varve.server.node.Door;
import dev.varve.server.tls.TlsContexts;
import dev.varve.sql.session.SqlEngine;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.FlightServer;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;

/// The port of Arrow Flight SQL. It is encrypted where the server has a certificate, and the users
/// are the server's.
public final class FlightDoor implements Door {
  private static final long STOP_SECONDS = 5;

  private final FlightServer server;
  private final ExecutorService calls;
  private final BufferAllocator memory;

  private FlightDoor(FlightServer server, ExecutorService calls, BufferAllocator memory) {
    this.server = server;
    this.calls = calls;
    this.memory = memory;
  }

  /// Opens the door of a server; found as a service.
  public static final class Maker implements Door.Maker {
    @Override
    public Door open(ServerConfig config, SqlEngine sql, BufferAllocator allocator) {
      return FlightDoor.open(config, sql, allocator);
    }
  }

  /// @throws VarveException NETWORK_ERROR where the port is taken
  static FlightDoor open(ServerConfig config, SqlEngine sql, BufferAllocator allocator) {
    boolean encrypted = config.tls() != null;
    Location location =
        encrypted
            ? Location.forGrpcTls(config.listen(), config.flightPort())
            : Location.forGrpcInsecure(config.listen(), config.flightPort());
    BufferAllocator memory = allocator.newChildAllocator("flight", 0, Long.MAX_VALUE);
    ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    try {
      FlightServer.Builder builder =
          FlightServer.builder(memory, location, new Statements(sql, memory, calls))
              .executor(calls)
              .headerAuthenticator(new Logins(sql.access(), config.servesLoopbackOnly()));
      if (encrypted) {
        TlsContexts.PlainPem pem = TlsContexts.plainPem(config.tls().files());
        builder.useTls(bytes(pem.chain()), bytes(pem.key()));
      }
      return new FlightDoor(builder.build().start(), calls, memory);
    } catch (IOException e) {
      calls.close();
      memory.close();
      throw new VarveException(
          ErrorCode.NETWORK_ERROR,
          "cannot serve Flight SQL on "
              + config.listen()
              + ":"
              + config.flightPort()
              + ": "
              + e.getMessage()
              + "; is --flight-port taken?",
          e);
    }
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public int port() {
    return server.getPort();
  }

  /// Calls that have not ended after some seconds are cut off.
  @Override
  public void close() {
    try {
      server.shutdown();
      if (!server.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        server.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      calls.shutdownNow();
      calls.close();
      memory.close();
    }
  }
}
