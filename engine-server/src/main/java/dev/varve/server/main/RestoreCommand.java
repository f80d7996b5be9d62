// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.main;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `varve restore`: RESTORE without SQL.
@Command(
    name = "restore",
    description = {
      "Brings tables of a backup back into a running server: all, or those that are named. It",
      "writes over nothing: a table that is there makes it stop before it began."
    },
    mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {
  @Option(
      names = "--from",
      required = true,
      paramLabel = "NAME",
      description = "name of the backup, in the server's folder of backups")
  String from;

  @Option(
      names = "--as",
      paramLabel = "NAME",
      description = "another name for the one table or database that is named")
  String as = "";

  @Mixin BackupOptions options;

  @Override
  public Integer call() {
    return options.run("RESTORE " + options.elementsAs(as) + " FROM " + BackupOptions.file(from));
  }
}
