// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.main;

import dev.varve.server.check.CheckReport;
import dev.varve.server.check.CheckText;
import dev.varve.server.check.DataCheck;
import dev.varve.server.check.FileDump;
import dev.varve.server.check.QuarantineAll;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.CatalogTable;
import dev.varve.storage.table.DirectoryLock;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `varve check`: reads every byte that counts and says what is damaged, file by file.
@Command(
    name = "check",
    description = {
      "Verifies the manifest, every part and every log segment of a data directory that no server",
      "uses; where one does, CHECK TABLE does the same for a table. Exit status: 0 all is well,",
      "1 something is damaged, 2 something could not be read."
    },
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "data directory of a server that is stopped")
  Path data;

  @Option(names = "--table", paramLabel = "DB.T", description = "only the parts of this table")
  String table;

  @Option(
      names = "--quarantine",
      description = "tell the manifest which parts are damaged, so that nobody reads them")
  boolean quarantine;

  @Option(names = "--json", description = "one JSON object instead of text")
  boolean json;

  @Option(
      names = "--dump",
      paramLabel = "FILE",
      description = "print a manifest, the metadata of a part, or a log segment as text")
  Path dump;

  private final PrintStream out = System.out;

  @Override
  public Integer call() throws IOException {
    try {
      if (dump != null) {
        FileDump.of(dump).forEach(out::println);
        return 0;
      }
      requireDirectory();
      CheckReport report = check();
      out.println(json ? CheckText.json(report) : CheckText.lines(report));
      return report.status();
    } catch (VarveException failed) {
      System.err.println("varve: " + failed.code().name() + ": " + failed.getMessage());
      boolean damaged =
          failed.code() == ErrorCode.CORRUPTED_DATA
              || failed.code() == ErrorCode.CHECKSUM_DOESNT_MATCH;
      return damaged ? 1 : 2;
    }
  }

  private void requireDirectory() {
    if (data == null || !Files.isDirectory(data)) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          data == null ? "say which: --data DIR" : "there is no data directory " + data);
    }
  }

  private CheckReport check() throws IOException {
    CheckReport report;
    // Who may only read the directory can still check it; then nobody keeps a server from starting.
    try (DirectoryLock held = Files.isWritable(data) ? DirectoryLock.take(data) : null) {
      assert held != null || !Files.isWritable(data);
      report = known(new DataCheck(data, wanted(), this::progress).run(table == null));
    }
    if (quarantine) {
      QuarantineAll.of(data, report).forEach(part -> progress(part + " is in quarantine now"));
    }
    return report;
  }

  /// @throws VarveException UNKNOWN_TABLE if `--table` met none
  private CheckReport known(CheckReport report) {
    if (table != null && report.tables() == 0 && report.manifestVersion() >= 0) {
      throw new VarveException(ErrorCode.UNKNOWN_TABLE, "no table " + table + " in " + data);
    }
    return report;
  }

  private Predicate<CatalogTable> wanted() {
    return each ->
        table == null
            || each.definition().name().toString().equals(table)
            || each.definition().name().toString().equals("default." + table);
  }

  private void progress(String text) {
    if (!json) {
      System.err.println(text);
    }
  }
}
