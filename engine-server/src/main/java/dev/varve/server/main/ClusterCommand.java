// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.main;

import dev.varve.server.shell.OutputFormat;
import dev.varve.server.shell.Shell;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `varve cluster`: what a cluster does.
@Command(
    name = "cluster",
    description = "Looks at a cluster of servers.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = ClusterCommand.StatusCommand.class)
final class ClusterCommand {
  /// `varve cluster status`.
  @Command(
      name = "status",
      description =
          "Shows the servers of the ensemble and who leads the log, by way of one of them.",
      mixinStandardHelpOptions = true)
  static final class StatusCommand implements Callable<Integer> {
    @Parameters(
        arity = "0..1",
        paramLabel = "URL",
        defaultValue = Shell.DEFAULT_URL,
        description = "a server of the cluster (default ${DEFAULT-VALUE})")
    String url;

    @Option(
        names = "--format",
        paramLabel = "FORMAT",
        description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE})")
    OutputFormat format = OutputFormat.table;

    @Mixin LoginOptions login;

    @Override
    public Integer call() {
      PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
      PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
      return new Shell(System.in, out, err)
          .run(
              new Shell.Options(
                  ServerUrl.jdbc(url),
                  login.user,
                  login.password,
                  List.of(
                      "SELECT * FROM system.cluster ORDER BY address",
                      "SELECT topic, partition, leader, epoch, isr, replicas"
                          + " FROM system.topic_partitions ORDER BY topic, partition"),
                  List.of(),
                  format),
              false);
    }
  }
}
