// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.connection;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// What a broker has done since it started, by name. Names are stable: they end in `system.metrics`
/// and in Prometheus. Safe for threads.
public final class BrokerMetrics {
  private final Map<String, LongAdder> counters = new ConcurrentHashMap<>();
  private volatile Throwable lastDefect;

  public void add(String name, long count) {
    counters.computeIfAbsent(name, _ -> new LongAdder()).add(count);
  }

  /// Counts a defect of ours and keeps it, for whoever looks after the server.
  public void defect(Throwable defect) {
    add("kafka_requests_failed", 1);
    lastDefect = defect;
  }

  /// The last request that failed by our fault, or null.
  public Throwable lastDefect() {
    return lastDefect;
  }

  /// All counters, sorted by name.
  public Map<String, Long> values() {
    Map<String, Long> values = new TreeMap<>();
    counters.forEach((name, counter) -> values.put(name, counter.sum()));
    return values;
  }
}
