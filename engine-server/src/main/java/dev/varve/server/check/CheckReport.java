// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.check;

import java.util.List;

/// What a check looked at and what it found.
///
/// @param manifestVersion of the catalog, -1 where the manifest could not be read
/// @param bytes that were read
public record CheckReport(
    long manifestVersion,
    int tables,
    int parts,
    long rows,
    int segments,
    long batches,
    long bytes,
    long nanos,
    List<Finding> findings) {
  public CheckReport {
    findings = List.copyOf(findings);
  }

  /// Exit status: 0 all is well, 1 something is damaged, 2 something could not be read.
  public int status() {
    if (has(Finding.Kind.DAMAGED) || has(Finding.Kind.QUARANTINED)) {
      return 1;
    }
    return has(Finding.Kind.UNREADABLE) ? 2 : 0;
  }

  private boolean has(Finding.Kind kind) {
    return findings.stream().anyMatch(finding -> finding.kind() == kind);
  }

  long count(Finding.Kind kind) {
    return findings.stream().filter(finding -> finding.kind() == kind).count();
  }

  double megabytesPerSecond() {
    return nanos == 0 ? 0 : bytes / 1e6 / (nanos / 1e9);
  }
}
