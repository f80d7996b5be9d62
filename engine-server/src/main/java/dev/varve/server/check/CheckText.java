// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.check;

import java.util.Locale;
import java.util.stream.Collectors;

/// A report as people read it, and as programs do.
public final class CheckText {
  private CheckText() {}

  public static String lines(CheckReport report) {
    StringBuilder text = new StringBuilder();
    if (report.manifestVersion() >= 0) {
      text.append("manifest  version ").append(report.manifestVersion()).append('\n');
    }
    text.append("parts     ")
        .append(report.parts())
        .append(" of ")
        .append(report.tables())
        .append(" tables, ")
        .append(report.rows())
        .append(" rows\n");
    text.append("segments  ")
        .append(report.segments())
        .append(", ")
        .append(report.batches())
        .append(" record batches\n");
    text.append(
        String.format(
            Locale.ROOT,
            "read      %.1f MB in %.2f s, %.0f MB/s%n",
            report.bytes() / 1e6,
            report.nanos() / 1e9,
            report.megabytesPerSecond()));
    report.findings().forEach(finding -> text.append(finding.line()).append('\n'));
    long bad = report.findings().size() - report.count(Finding.Kind.NOTE);
    return text.append(bad == 0 ? "no damage found" : bad + " problems found").toString();
  }

  public static String json(CheckReport report) {
    String findings =
        report.findings().stream().map(CheckText::json).collect(Collectors.joining(","));
    return "{\"status\":"
        + report.status()
        + ",\"manifest_version\":"
        + report.manifestVersion()
        + ",\"tables\":"
        + report.tables()
        + ",\"parts\":"
        + report.parts()
        + ",\"rows\":"
        + report.rows()
        + ",\"segments\":"
        + report.segments()
        + ",\"batches\":"
        + report.batches()
        + ",\"bytes\":"
        + report.bytes()
        + String.format(Locale.ROOT, ",\"seconds\":%.3f", report.nanos() / 1e9)
        + ",\"findings\":["
        + findings
        + "]}";
  }

  private static String json(Finding finding) {
    return "{\"kind\":"
        + quoted(finding.kind().name())
        + ",\"table\":"
        + quoted(finding.table())
        + ",\"part\":"
        + quoted(finding.part())
        + ",\"file\":"
        + quoted(finding.file().toString())
        + ",\"offset\":"
        + finding.offset()
        + ",\"message\":"
        + quoted(finding.message())
        + "}";
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        default -> {
          if (c < ' ') {
            quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
