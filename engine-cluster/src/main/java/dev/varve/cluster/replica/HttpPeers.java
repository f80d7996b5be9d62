// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.replica;

import dev.varve.cluster.coordination.ClusterSettings;
import dev.varve.cluster.partlog.ChangeRecord;
import dev.varve.cluster.partlog.Peers;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/// The other servers over HTTP. Safe for threads.
final class HttpPeers implements Peers, AutoCloseable {
  /// What lets a server in.
  static final String PASS = "X-Varve-Pass";

  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration OFFER = Duration.ofSeconds(10);
  private static final Duration AGAIN = Duration.ofSeconds(3);
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Duration READ = Duration.ofSeconds(30);
  private static final int CHUNK_BYTES = 1 << 16;

  private final int id;
  private final ClusterSettings settings;
  private final IntFunction<Optional<String>> addresses;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client;

  /// @param addresses `host:port` of a server's HTTP, as far as known
  HttpPeers(ClusterSettings settings, IntFunction<Optional<String>> addresses) {
    this.id = settings.serverId();
    this.settings = settings;
    this.client = settings.http(CONNECT);
    this.addresses = addresses;
  }

  @Override
  public int offer(Set<Integer> to, ChangeRecord record, int needed) {
    AtomicInteger holders = new AtomicInteger();
    Semaphore answers = new Semaphore(0);
    byte[] body = record.encode();
    for (int peer : to) {
      CompletableFuture.supplyAsync(() -> offerUntil(peer, body, holders, needed), threads)
          .whenComplete((holds, failed) -> {
            if (failed == null && holds) {
              holders.incrementAndGet();
            }
            answers.release();
          });
    }
    for (int i = 0; i < to.size() && holders.get() < needed; i++) {
      try {
        if (!answers.tryAcquire(OFFER.toMillis(), TimeUnit.MILLISECONDS)) {
          break;
        }
      } catch (InterruptedException asked) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    return holders.get();
  }

  /// A server may be about to come, or to find ZooKeeper again; so it is asked for a while.
  private boolean offerUntil(int peer, byte[] body, AtomicInteger holders, int needed) {
    long end = System.nanoTime() + AGAIN.toNanos();
    boolean holds = offer(peer, body);
    while (!holds && holders.get() < needed && System.nanoTime() < end) {
      LockSupport.parkNanos(PAUSE.toNanos());
      holds = offer(peer, body);
    }
    return holds;
  }

  private boolean offer(int peer, byte[] body) {
    try {
      HttpRequest request =
          request(peer, "/replica/offer?from=" + id, OFFER)
              .POST(HttpRequest.BodyPublishers.ofByteArray(body))
              .build();
      return send(request, BodyHandlers.ofString()).body().equals("1");
    } catch (IOException away) {
      return false;
    }
  }

  private HttpRequest.Builder request(int peer, String path, Duration patience) throws IOException {
    String address =
        addresses
            .apply(peer)
            .orElseThrow(() -> new IOException("nobody knows where server " + peer + " is"));
    return HttpRequest.newBuilder(settings.at(address, path))
        .timeout(patience)
        .header(PASS, settings.pass());
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body)
      throws IOException {
    try {
      HttpResponse<T> response = client.send(request, body);
      if (response.statusCode() != 200) {
        throw new IOException(request.uri() + " answers " + response.statusCode());
      }
      return response;
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", asked);
    }
  }

  /// All that another server's catalog says.
  byte[] state(int peer) throws IOException {
    return send(request(peer, "/replica/state", READ).build(), BodyHandlers.ofByteArray()).body();
  }

  /// What another server answers to bytes.
  byte[] ask(int peer, String path, byte[] body) throws IOException {
    HttpRequest request =
        request(peer, path, OFFER).POST(HttpRequest.BodyPublishers.ofByteArray(body)).build();
    return send(request, BodyHandlers.ofByteArray()).body();
  }

  /// The files of another server.
  ReplicaFiles.Source source(int peer) {
    return new ReplicaFiles.Source() {
      @Override
      public String text(String path) throws IOException {
        return send(request(peer, path, READ).build(), BodyHandlers.ofString()).body();
      }

      @Override
      public void bytes(String path, FileChannel into) throws IOException {
        HttpRequest request = request(peer, path, READ).build();
        try (InputStream in = send(request, BodyHandlers.ofInputStream()).body()) {
          byte[] chunk = new byte[CHUNK_BYTES];
          int count = in.read(chunk);
          while (count >= 0) {
            ByteBuffer bytes = ByteBuffer.wrap(chunk, 0, count);
            while (bytes.hasRemaining()) {
              into.write(bytes);
            }
            count = in.read(chunk);
          }
        }
      }
    };
  }

  @Override
  public void close() {
    threads.shutdownNow();
    client.shutdownNow();
  }
}
