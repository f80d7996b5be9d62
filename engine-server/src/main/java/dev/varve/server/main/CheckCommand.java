// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.main;

import dev.varve.ingest.log.SegmentVerifier;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.part.PartVerifier;
import dev.varve.storage.table.CatalogTable;
import dev.varve.storage.table.LocalCatalog;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `varve check`: reads every byte that counts and says what is damaged, file by file.
@Command(
    name = "check",
    description = {
      "Verifies the manifest, every part and every log segment of a data directory that no server",
      "uses. Exit status 1 says that something is damaged."
    },
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "data directory of a server that is stopped")
  Path data;

  private final PrintStream out = System.out;
  private int problems;

  @Override
  public Integer call() throws IOException {
    if (!Files.isDirectory(data)) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "there is no data directory " + data + "; check --data");
    }
    long rows = 0;
    int parts = 0;
    try (LocalCatalog catalog = LocalCatalog.open(data)) {
      for (CatalogTable table : catalog.state().tables().values()) {
        for (PartInfo part : table.parts().values()) {
          parts++;
          rows += part.rows();
          check(table, part);
        }
      }
      out.println(
          "manifest  "
              + catalog.state().tables().size()
              + " tables, version "
              + catalog.state().version());
    }
    out.println("parts     " + parts + ", " + rows + " rows");
    Path log = data.resolve("log");
    if (Files.isDirectory(log)) {
      SegmentVerifier.Report report = SegmentVerifier.verify(log);
      out.println("segments  " + report.segments() + ", " + report.batches() + " record batches");
      report.problems().forEach(p -> tell(p.file(), p.offset(), p.message()));
    }
    out.println(problems == 0 ? "no damage found" : problems + " problems found");
    return problems == 0 ? 0 : 1;
  }

  private void check(CatalogTable table, PartInfo part) {
    Path directory = data.resolve("parts").resolve(part.name());
    if (!Files.isDirectory(directory)) {
      tell(directory, -1, "the part of table " + table.definition().name() + " is missing");
      return;
    }
    for (PartVerifier.Problem problem : PartVerifier.verify(directory)) {
      tell(problem.file(), problem.offset(), problem.message());
    }
  }

  private void tell(Path file, long offset, String message) {
    problems++;
    out.println("DAMAGED " + file + (offset < 0 ? "" : " at byte " + offset) + ": " + message);
  }
}
