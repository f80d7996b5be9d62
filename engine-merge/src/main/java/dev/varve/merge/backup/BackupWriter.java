// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.backup;

import dev.varve.merge.engine.PinnedTables;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.file.FileErrors;
import dev.varve.storage.file.StagedDirectory;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.part.PartVerifier;
import dev.varve.storage.table.CatalogTable;
import dev.varve.storage.table.DeletedRowsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.roaringbitmap.RoaringBitmap;

/// Writes one backup. The folder appears under its name when everything in it is durable; a crash
/// before leaves a folder that ends in `.tmp`, which the next backup of that name replaces.
///
/// Each part is read back and checked block by block once it is copied, so that a backup holds no
/// damage that the tables had. Parts that the base has already stay there. One thread.
public final class BackupWriter {
  private final PinnedTables tables;
  private final Optional<BackupFolder> base;
  private final LongConsumer copied;
  private final List<Backup.StoredFile> files = new ArrayList<>();
  private final Map<Integer, Integer> basesHomes = new TreeMap<>();
  private final List<Backup.Home> homes = new ArrayList<>();
  private final Map<String, List<Backup.StoredFile>> known;

  private BackupWriter(PinnedTables tables, Optional<BackupFolder> base, LongConsumer copied) {
    this.tables = tables;
    this.base = base;
    this.copied = copied;
    this.known = base.map(there -> there.backup().partFiles()).orElse(Map.of());
  }

  /// What a backup is asked to be.
  ///
  /// @param id of its own
  /// @param whole whether it is of everything
  /// @param base a backup whose parts need not be copied again
  /// @param beside writes what else belongs to it into a folder
  public record Order(
      String id,
      long createdMillis,
      boolean whole,
      Optional<BackupFolder> base,
      Consumer<Path> beside) {}

  /// @param copied hears of each run of bytes, and may throw: then nothing is left
  /// @throws VarveException BACKUP_ALREADY_EXISTS, CORRUPTED_DATA for a part that is damaged
  public static Backup write(PinnedTables tables, Path target, Order order, LongConsumer copied) {
    refuseExisting(target);
    try {
      Files.createDirectories(target.toAbsolutePath().getParent());
    } catch (IOException failed) {
      throw FileErrors.of("create", target, failed);
    }
    try (StagedDirectory staged = StagedDirectory.create(target)) {
      BackupWriter writer = new BackupWriter(tables, order.base(), copied);
      writer.homes.add(new Backup.Home(order.id(), target.toAbsolutePath().normalize().toString()));
      writer.copyAll(staged.path(), order.beside());
      Backup backup =
          new Backup(
              order.id(),
              order.createdMillis(),
              order.whole(),
              writer.homes,
              tables.state(),
              writer.files);
      new BackupFile(staged.path()).write(backup);
      refuseExisting(target);
      staged.publish(true);
      return backup;
    }
  }

  private static void refuseExisting(Path target) {
    if (Files.exists(target)) {
      throw new VarveException(
          ErrorCode.BACKUP_ALREADY_EXISTS,
          "there is something at " + target + " already; give the backup another name");
    }
  }

  private void copyAll(Path folder, Consumer<Path> beside) {
    try {
      Path parts = Files.createDirectory(folder.resolve(Backup.PARTS));
      Path deleted = Files.createDirectory(folder.resolve(Backup.DELETED));
      for (CatalogTable table : tables.state().tables().values()) {
        for (PartInfo part : table.parts().values()) {
          if (!takeFromBase(part)) {
            copy(part, !table.definition().engine().equals("MergeTree"), parts);
          }
          writeDeleted(part, deleted);
        }
      }
      Path extras = Files.createDirectory(folder.resolve(Backup.BESIDE));
      beside.accept(extras);
      note(extras, Backup.BESIDE);
      note(deleted, Backup.DELETED);
      for (Path directory : List.of(parts, deleted, extras)) {
        StagedDirectory.force(directory);
      }
    } catch (IOException failed) {
      throw FileErrors.of("write", folder, failed);
    }
  }

  /// Whether the base has the part: of the same number, with the same metadata, which tells when it
  /// was written and of what size its files are.
  private boolean takeFromBase(PartInfo part) throws IOException {
    List<Backup.StoredFile> there = known.get(part.name());
    if (there == null) {
      return false;
    }
    Path directory = tables.directory(part.id());
    TreeSet<String> listed = new TreeSet<>(PartVerifier.files(directory));
    for (Backup.StoredFile file : there) {
      String name = file.path().substring(file.path().lastIndexOf('/') + 1);
      Path ours = directory.resolve(name);
      Path theirs = base.orElseThrow().of(file);
      boolean same =
          listed.remove(name)
              && Files.size(ours) == file.bytes()
              && Files.isRegularFile(theirs)
              && Files.size(theirs) == file.bytes();
      boolean isMetadata = name.equals(PartVerifier.METADATA);
      if (!same || (isMetadata && !Digest.of(ours, _ -> {}).equals(file.digest()))) {
        return false;
      }
    }
    if (!listed.isEmpty()) {
      return false;
    }
    for (Backup.StoredFile file : there) {
      files.add(
          new Backup.StoredFile(file.path(), homeOf(file.home()), file.bytes(), file.digest()));
    }
    return true;
  }

  /// A home of the base among ours.
  private int homeOf(int basesHome) {
    return basesHomes.computeIfAbsent(
        basesHome,
        place -> {
          homes.add(base.orElseThrow().home(place));
          return homes.size() - 1;
        });
  }

  private void copy(PartInfo part, boolean uniqueKeys, Path parts) throws IOException {
    Path from = tables.directory(part.id());
    Path to = Files.createDirectory(parts.resolve(part.name()));
    for (String name : new TreeSet<>(PartVerifier.files(from))) {
      Path file = from.resolve(name);
      long bytes = Files.size(file);
      Digest digest = Digest.copy(file, to.resolve(name), copied);
      files.add(
          new Backup.StoredFile(Backup.PARTS + "/" + part.name() + "/" + name, 0, bytes, digest));
    }
    StagedDirectory.force(to);
    List<PartVerifier.Problem> problems =
        PartVerifier.verify(to, new PartVerifier.Expected(Optional.of(part), uniqueKeys))
            .problems();
    if (!problems.isEmpty()) {
      throw new VarveException(
          ErrorCode.CORRUPTED_DATA,
          "a part to be copied is damaged; CHECK TABLE tells of it and of the way out: "
              + problems.getFirst().message());
    }
  }

  private void writeDeleted(PartInfo part, Path directory) {
    RoaringBitmap deleted = tables.deleted(part.id());
    if (deleted != null) {
      DeletedRowsFile.write(directory, part.id(), 1, deleted);
    }
  }

  /// Lists the files of a folder that is written already.
  private void note(Path directory, String name) throws IOException {
    List<Path> written;
    try (Stream<Path> entries = Files.list(directory)) {
      written = entries.sorted().toList();
    }
    for (Path file : written) {
      files.add(
          new Backup.StoredFile(
              name + "/" + file.getFileName(), 0, Files.size(file), Digest.of(file, copied)));
    }
  }
}
