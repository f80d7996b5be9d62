// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.main;

import dev.varve.server.demo.DemoCommand;
import dev.varve.storage.error.VarveException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The program behind `./varve`. A user's error is one line on standard error and exit status 1;
/// wrong options are exit status 2.
@Command(
    name = "varve",
    description = "Columnar OLAP database with a built-in Kafka-protocol log and exact reads.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      BackupCommand.class,
      CheckCommand.class,
      ClusterCommand.class,
      DemoCommand.class,
      ImportCommand.class,
      RestoreCommand.class,
      ServerCommand.class,
      SqlCommand.class,
      VersionCommand.class
    })
public final class Varve {
  private Varve() {}

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /// Runs a command and returns its exit status.
  public static int run(String... arguments) {
    return new CommandLine(new Varve())
        .setExecutionExceptionHandler(Varve::explain)
        .execute(arguments);
  }

  private static int explain(Exception failure, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    if (failure instanceof VarveException known) {
      command
          .getErr()
          .println(
              "varve: Code "
                  + known.code().number()
                  + " ("
                  + known.code().name()
                  + "): "
                  + known.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
    throw failure;
  }
}
