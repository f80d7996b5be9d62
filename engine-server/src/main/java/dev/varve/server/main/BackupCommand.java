// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.main;

import dev.varve.merge.backup.BackupFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `varve backup`: BACKUP without SQL, and a look at what it left.
@Command(
    name = "backup",
    description = {
      "Copies tables of a running server into its folder of backups while it goes on: all, or",
      "those that are named. With --check it reads a backup instead, and needs no server."
    },
    mixinStandardHelpOptions = true)
final class BackupCommand implements Callable<Integer> {
  /// What to do.
  static final class Task {
    @Option(
        names = "--to",
        required = true,
        paramLabel = "NAME",
        description = "name of the backup, in the server's folder of backups")
    String to;

    @Option(
        names = "--check",
        required = true,
        paramLabel = "DIR",
        description = "compare every file of a backup with what was written")
    Path check;
  }

  @ArgGroup(multiplicity = "1")
  Task task;

  @Mixin BackupOptions options;

  @Override
  public Integer call() {
    return task.check == null
        ? options.run("BACKUP " + options.elements() + " TO " + BackupOptions.file(task.to))
        : check();
  }

  private int check() {
    BackupFolder folder =
        BackupFolder.open(task.check, Optional.ofNullable(options.base).map(Path::of));
    List<String> problems = folder.problems(_ -> {});
    problems.forEach(problem -> System.out.println("DAMAGED " + problem));
    System.out.println(
        folder.backup().id()
            + ": "
            + folder.backup().state().tables().size()
            + " tables, "
            + folder.backup().files().size()
            + " files, "
            + folder.backup().bytes()
            + " bytes, "
            + folder.backup().ownBytes()
            + " of them its own; "
            + (problems.isEmpty() ? "all is well" : problems.size() + " files are damaged"));
    return problems.isEmpty() ? 0 : 1;
  }
}
