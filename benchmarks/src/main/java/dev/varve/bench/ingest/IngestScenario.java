// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.ingest;

import dev.varve.bench.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Does our log take and give records at Apache Kafka's rate, for less CPU of the server? Clients
/// and servers share the cores, so that the client is the limit of most cells and the server's CPU
/// time is what can be compared.
@Command(
    name = "ingest",
    description = "Stock Kafka clients against the log, and against Apache Kafka where it is.",
    mixinStandardHelpOptions = true)
public final class IngestScenario implements Callable<Integer> {
  private static final int RECORDS_100 = 1_000_000;
  private static final int RECORDS_1024 = 200_000;

  @Option(
      names = "--only",
      split = ",",
      description =
          "steps: produce, consume, fsync, latency, table, freshness, inserts (default: all), and"
              + " restart, which takes 10 GiB of disk")
  List<String> only = List.of();

  @Option(names = "--cells", description = "cells whose title has this text only")
  String cells = "";

  @Option(names = "--scale", description = "share of the records (default: ${DEFAULT-VALUE})")
  double scale = 1;

  @Option(names = "--runs", description = "runs of each cell (default: ${DEFAULT-VALUE})")
  int runs = 3;

  @Option(names = "--no-peer", description = "without Apache Kafka")
  boolean alone;

  @Option(names = "--dir", description = "where data is kept (default: ${DEFAULT-VALUE})")
  Path directory = Path.of("target", "bench");

  @Option(names = "--json", description = "also write the figures to this file")
  Path json;

  private final Figures figures = new Figures(System.out);
  private final Map<Integer, byte[][]> events =
      Map.of(100, Events.ofBytes(100), 1024, Events.ofBytes(1024));
  private int topics;

  @Override
  public Integer call() throws Exception {
    Machine.print(System.out);
    Files.createDirectories(directory);
    Path home = Files.createTempDirectory(directory.toAbsolutePath(), "ingest");
    try (Server varve = Server.varve(home)) {
      besideKafka(varve, home);
      if (isWanted("fsync")) {
        besideSyncingKafka(varve, home);
      }
      if (isWanted("table")) {
        new TableLoad(varve, figures).run(count(RECORDS_100), runs);
      }
      if (isWanted("freshness")) {
        new Freshness(varve, figures).run((int) (10 * scale));
      }
      if (isWanted("inserts")) {
        new SmallInserts(varve, figures).run(4 * scale, runs);
      }
    }
    if (only.contains("restart")) {
      Restart.run(home.resolve("restart"), (int) (10_240 * scale));
    }
    figures.print();
    if (json != null) {
      Files.writeString(json, figures.json());
    }
    return 0;
  }

  private boolean isWanted(String step) {
    return only.isEmpty() || only.contains(step);
  }

  private int count(int records) {
    return Math.max(1000, (int) (records * scale));
  }

  private void besideKafka(Server varve, Path home) throws IOException {
    if (!isWanted("produce") && !isWanted("consume") && !isWanted("latency")) {
      return;
    }
    Optional<Server> kafka =
        alone ? Optional.empty() : KafkaPeer.start(home.resolve("kafka"), false);
    List<Server> servers = new ArrayList<>(List.of(varve));
    kafka.ifPresent(servers::add);
    try {
      servers.forEach(this::warmUp);
      if (isWanted("produce")) {
        Cell.matrix().forEach(cell -> produce(servers, cell, "produce "));
      }
      if (isWanted("consume")) {
        consume(servers);
      }
      if (isWanted("latency")) {
        EndToEnd latency = new EndToEnd(figures);
        for (String acks : List.of("1", "all")) {
          servers.forEach(server -> latency.run(server, acks, count(3000)));
        }
      }
    } finally {
      kafka.ifPresent(Server::close);
    }
  }

  private void besideSyncingKafka(Server varve, Path home) throws IOException {
    Optional<Server> kafka =
        alone ? Optional.empty() : KafkaPeer.start(home.resolve("kafka-fsync"), true);
    List<Server> servers = new ArrayList<>(List.of(varve));
    kafka.ifPresent(servers::add);
    try {
      servers.forEach(this::warmUp);
      for (Cell cell : Cell.matrix()) {
        if (cell.acks().equals("all")) {
          produce(servers, cell, "fsync ");
        }
      }
    } finally {
      kafka.ifPresent(Server::close);
    }
  }

  private void warmUp(Server server) {
    for (Cell cell : Cell.matrix()) {
      if (cell.bytes() > 100 || cell.acks().equals("1")) {
        continue;
      }
      String topic = produceTo(server, cell, count(RECORDS_1024) / 2).topic;
      Clients.consume(server.kafka(), topic, count(RECORDS_1024) / 2, cell.bytes());
      Clients.delete(server.kafka(), topic);
    }
  }

  private record Produced(String topic, long nanos, long cpuNanos) {}

  private Produced produceTo(Server server, Cell cell, int records) {
    String topic = "bench-" + topics++;
    Clients.create(server.kafka(), topic);
    byte[][] values = events.get(cell.bytes());
    long cpu = server.cpuNanos();
    long nanos =
        Clients.produce(
            server.kafka(), topic, cell.settings(), records, i -> values[i % values.length]);
    return new Produced(topic, nanos, server.cpuNanos() - cpu);
  }

  private void produce(List<Server> servers, Cell cell, String prefix) {
    String title = prefix + cell.title();
    if (!title.contains(cells)) {
      return;
    }
    int records = count(cell.bytes() <= 100 ? RECORDS_100 : RECORDS_1024);
    for (int run = 0; run < runs; run++) {
      for (Server server : run % 2 == 0 ? servers : servers.reversed()) {
        Produced done = produceTo(server, cell, records);
        figures.add(title, server.name(), records, done.nanos, done.cpuNanos);
        Clients.delete(server.kafka(), done.topic);
      }
    }
  }

  private void consume(List<Server> servers) {
    for (Cell cell : Cell.matrix()) {
      String title = "consume " + cell.bytes() + " B " + cell.codec();
      if (cell.isTuned() || cell.acks().equals("all") || !title.contains(cells)) {
        continue;
      }
      int records = count(cell.bytes() <= 100 ? 2 * RECORDS_100 : 2 * RECORDS_1024);
      List<String> filled =
          servers.stream().map(server -> produceTo(server, cell, records).topic).toList();
      for (int run = 0; run < runs; run++) {
        for (int i = 0; i < servers.size(); i++) {
          Server server = servers.get(i);
          long cpu = server.cpuNanos();
          long nanos = Clients.consume(server.kafka(), filled.get(i), records, cell.bytes());
          figures.add(title, server.name(), records, nanos, server.cpuNanos() - cpu);
        }
      }
      for (int i = 0; i < servers.size(); i++) {
        Clients.delete(servers.get(i).kafka(), filled.get(i));
      }
    }
  }
}
