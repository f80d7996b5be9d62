// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.http;

import dev.varve.sql.session.Result;
import java.util.ArrayList;
import java.util.List;

/// What a statement had read at each interval until its answer began, for the headers
/// `X-ClickHouse-Progress`. They leave together with the first byte, as HTTP sends all headers at
/// once. A virtual thread takes the samples until this is closed.
final class ProgressHeaders implements AutoCloseable {
  private static final int MOST = 100;

  private final Result result;
  private final long intervalMillis;
  private final List<String> samples = new ArrayList<>();
  private final Thread sampler;

  ProgressHeaders(Result result, long intervalMillis) {
    this.result = result;
    this.intervalMillis = Math.max(1, intervalMillis);
    this.sampler = Thread.ofVirtual().name("progress").start(this::sample);
  }

  private synchronized void sample() {
    try {
      while (samples.size() < MOST) {
        wait(intervalMillis);
        samples.add(text(result, 0));
      }
    } catch (InterruptedException e) {
      // Closed: whoever closed this has what it wanted.
      Thread.currentThread().interrupt();
    }
  }

  /// The samples so far, and the state now.
  synchronized List<String> texts() {
    List<String> all = new ArrayList<>(samples);
    all.add(text(result, 0));
    return all;
  }

  @Override
  public void close() {
    sampler.interrupt();
  }

  /// What a statement has read and written, as the headers say it.
  static String text(Result result, long resultRows) {
    Result.Progress progress = result.progress();
    return "{\"read_rows\":\""
        + progress.readRows()
        + "\",\"read_bytes\":\""
        + progress.readBytes()
        + "\",\"written_rows\":\""
        + result.writtenRows()
        + "\",\"written_bytes\":\"0\",\"total_rows_to_read\":\""
        + progress.totalRows()
        + "\",\"result_rows\":\""
        + Math.max(resultRows, result.writtenRows())
        + "\",\"result_bytes\":\"0\",\"elapsed_ns\":\""
        + progress.elapsedNanos()
        + "\"}";
  }
}
