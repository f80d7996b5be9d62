// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// What a figure was measured on.
public final class Machine {
  private Machine() {}

  public static void print(PrintStream out) throws java.io.IOException {
    String cpu = "unknown processor";
    Path info = Path.of("/proc/cpuinfo");
    if (Files.isReadable(info)) {
      cpu =
          Files.readAllLines(info).stream()
              .filter(line -> line.startsWith("model name"))
              .map(line -> line.substring(line.indexOf(':') + 2))
              .findFirst()
              .orElse(cpu);
    }
    out.printf(
        Locale.ROOT,
        "%s, %d cores, load %.1f; Java %s, heap %d MiB%n",
        cpu,
        Runtime.getRuntime().availableProcessors(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
        Runtime.version(),
        Runtime.getRuntime().maxMemory() >> 20);
  }
}
