// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.ingest.log.Batches;
import dev.varve.ingest.wire.WireRequests;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.test.Randomized;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever comes over the wire, the server goes on serving others.
final class HostileBytesTest {
  @TempDir static Path directory;
  private static BrokerHarness server;

  @BeforeAll
  static void start() throws IOException {
    server = new BrokerHarness(directory);
    server.createTable("events", "MergeTree", Map.of(), "id", "Int64", "name", "String");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Socket connect() throws IOException {
    Socket socket = new Socket("127.0.0.1", server.broker().port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  /// Whether the server ended the connection without an answer.
  private static boolean isClosed(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException e) {
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  private static void assertServes() throws Exception {
    try (Producer<byte[], byte[]> producer = StockClientTest.producer(server.address(), Map.of())) {
      producer.send(StockClientTest.row("events", 1)).get();
    }
  }

  @Test
  void aLengthThatIsNoneClosesTheConnectionBeforeAnythingIsAllocated() throws Exception {
    byte[][] starts = {
      "GET / HTTP/1.1\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
      {0x7F, -1, -1, -1},
      {-1, -1, -1, -1},
      {0, 0, 0, 0},
      {6, 64, 0, 1}, // one more than 100 MiB
    };
    for (byte[] start : starts) {
      try (Socket socket = connect()) {
        socket.getOutputStream().write(start);
        assertThat(isClosed(socket)).isTrue();
      }
    }
    assertThat(server.broker().metrics().get("kafka_connections_refused_length"))
        .isGreaterThanOrEqualTo(5);
    assertServes();
  }

  @Randomized(times = 150)
  void randomRequestsAreAnsweredOrEndTheConnection(RandomGenerator random) throws Exception {
    byte[] request = new byte[8 + random.nextInt(200)];
    random.nextBytes(request);
    request[0] = 0;
    request[1] = (byte) random.nextInt(93);
    request[2] = 0;
    request[3] = (byte) random.nextInt(14);
    send(request);
  }

  @Randomized(times = 150)
  void damagedProduceRequestsAreAnsweredOrEndTheConnection(RandomGenerator random)
      throws Exception {
    byte[] request =
        WireRequests.produce(
            (short) (3 + random.nextInt(10)), "events", 0, Batches.of("{\"id\":1}"));
    for (int i = random.nextInt(4); i >= 0; i--) {
      request[8 + random.nextInt(request.length - 8)] = (byte) random.nextInt(256);
    }
    send(request);
  }

  private static void send(byte[] request) throws IOException {
    try (Socket socket = connect()) {
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.writeInt(request.length);
      out.write(request);
      socket.shutdownOutput();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      try {
        int length = in.readInt();
        assertThat(length).isBetween(4, 100 << 20);
        assertThat(in.readNBytes(length)).hasSize(length);
      } catch (java.io.EOFException | SocketException e) {
        assertThat(e).isNotInstanceOf(SocketTimeoutException.class); // closed, as it should be
      }
    }
    assertThat(server.broker().lastDefect()).isNull();
  }

  /// Requests of every kind, some of their bytes changed, cut off or made long, for as many seconds
  /// as `-Dvarve.fuzz.seconds` says. What stays of them is what they asked for: topics and groups.
  @Randomized(times = 1)
  void damagedRequestsOfEveryKindLeaveTheBrokerAliveAndItsMemoryFlat(RandomGenerator random)
      throws Exception {
    long seconds = Long.getLong("varve.fuzz.seconds", 3);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    damage(random, 500); // classes are loaded, groups and transactions have begun
    useAllCoordinators();
    long before = usedBytes();
    long looked = System.nanoTime();
    System.out.println("live heap before: " + (before >> 20) + " MiB");
    while (System.nanoTime() < end) {
      damage(random, 100);
      if (System.nanoTime() - looked > TimeUnit.SECONDS.toNanos(30)) {
        looked = System.nanoTime();
        System.out.println("live heap: " + (usedBytes() >> 20) + " MiB");
      }
    }
    assertThat(usedBytes() - before).isLessThan(24 << 20);
    assertThat(server.broker().lastDefect()).isNull();
    assertServes();
  }

  /// Each of the 50 partitions of groups keeps a buffer of 512 KiB from the first commit in it on.
  private static void useAllCoordinators() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.address()))) {
      Set<Integer> used = new HashSet<>();
      for (int i = 0; used.size() < 50; i++) {
        String group = "group-" + i;
        if (used.add((group.hashCode() & Integer.MAX_VALUE) % 50)) {
          admin
              .alterConsumerGroupOffsets(
                  group, Map.of(new TopicPartition("events", 0), new OffsetAndMetadata(0)))
              .all()
              .get();
        }
      }
    }
  }

  private static long usedBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static void damage(RandomGenerator random, int times) throws IOException {
    for (int i = 0; i < times; i++) {
      byte[] request = WireRequests.any(random);
      for (int changes = random.nextInt(4); changes > 0; changes--) {
        int at = 4 + random.nextInt(request.length - 4);
        request[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : 0xFF - changes);
      }
      if (random.nextInt(4) == 0) {
        request = java.util.Arrays.copyOf(request, random.nextInt(8, request.length + 64));
      }
      try (Socket socket = connect()) {
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeInt(request.length);
        out.write(request);
        socket.setSoTimeout(20);
        assertThat(socket.getInputStream().read()).isLessThan(256); // an answer, an end, or nothing
      } catch (SocketTimeoutException | SocketException e) {
        assertThat(e).isNotNull();
      }
    }
  }

  @Test
  void theServerStillServesAfterAllThat() throws Exception {
    assertServes();
  }

  @Test
  void aClientThatStopsInTheMiddleOfARequestIsNotWaitedForForEver() throws Exception {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(new byte[] {1, 0, 0, 0, 0, 3}); // 16 MiB to come
      socket.setSoTimeout(50);
      while (!isClosed(socket)) {
        server.broker().closeStalled(System.nanoTime() + TimeUnit.SECONDS.toNanos(61));
      }
    }
    assertThat(server.broker().metrics().get("kafka_connections_refused_stalled")).isPositive();
    assertServes();
  }

  @Test
  void aTornRequestIsForgotten() throws Exception {
    byte[] request = WireRequests.produce((short) 9, "events", 0, Batches.of("{\"id\":7}"));
    long before = server.count("events");
    try (Socket socket = connect()) {
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.writeInt(request.length);
      out.write(request, 0, request.length - 3);
      socket.shutdownOutput();
      assertThat(isClosed(socket)).isTrue();
    }
    assertThat(server.count("events")).isEqualTo(before);
  }

  @Test
  void aPortThatIsTakenIsNamedWithTheWayOut(@TempDir Path other) {
    int port = server.broker().port();
    BrokerSettings settings = BrokerSettings.of(other.resolve("log"), "127.0.0.1", port);
    assertThatThrownBy(() -> new BrokerHarness(settings, other))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining("port " + port)
        .hasMessageContaining("--kafka-port")
        .satisfies(e -> assertThat(((VarveException) e).code()).isEqualTo(ErrorCode.NETWORK_ERROR));
  }
}
