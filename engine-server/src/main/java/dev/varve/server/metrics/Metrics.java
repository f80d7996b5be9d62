// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Named numbers, read when asked for, as Prometheus text. Safe for threads.
public final class Metrics {
  private record Metric(String kind, String meaning, LongSupplier value) {}

  private final Map<String, Metric> metrics = new TreeMap<>();
  private final List<Supplier<Map<String, Long>>> sources = new ArrayList<>();

  /// A number that only grows while the server lives.
  public synchronized void counter(String name, String meaning, LongSupplier value) {
    add(name, new Metric("counter", meaning, value));
  }

  /// A number that goes up and down.
  public synchronized void gauge(String name, String meaning, LongSupplier value) {
    add(name, new Metric("gauge", meaning, value));
  }

  /// Numbers that a wing of the house names itself; `varve_` is put before each name.
  public synchronized void add(Supplier<Map<String, Long>> source) {
    sources.add(source);
  }

  private void add(String name, Metric metric) {
    if (metrics.putIfAbsent(name, metric) != null) {
      throw new IllegalStateException("metric " + name + " is there already");
    }
  }

  /// Name, meaning and value of each, for `system.metrics`.
  public synchronized Map<String, Map.Entry<String, Long>> values() {
    Map<String, Map.Entry<String, Long>> values = new TreeMap<>();
    metrics.forEach((name, metric) ->
        values.put(name, Map.entry(metric.meaning(), metric.value().getAsLong())));
    return values;
  }

  /// Prometheus' text exposition format, version 0.0.4.
  public synchronized String prometheus() {
    StringBuilder text = new StringBuilder();
    metrics.forEach((name, metric) ->
        text.append("# HELP ")
            .append(name)
            .append(' ')
            .append(metric.meaning())
            .append("\n# TYPE ")
            .append(name)
            .append(' ')
            .append(metric.kind())
            .append('\n')
            .append(name)
            .append(' ')
            .append(metric.value().getAsLong())
            .append('\n'));
    return text.toString();
  }
}
