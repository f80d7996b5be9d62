// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.ingest;

import dev.varve.server.demo.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// A broker under measurement, in a process of its own, so that its CPU time can be told from that
/// of the clients. Whoever holds it closes it, which ends the process.
///
/// @param kafka where Kafka clients connect, host and port
/// @param http where SQL is answered; empty for a broker that knows none
record Server(String name, String kafka, String http, ProcessHandle process, Runnable stop)
    implements AutoCloseable {
  static final String VARVE = "varve";

  static Server varve(Path directory) throws IOException {
    ServerProcess started = ServerProcess.start(directory);
    ProcessHandle handle = ProcessHandle.of(started.pid()).orElseThrow();
    return new Server(VARVE, started.kafka(), started.http(), handle, started::close);
  }

  /// CPU time of the process so far, which the system counts in hundredths of a second.
  long cpuNanos() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }

  @Override
  public void close() {
    stop.run();
  }
}
