// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.main;

import dev.varve.server.shell.OutputFormat;
import dev.varve.server.shell.Shell;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `varve sql`: the shell.
@Command(
    name = "sql",
    description = {
      "Runs SQL: at a prompt, from -e or -f, or from a pipe.",
      "URL is host:port, http://host:port/database, jdbc:varve://host:port/database,",
      "jdbc:varve:DIR or jdbc:varve:mem:."
    },
    mixinStandardHelpOptions = true)
final class SqlCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "URL",
      defaultValue = Shell.DEFAULT_URL,
      description = "where to connect (default ${DEFAULT-VALUE})")
  String url;

  @Option(
      names = {"-e", "--execute"},
      paramLabel = "SQL",
      description = "statements, or a short command such as \\d, to run; then leave")
  List<String> statements = new ArrayList<>();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "file of statements to run; then leave")
  List<Path> files = new ArrayList<>();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default table at a terminal, tsv in a pipe)")
  OutputFormat format;

  @Mixin LoginOptions login;

  @Override
  public Integer call() {
    boolean terminal = System.console() != null && System.console().isTerminal();
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    return new Shell(System.in, out, err)
        .run(
            new Shell.Options(
                ServerUrl.jdbc(url), login.user, login.password, statements, files, format),
            terminal);
  }
}
