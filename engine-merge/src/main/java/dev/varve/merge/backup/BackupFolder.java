// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.backup;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.file.FileErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/// A backup on disk, with the backups that it is based on. Reads only.
public final class BackupFolder {
  private final Path folder;
  private final Backup backup;
  private final List<Path> homes;

  private BackupFolder(Path folder, Backup backup, List<Path> homes) {
    this.folder = folder;
    this.backup = backup;
    this.homes = homes;
  }

  /// Opens a backup and finds those it is based on: where they were, or beside this one, or where
  /// the caller says.
  ///
  /// @param base where the nearest of them is, if the caller knows
  /// @throws VarveException BACKUP_NOT_FOUND, BACKUP_DAMAGED, WRONG_BASE_BACKUP
  public static BackupFolder open(Path folder, Optional<Path> base) {
    Backup backup = read(folder);
    List<Path> homes = new ArrayList<>(List.of(folder));
    for (Backup.Home home : backup.homes().subList(1, backup.homes().size())) {
      homes.add(find(folder, home, base));
    }
    return new BackupFolder(folder, backup, homes);
  }

  private static Backup read(Path folder) {
    try {
      return new BackupFile(folder)
          .read()
          .orElseThrow(() ->
              new VarveException(
                  ErrorCode.BACKUP_NOT_FOUND,
                  "there is no backup at "
                      + folder
                      + (Files.isDirectory(folder)
                          ? ": the folder has no file \"" + BackupFile.NAME + "\""
                          : "")));
    } catch (VarveException failed) {
      if (failed.code() == ErrorCode.CORRUPTED_DATA
          || failed.code() == ErrorCode.CHECKSUM_DOESNT_MATCH) {
        throw damaged(folder.resolve(BackupFile.NAME), "its bytes are not those that were written");
      }
      throw failed;
    }
  }

  private static Path find(Path folder, Backup.Home home, Optional<Path> base) {
    Path was = folder.getFileSystem().getPath(home.folder());
    List<Path> candidates = new ArrayList<>();
    base.ifPresent(known -> {
      candidates.add(known);
      candidates.add(known.resolveSibling(was.getFileName()));
    });
    candidates.add(folder.resolveSibling(was.getFileName()));
    candidates.add(was);
    for (Path candidate : candidates) {
      if (Files.exists(candidate.resolve(BackupFile.NAME))
          && read(candidate).id().equals(home.id())) {
        return candidate;
      }
    }
    throw new VarveException(
        ErrorCode.WRONG_BASE_BACKUP,
        "the backup at "
            + folder
            + " has parts in another one ("
            + home.id()
            + "), which was at "
            + was
            + " and is there no more; say where it is by SETTINGS base_backup = File('…')");
  }

  static VarveException damaged(Path file, String how) {
    return new VarveException(ErrorCode.BACKUP_DAMAGED, file + ": " + how);
  }

  public Path folder() {
    return folder;
  }

  public Backup backup() {
    return backup;
  }

  /// Where a file of the backup lies.
  Path of(Backup.StoredFile file) {
    return homes.get(file.home()).resolve(file.path());
  }

  /// The home of a file as a backup that is based on this one names it.
  Backup.Home home(int place) {
    return new Backup.Home(
        backup.homes().get(place).id(), homes.get(place).toAbsolutePath().normalize().toString());
  }

  /// Reads files whole and compares them with what was written.
  ///
  /// @param read hears of each run of bytes, and may throw
  /// @throws VarveException BACKUP_DAMAGED, naming the first that is another
  void verify(List<Backup.StoredFile> files, LongConsumer read) {
    for (Backup.StoredFile file : files) {
      problem(file, read)
          .ifPresent(how -> {
            throw damaged(of(file), how);
          });
    }
  }

  /// Where what else belongs to the backup lies, compared with what was written.
  ///
  /// @throws VarveException BACKUP_DAMAGED
  public Path checkedBeside(LongConsumer read) {
    verify(
        backup.files().stream()
            .filter(file -> file.path().startsWith(Backup.BESIDE + "/"))
            .toList(),
        read);
    return folder.resolve(Backup.BESIDE);
  }

  /// What is wrong with the backup, a line for each file that is not what was written.
  public List<String> problems(LongConsumer read) {
    List<String> problems = new ArrayList<>();
    for (Backup.StoredFile file : backup.files()) {
      problem(file, read).ifPresent(how -> problems.add(of(file) + ": " + how));
    }
    return problems;
  }

  private Optional<String> problem(Backup.StoredFile file, LongConsumer read) {
    Path path = of(file);
    try {
      if (!Files.isRegularFile(path)) {
        return Optional.of("the file is missing");
      }
      long bytes = Files.size(path);
      if (bytes != file.bytes()) {
        return Optional.of("expected " + file.bytes() + " bytes, found " + bytes);
      }
    } catch (IOException failed) {
      throw FileErrors.of("read", path, failed);
    }
    return Digest.of(path, read).equals(file.digest())
        ? Optional.empty()
        : Optional.of("its bytes are not those that were written");
  }
}
