// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/// Embedded ClickHouse (`chdb`) in a Node process, where it is installed: the folder `npm` of
/// `PEERS_HOME`, or of `~/.cache/peers`. One thread.
public final class ClickHousePeer implements AutoCloseable {
  private static final String SCRIPT = "clickhouse.cjs";

  private final Process process;
  private final BufferedReader answers;
  private final String version;

  private ClickHousePeer(Process process) throws IOException {
    this.process = process;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.version = answer();
  }

  /// Starts it, if it is there.
  ///
  /// @param directory where it keeps its data, and where the script that holds it is put
  public static Optional<ClickHousePeer> start(Path directory, int threads) throws IOException {
    String named = System.getenv("PEERS_HOME");
    Path home =
        named == null
            ? Path.of(System.getProperty("user.home"), ".cache", "peers")
            : Path.of(named);
    Path packages = home.resolve("npm");
    if (!Files.isDirectory(packages.resolve("node_modules").resolve("chdb"))) {
      return Optional.empty();
    }
    Path script = directory.resolve(SCRIPT);
    try (InputStream text = ClickHousePeer.class.getResourceAsStream(SCRIPT)) {
      Files.write(script, text.readAllBytes());
    }
    Process process =
        new ProcessBuilder(
                "node",
                script.toString(),
                packages.toString(),
                directory.resolve("clickhouse").toString(),
                String.valueOf(threads))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    return Optional.of(new ClickHousePeer(process));
  }

  public String version() {
    return version;
  }

  /// CPU time of the process so far.
  public long cpuNanos() {
    return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }

  /// Runs a statement; its result as tab-separated text.
  public String run(String sql) throws IOException {
    byte[] encoded = Base64.getEncoder().encode(sql.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().write(encoded);
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    return answer();
  }

  private String answer() throws IOException {
    String line = answers.readLine();
    while (line != null && !line.startsWith("@@")) {
      line = answers.readLine();
    }
    if (line == null) {
      throw new IOException("ClickHouse ended without an answer");
    }
    String[] fields = line.substring(2).split(" ", 2);
    String text = new String(Base64.getDecoder().decode(fields[1]), StandardCharsets.UTF_8);
    if (!fields[0].equals("ok")) {
      throw new IOException("ClickHouse: " + text);
    }
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
    }
  }
}
