// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.demo;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server in a process of its own, started with this program's class path and JVM flags.
public final class ServerProcess implements AutoCloseable {
  private static final Pattern READY =
      Pattern.compile("varve ready http=(\\S+) kafka=(\\S+) .*data=.*");
  private static final long STOP_SECONDS = 30;

  private final Process process;
  private final Path log;
  private final String http;
  private final String kafka;

  private ServerProcess(Process process, Path log, String http, String kafka) {
    this.process = process;
    this.log = log;
    this.http = http;
    this.kafka = kafka;
  }

  /// Starts a server with 2 GiB of heap and 2 GiB beside it, on free ports, and waits until it
  /// serves.
  public static ServerProcess start(Path directory) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (!flag.startsWith("-Xmx") && !flag.startsWith("-agentlib")) {
        command.add(flag);
      }
    }
    command.addAll(
        List.of(
            "-Xmx2g",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.varve.server.main.Varve",
            "server",
            "--data",
            directory.resolve("data").toString(),
            "--http-port",
            "0",
            "--kafka-port",
            "0",
            "--memory",
            "2G"));
    Path log = directory.resolve("server.log");
    Process process =
        new ProcessBuilder(command)
            .redirectError(log.toFile())
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .start();
    BufferedReader out = new BufferedReader(process.inputReader(StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher ready = READY.matcher(line);
      if (ready.matches()) {
        return new ServerProcess(process, log, ready.group(1), ready.group(2));
      }
    }
    throw new VarveException(
        ErrorCode.NETWORK_ERROR,
        "the server did not start; its log " + log + " ends with: " + lastLine(log));
  }

  private static String lastLine(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return lines.isEmpty() ? "nothing" : lines.getLast();
  }

  public String http() {
    return http;
  }

  public String kafka() {
    return kafka;
  }

  public long pid() {
    return process.pid();
  }

  Path log() {
    return log;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /// Stops the server cleanly, and by force if it does not.
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
