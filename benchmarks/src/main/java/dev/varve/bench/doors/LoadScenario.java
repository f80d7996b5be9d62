// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.doors;

import dev.varve.bench.Machine;
import dev.varve.bench.peer.ClickHousePeer;
import dev.varve.server.demo.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// How fast does a file of TabSeparated rows get into a table by HTTP? ClickHouse, embedded, reads
/// the same file itself, which is the shorter way.
///
/// The aim: at least ClickHouse's speed.
@Command(
    name = "load",
    description = "INSERT of a TSV file over HTTP, beside ClickHouse where it is installed",
    mixinStandardHelpOptions = true)
public final class LoadScenario implements Callable<Integer> {
  private static final String COLUMNS =
      "id Int64, n Int32, v Float64, s String, at DateTime, price Decimal(15, 2)";

  @Option(names = "--rows", description = "of the file (default: ${DEFAULT-VALUE})")
  long rows = 5_000_000;

  @Option(names = "--rounds", description = "of both (default: ${DEFAULT-VALUE})")
  int rounds = 3;

  private final HttpClient client = HttpClient.newHttpClient();

  @Override
  public Integer call() throws Exception {
    Machine.print(System.out);
    Path directory = Files.createTempDirectory("varve-load");
    Path file = directory.resolve("rows.tsv");
    try (ServerProcess server = ServerProcess.start(directory)) {
      Optional<ClickHousePeer> peer =
          ClickHousePeer.start(directory, Runtime.getRuntime().availableProcessors());
      String url = "http://" + server.http() + "/";
      make(url, file);
      System.out.println("one round that does not count, for the server's compiler:");
      varve(url, file);
      if (peer.isPresent()) {
        clickHouse(peer.get(), file);
      }
      long[] ours = new long[rounds];
      long[] theirs = new long[rounds];
      for (int round = 0; round < rounds; round++) {
        ours[round] = varve(url, file);
        theirs[round] = peer.isPresent() ? clickHouse(peer.get(), file) : 0;
      }
      if (peer.isPresent()) {
        System.out.printf(
            Locale.ROOT,
            "median: Varve %.2f M rows/s, ClickHouse %.2f M rows/s, ratio %.2f%n",
            rows / 1e3 / median(ours),
            rows / 1e3 / median(theirs),
            (double) median(theirs) / median(ours));
        peer.get().close();
      }
    } finally {
      Trees.delete(directory);
    }
    return 0;
  }

  private void make(String url, Path file) throws IOException, InterruptedException {
    String sql =
        "SELECT toInt64(number), toInt32(number % 100000), number / 7.0,"
            + " concat('customer-', toString(number % 900000)),"
            + " toDateTime(1700000000 + number % 10000000), toDecimal64(number % 1000000, 2)"
            + " FROM numbers("
            + rows
            + ") FORMAT TSV";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .POST(HttpRequest.BodyPublishers.ofString(sql))
            .build();
    HttpResponse<Path> answer = client.send(request, HttpResponse.BodyHandlers.ofFile(file));
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(Files.readString(file));
    }
  }

  private long varve(String url, Path file) throws IOException, InterruptedException {
    send(url, HttpRequest.BodyPublishers.ofString("DROP TABLE IF EXISTS loaded"));
    send(
        url,
        HttpRequest.BodyPublishers.ofString(
            "CREATE TABLE loaded (" + COLUMNS + ") ENGINE = MergeTree ORDER BY id"));
    String query = URLEncoder.encode("INSERT INTO loaded FORMAT TSV", StandardCharsets.UTF_8);
    long begin = System.nanoTime();
    send(url + "?query=" + query, HttpRequest.BodyPublishers.ofFile(file));
    long millis = (System.nanoTime() - begin) / 1_000_000;
    String count = send(url, HttpRequest.BodyPublishers.ofString("SELECT count() FROM loaded"));
    return told("Varve", millis, file, count);
  }

  private String send(String url, HttpRequest.BodyPublisher body)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(url)).POST(body).build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(answer.body());
    }
    return answer.body();
  }

  private long clickHouse(ClickHousePeer peer, Path file) throws IOException {
    peer.run("DROP TABLE IF EXISTS loaded");
    peer.run("CREATE TABLE loaded (" + COLUMNS + ") ENGINE = MergeTree ORDER BY id");
    long begin = System.nanoTime();
    peer.run("INSERT INTO loaded SELECT * FROM file('" + file + "', TSV, '" + COLUMNS + "')");
    long millis = (System.nanoTime() - begin) / 1_000_000;
    return told("ClickHouse", millis, file, peer.run("SELECT count() FROM loaded"));
  }

  private long told(String who, long millis, Path file, String count) throws IOException {
    if (Long.parseLong(count.strip()) != rows) {
      throw new IllegalStateException(who + " has " + count.strip() + " rows of " + rows);
    }
    System.out.printf(
        Locale.ROOT,
        "%-10s %6d ms %6.2f M rows/s %5.0f MB/s%n",
        who,
        millis,
        rows / 1e3 / millis,
        Files.size(file) / 1e3 / millis);
    return millis;
  }

  private static long median(long[] millis) {
    long[] sorted = millis.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
