// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.ingest;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/// How many INSERTs of one row come through over HTTP, as parts and by the journal, from one client
/// and from sixteen?
///
/// Expected: an INSERT that writes a part waits for five syncs of the disk, one by the journal for
/// one; with sixteen clients each sync of the journal carries those of all but who is on the way.
final class SmallInserts {
  private static final int[] CLIENTS = {1, 16};

  private final Server varve;
  private final Figures figures;
  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicLong next = new AtomicLong();

  SmallInserts(Server varve, Figures figures) {
    this.varve = varve;
    this.figures = figures;
  }

  /// @param seconds of each run
  void run(double seconds, int runs) throws IOException, InterruptedException {
    send("", "CREATE TABLE small (id UInt64, kind String) ENGINE = MergeTree ORDER BY id");
    for (int clients : CLIENTS) {
      List<List<Double>> latencies = List.of(new ArrayList<>(), new ArrayList<>());
      for (int run = -1; run < runs; run++) {
        for (int journaled = 0; journaled <= 1; journaled++) {
          List<Double> sink = run < 0 ? new ArrayList<>() : latencies.get(journaled);
          int before = sink.size();
          long cpu = varve.cpuNanos();
          long begun = System.nanoTime();
          inserts(clients, "?async_insert=" + journaled, begun + (long) (seconds * 1e9), sink);
          long nanos = System.nanoTime() - begun;
          if (run >= 0) {
            int count = sink.size() - before;
            long used = varve.cpuNanos() - cpu;
            figures.add(title(clients, journaled), varve.name(), count, nanos, used);
          }
        }
      }
      for (int journaled = 0; journaled <= 1; journaled++) {
        double[] all = latencies.get(journaled).stream().mapToDouble(x -> x).toArray();
        figures.latencies(title(clients, journaled), all);
      }
    }
    long counted = Long.parseLong(send("", "SELECT count(*) FROM small").strip());
    if (counted != next.get()) {
      throw new IllegalStateException("counted " + counted + " rows, expected " + next);
    }
    send("", "DROP TABLE small");
  }

  private static String title(int clients, int journaled) {
    return "INSERT of a row, " + clients + " clients, " + (journaled == 1 ? "journal" : "parts");
  }

  private void inserts(int clients, String settings, long end, List<Double> micros) {
    Callable<List<Double>> client =
        () -> {
          List<Double> own = new ArrayList<>();
          while (System.nanoTime() < end) {
            long begun = System.nanoTime();
            send(settings, "INSERT INTO small VALUES (" + next.getAndIncrement() + ", 'click')");
            own.add((System.nanoTime() - begun) / 1e3);
          }
          return own;
        };
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Double>>> all = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        all.add(threads.submit(client));
      }
      for (Future<List<Double>> each : all) {
        micros.addAll(each.get(10, TimeUnit.MINUTES));
      }
    } catch (InterruptedException e) {
      throw Clients.interrupted(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("an INSERT failed", e);
    }
  }

  private String send(String settings, String sql) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + varve.http() + "/" + settings))
            .POST(HttpRequest.BodyPublishers.ofString(sql))
            .build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(answer.body());
    }
    return answer.body();
  }
}
