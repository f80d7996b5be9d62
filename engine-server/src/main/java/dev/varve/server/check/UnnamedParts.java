// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.check;

import dev.varve.storage.part.DiskPart;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.part.PartVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// What lies in a data directory whose manifest cannot be read: each part tells its table and its
/// rows, so that one knows what a backup of the manifest must name, and whether the rows are there.
final class UnnamedParts {
  private static final class Table {
    private final List<String> parts = new ArrayList<>();
    private String columns = "";
    private long rows;
    private int damaged;
  }

  private final Map<Long, Table> tables = new TreeMap<>();
  private final List<Finding> findings;

  /// @param findings where to tell
  UnnamedParts(List<Finding> findings) {
    this.findings = findings;
  }

  void check(Path data, Consumer<String> progress) throws IOException {
    Path directory = data.resolve("parts");
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path entry : entries.sorted().toList()) {
        if (entry.getFileName().toString().matches("part-\\d+") && Files.isDirectory(entry)) {
          progress.accept(entry.getFileName().toString());
          look(entry);
        }
      }
    }
    tables.forEach((id, table) ->
        findings.add(
            Finding.of(
                Finding.Kind.NOTE,
                directory,
                -1,
                "table "
                    + id
                    + " ("
                    + table.columns
                    + ") has "
                    + table.parts.size()
                    + " parts with "
                    + table.rows
                    + " rows here, outdated ones included, "
                    + table.damaged
                    + " of them damaged: "
                    + String.join(", ", table.parts))));
  }

  private void look(Path part) {
    PartVerifier.Report report = PartVerifier.verify(part, PartVerifier.Expected.NOTHING);
    for (PartVerifier.Problem problem : report.problems()) {
      Finding.Kind kind = problem.isDamage() ? Finding.Kind.DAMAGED : Finding.Kind.UNREADABLE;
      findings.add(Finding.of(kind, problem.file(), problem.offset(), problem.message()));
    }
    if (report.rows() == 0) {
      return; // not even its metadata can be read, as was told
    }
    try (DiskPart open = DiskPart.open(part)) {
      PartInfo info = open.info();
      Table table = tables.computeIfAbsent(info.table(), _ -> new Table());
      table.parts.add(info.name());
      table.rows += info.rows();
      table.damaged += report.isDamaged() ? 1 : 0;
      table.columns =
          String.join(", ", open.columns().stream().map(column -> column.name()).toList());
    }
  }
}
