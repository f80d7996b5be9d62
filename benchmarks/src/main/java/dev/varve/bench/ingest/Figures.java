// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.ingest;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What was measured, run by run; shown as a table of medians with the ratio to the peer, and as
/// JSON. One thread.
final class Figures {
  /// @param cpuNanos of the server
  private record Run(double recordsPerSecond, double cpuNanos) {}

  private final PrintStream out;
  private final Map<String, Map<String, List<Run>>> cells = new LinkedHashMap<>();
  private final Map<String, double[]> latencies = new LinkedHashMap<>();

  Figures(PrintStream out) {
    this.out = out;
  }

  /// Takes a run in, and prints it.
  void add(String cell, String server, int records, long nanos, long cpuNanos) {
    Run run = new Run(records / (nanos / 1e9), (double) cpuNanos / records);
    out.printf(
        Locale.ROOT,
        "%s %s: %,.0f records/s, %.0f ns%n",
        cell,
        server,
        run.recordsPerSecond,
        run.cpuNanos);
    cells
        .computeIfAbsent(cell, _ -> new LinkedHashMap<>())
        .computeIfAbsent(server, _ -> new ArrayList<>())
        .add(run);
  }

  /// @param micros each one that was seen
  void latencies(String what, double[] micros) {
    double[] sorted = micros.clone();
    Arrays.sort(sorted);
    latencies.put(what, sorted);
  }

  private static double median(List<Run> runs, boolean cpu) {
    double[] all =
        runs.stream().mapToDouble(run -> cpu ? run.cpuNanos : run.recordsPerSecond).toArray();
    Arrays.sort(all);
    return all[all.length / 2];
  }

  private static double percentile(double[] sorted, double share) {
    return sorted[Math.min(sorted.length - 1, (int) (sorted.length * share))];
  }

  void print() {
    out.println("medians; the server's CPU time is that of one record");
    cells.forEach((cell, servers) -> {
      StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-38s", cell));
      servers.forEach((server, runs) ->
          line.append(
              String.format(
                  Locale.ROOT,
                  "  %s %,11.0f/s %6.0f ns",
                  server,
                  median(runs, false),
                  median(runs, true))));
      List<List<Run>> both = List.copyOf(servers.values());
      if (both.size() == 2) {
        line.append(
            String.format(
                Locale.ROOT,
                "  rate %.2f  cpu %.2f",
                median(both.get(0), false) / median(both.get(1), false),
                median(both.get(0), true) / median(both.get(1), true)));
      }
      out.println(line);
    });
    latencies.forEach((what, sorted) ->
        out.printf(
            Locale.ROOT,
            "%-38s p50 %.2f ms  p90 %.2f  p99 %.2f  p99.9 %.2f  max %.2f  (%d)%n",
            what,
            percentile(sorted, 0.5) / 1e3,
            percentile(sorted, 0.9) / 1e3,
            percentile(sorted, 0.99) / 1e3,
            percentile(sorted, 0.999) / 1e3,
            sorted[sorted.length - 1] / 1e3,
            sorted.length));
  }

  String json() {
    List<String> lines = new ArrayList<>();
    cells.forEach((cell, servers) ->
        servers.forEach((server, runs) -> {
          for (Run run : runs) {
            lines.add(
                String.format(
                    Locale.ROOT,
                    "  {\"cell\": \"%s\", \"server\": \"%s\", \"records_per_second\": %.0f,"
                        + " \"server_cpu_ns_per_record\": %.0f}",
                    cell,
                    server,
                    run.recordsPerSecond,
                    run.cpuNanos));
          }
        }));
    latencies.forEach((what, sorted) ->
        lines.add(
            String.format(
                Locale.ROOT,
                "  {\"latency\": \"%s\", \"count\": %d, \"p50_us\": %.0f, \"p90_us\": %.0f,"
                    + " \"p99_us\": %.0f, \"p999_us\": %.0f}",
                what,
                sorted.length,
                percentile(sorted, 0.5),
                percentile(sorted, 0.9),
                percentile(sorted, 0.99),
                percentile(sorted, 0.999))));
    return "{\"suite\": \"ingest\", \"figures\": [\n" + String.join(",\n", lines) + "\n]}\n";
  }
}
