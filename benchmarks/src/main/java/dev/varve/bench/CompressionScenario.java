// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench;

import dev.varve.bench.peer.ClickHousePeer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// How many bytes do `hits` and `lineitem` take, column by column, beside ClickHouse with its
/// default (LZ4) and with ZSTD(1)?
///
/// Expected: light encodings make numbers two to four times smaller than LZ4 does, so lineitem is
/// at half; hits is mostly text and noise, where sorted dictionaries save a third of the text.
@Command(
    name = "compression",
    description = "bytes of each column of hits and lineitem, beside ClickHouse where it is there",
    mixinStandardHelpOptions = true)
final class CompressionScenario implements Callable<Integer> {
  /// A table of the peers' data folder, and its sorting key.
  private record Source(String table, String folder, String pattern, String key) {}

  private static final List<Source> SOURCES =
      List.of(
          new Source("lineitem", "tpch-1", "lineitem.parquet", "l_orderkey, l_linenumber"),
          new Source(
              "hits",
              "hits-10",
              "part-*.parquet",
              "CounterID, EventDate, UserID, EventTime, WatchID"));

  @Option(
      names = "--peers",
      description = "folder that holds the data folder (default: $PEERS_HOME or ~/.cache/peers)")
  Path peers =
      Path.of(
          Optional.ofNullable(System.getenv("PEERS_HOME"))
              .orElse(System.getProperty("user.home") + "/.cache/peers"));

  @Option(names = "--tables", split = ",", description = "of these tables only")
  List<String> tables = List.of("lineitem", "hits");

  @Option(names = "--files", description = "files of a table at most (default: all)")
  int files = Integer.MAX_VALUE;

  @Option(names = "--dir", description = "where data is kept (default: ${DEFAULT-VALUE})")
  Path directory = Path.of("target", "bench");

  @Option(names = "--json", description = "also write the bytes there")
  Path json;

  private final StringBuilder written = new StringBuilder();

  @Override
  public Integer call() throws Exception {
    Machine.print(System.out);
    Files.createDirectories(directory);
    for (Source source : SOURCES) {
      if (tables.contains(source.table())) {
        measure(source);
      }
    }
    if (json != null) {
      Files.writeString(json, "{" + written + "}\n");
    }
    return 0;
  }

  private List<Path> files(Source source) throws IOException {
    Path folder = peers.resolve("data").resolve(source.folder());
    if (!Files.isDirectory(folder)) {
      throw new IllegalStateException(
          "no folder " + folder + "; generate the data or name its place with --peers");
    }
    try (Stream<Path> found = Files.list(folder)) {
      return found
          .filter(file ->
              folder
                  .getFileSystem()
                  .getPathMatcher("glob:" + source.pattern())
                  .matches(file.getFileName()))
          .sorted()
          .limit(files)
          .toList();
    }
  }

  private void measure(Source source) throws Exception {
    List<Path> from = files(source);
    Path data = Files.createTempDirectory(directory.toAbsolutePath(), source.table());
    Map<String, Map<String, Long>> sizes = new LinkedHashMap<>();
    String create;
    try (Connection varve = DriverManager.getConnection("jdbc:varve:" + data.resolve("varve"));
        Statement statement = varve.createStatement()) {
      create = create(statement, source, from.getFirst());
      statement.execute(create);
      long started = System.nanoTime();
      for (Path file : from) {
        statement.execute(
            "INSERT INTO " + source.table() + " SELECT * FROM read_parquet('" + file + "')");
      }
      System.out.printf(
          Locale.ROOT,
          "%s: inserted in %.1f s%n",
          source.table(),
          (System.nanoTime() - started) / 1e9);
      sizes.put("varve", sizes(statement, source.table()));
      started = System.nanoTime();
      statement.execute("OPTIMIZE TABLE " + source.table() + " FINAL");
      System.out.printf(
          Locale.ROOT,
          "%s: optimized in %.1f s%n",
          source.table(),
          (System.nanoTime() - started) / 1e9);
      sizes.put("varve final", sizes(statement, source.table()));
    }
    try (ClickHousePeer clickHouse =
        ClickHousePeer.start(data, Runtime.getRuntime().availableProcessors()).orElse(null)) {
      if (clickHouse == null) {
        System.out.println("no ClickHouse is installed for the peers: only our own bytes");
      } else {
        for (String codec : List.of("LZ4", "ZSTD(1)")) {
          sizes.put("clickhouse " + codec, peerSizes(clickHouse, source, create, codec, from));
        }
      }
    }
    print(source.table(), sizes);
  }

