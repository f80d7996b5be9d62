// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.main;

import dev.varve.server.shell.Import;
import dev.varve.server.shell.Shell;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `varve import`: files into a table.
@Command(
    name = "import",
    description = {
      "Brings files into a table: CSV, TSV, JSONEachRow, Parquet, Arrow, as their endings or",
      "--format say; .gz, .zst and .lz4 are unpacked. A header of CSV and TSV is found. Each file",
      "is one INSERT. Rows that do not fit are listed with file, line, column and reason."
    },
    mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "FILE", description = "files to read")
  List<Path> files;

  @Option(
      names = {"-t", "--table"},
      required = true,
      paramLabel = "TABLE",
      description = "where the rows go: table or database.table")
  String table;

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = Shell.DEFAULT_URL,
      description = "where to connect (default ${DEFAULT-VALUE})")
  String url;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "of all files, such as CSV, CSVWithNames, JSONEachRow")
  Optional<String> format;

  @Option(
      names = "--order-by",
      paramLabel = "KEY",
      description = "make the table from the columns of the first file if there is none")
  Optional<String> orderBy;

  @Option(
      names = "--max-errors",
      paramLabel = "N",
      defaultValue = "0",
      description = "rows that may be left out because they do not fit (default ${DEFAULT-VALUE})")
  long maxErrors;

  @Mixin LoginOptions login;

  @Override
  public Integer call() {
    boolean terminal = System.console() != null && System.console().isTerminal();
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    return new Import(
            new Import.Options(
                ServerUrl.jdbc(url),
                login.user,
                login.password,
                table,
                files,
                format,
                orderBy,
                maxErrors),
            out,
            err,
            terminal)
        .run();
  }
}