  /// The same for both engines: columns as the file has them, without NULL.
  private static String create(Statement statement, Source source, Path file) throws SQLException {
    List<String> columns = new ArrayList<>();
    try (ResultSet none =
        statement.executeQuery("SELECT * FROM read_parquet('" + file + "') LIMIT 0")) {
      ResultSetMetaData meta = none.getMetaData();
      for (int c = 1; c <= meta.getColumnCount(); c++) {
        String type = meta.getColumnTypeName(c);
        if (type.startsWith("Nullable(")) {
          type = type.substring("Nullable(".length(), type.length() - 1);
        }
        columns.add(meta.getColumnName(c) + " " + type);
      }
    }
    return "CREATE TABLE "
        + source.table()
        + " ("
        + String.join(", ", columns)
        + ") ENGINE = MergeTree ORDER BY ("
        + source.key()
        + ")";
  }

  private static Map<String, Long> sizes(Statement statement, String table) throws SQLException {
    Map<String, Long> bytes = new LinkedHashMap<>();
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT column, sum(column_bytes_on_disk) FROM system.parts_columns WHERE table = '"
                + table
                + "' GROUP BY column ORDER BY 2 DESC")) {
      while (rows.next()) {
        bytes.put(rows.getString(1), rows.getLong(2));
      }
    }
    return bytes;
  }

  private static Map<String, Long> peerSizes(
      ClickHousePeer peer, Source source, String create, String codec, List<Path> from)
      throws IOException {
    String table = source.table();
    peer.run("DROP TABLE IF EXISTS " + table);
    peer.run(create + " SETTINGS default_compression_codec = '" + codec + "'");
    for (Path file : from) {
      peer.run("INSERT INTO " + table + " SELECT * FROM file('" + file + "', 'Parquet')");
    }
    peer.run("OPTIMIZE TABLE " + table + " FINAL");
    Map<String, Long> bytes = new LinkedHashMap<>();
    String answer =
        peer.run(
            "SELECT column, sum(column_bytes_on_disk) FROM system.parts_columns WHERE active AND"
                + " table = '"
                + table
                + "' GROUP BY column");
    for (String line : answer.split("\n")) {
      String[] fields = line.split("\t");
      bytes.put(fields[0], Long.parseLong(fields[1]));
    }
    return bytes;
  }

  private void print(String table, Map<String, Map<String, Long>> sizes) {
    Map<String, Long> ours = sizes.get("varve final");
    System.out.printf(Locale.ROOT, "%-24s", table);
    sizes.keySet().forEach(name -> System.out.printf(Locale.ROOT, " %18s", name));
    System.out.println();
    for (String column : ours.keySet()) {
      System.out.printf(Locale.ROOT, "%-24s", column);
      for (Map<String, Long> one : sizes.values()) {
        System.out.printf(Locale.ROOT, " %,18d", one.getOrDefault(column, 0L));
      }
      System.out.println();
    }
    System.out.printf(Locale.ROOT, "%-24s", "all");
    long total = sum(ours);
    for (Map<String, Long> one : sizes.values()) {
      System.out.printf(Locale.ROOT, " %,18d", sum(one));
    }
    System.out.println();
    sizes.forEach((name, one) ->
        System.out.printf(
            Locale.ROOT, "varve final / %s: %.3f%n", name, total / (double) sum(one)));
    sizes.forEach((name, one) -> json(table + " " + name, one));
  }

  private static long sum(Map<String, Long> bytes) {
    return bytes.values().stream().mapToLong(Long::longValue).sum();
  }

  private void json(String name, Map<String, Long> bytes) {
    written.append(written.isEmpty() ? "" : ",\n").append('"').append(name).append("\": {");
    String comma = "";
    for (Map.Entry<String, Long> one : bytes.entrySet()) {
      written.append(comma).append('"').append(one.getKey()).append("\": ").append(one.getValue());
      comma = ", ";
    }
    written.append('}');
  }
}
