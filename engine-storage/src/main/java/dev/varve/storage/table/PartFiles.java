// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import dev.varve.storage.column.BlockCache;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.file.FileErrors;
import dev.varve.storage.file.StagedDirectory;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartInfo;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.roaringbitmap.RoaringBitmap;

/// The directories of parts on disk, `DATA/parts/part-<id>`, and beside them the files of their
/// deleted rows, and of what was found out about two of them. What the catalog names is a part;
/// everything else in there is left over from a crash. Safe for threads.
public final class PartFiles {
  private static final Pattern PAIR = Pattern.compile("part-(\\d+)\\.pair-(\\d+)");

  private final Path directory;
  private final Map<Long, Integer> deletes = new ConcurrentHashMap<>();
  private final Map<Long, Set<Long>> pairs = new ConcurrentHashMap<>();
  private final Map<Long, Damage> damage = new ConcurrentHashMap<>();
  private final List<String> undeleted = new CopyOnWriteArrayList<>();

  private final KeptParts kept;

  private final BlockCache blocks;

  private PartFiles(Path data, Path directory, BlockCache blocks) {
    this.directory = directory;
    this.blocks = blocks;
    this.kept = new KeptParts(data);
  }

  /// Who hears that a part's bytes are damaged, and says what the reader throws.
  @FunctionalInterface
  public interface Damage {
    VarveException found(PartInfo part, VarveException found);
  }

  /// Who hears it of a table's parts.
  public void onDamage(long table, Damage heard) {
    damage.put(table, heard);
  }

  /// Nobody hears of the table's parts any more.
  public void forget(long table) {
    damage.remove(table);
  }

  /// Opens the directory and clears away what no record names.
  ///
  /// @param cutBytes bytes that the catalog lost at its torn end. If there were any, nothing is
  ///   deleted but moved to `DATA/orphans`, as the lost record might have named it
  public static PartFiles open(Path data, CatalogState state, long cutBytes) {
    return open(data, state, cutBytes, new BlockCache(0), Set.of());
  }

  /// As the other.
  ///
  /// @param blocks where the blocks that queries read are kept; the caller's
  /// @param alsoNamed parts and files of deleted rows that a record may name yet
  public static PartFiles open(
      Path data, CatalogState state, long cutBytes, BlockCache blocks, Set<String> alsoNamed) {
    Path directory = data.resolve("parts");
    try {
      ManifestFile.createDirectory(directory);
      Set<String> named = new HashSet<>(alsoNamed);
      for (CatalogTable table : state.tables().values()) {
        table.parts().values().forEach(part -> named.add(part.name()));
        table
            .deletes()
            .forEach((part, rows) -> named.add(DeletedRowsFile.name(part, rows.number())));
      }
      PartFiles files = new PartFiles(data, directory, blocks);
      for (Path orphan : entries(directory)) {
        String name = orphan.getFileName().toString();
        boolean isPair = PAIR.matcher(name).matches();
        if (named.contains(name) || (isPair && files.keepPair(name, named))) {
          continue;
        }
        if (cutBytes > 0 && !isPair) {
          Path kept = Files.createDirectories(data.resolve("orphans"));
          deleteTree(kept.resolve(orphan.getFileName()));
          Files.move(orphan, kept.resolve(orphan.getFileName()), StandardCopyOption.ATOMIC_MOVE);
        } else {
          deleteTree(orphan);
        }
      }
      for (CatalogTable table : state.tables().values()) {
        table.deletes().forEach((part, rows) -> files.deletes.put(part, rows.number()));
      }
      if (cutBytes == 0) {
        files.kept.sweep(state);
      }
      return files;
    } catch (IOException failed) {
      throw new VarveException(ErrorCode.IO_ERROR, directory + ": " + failed, failed);
    }
  }

  /// A pair can be found out again, so it is kept only while both of its parts are there.
  private boolean keepPair(String name, Set<String> named) {
    Matcher ids = PAIR.matcher(name);
    if (!ids.matches() || !named.contains("part-" + ids.group(1))) {
      return false;
    }
    if (!named.contains("part-" + ids.group(2))) {
      return false;
    }
    notePair(Long.parseLong(ids.group(1)), Long.parseLong(ids.group(2)));
    return true;
  }

  private void notePair(long younger, long older) {
    pairs.computeIfAbsent(younger, _ -> ConcurrentHashMap.newKeySet()).add(older);
    pairs.computeIfAbsent(older, _ -> ConcurrentHashMap.newKeySet()).add(younger);
  }

  private static String pairName(long younger, long older) {
    return "part-" + younger + ".pair-" + older;
  }

  /// Whether a file of this pair is there.
  public boolean holdsPair(long younger, long older) {
    return pairs.getOrDefault(younger, Set.of()).contains(older);
  }

  /// The file of a pair, or null if there is none or it cannot be read.
  public byte[] readPair(long younger, long older) {
    if (!holdsPair(younger, older)) {
      return null;
    }
    try {
      return Files.readAllBytes(directory.resolve(pairName(younger, older)));
    } catch (IOException unreadable) {
      return null; // it is found out again
    }
  }

  /// Writes the file of a pair. It need not survive a power cut, so it is not forced to disk; what
  /// is left of it then does not fit its checksum. Both parts are held by the caller.
  public void writePair(long younger, long older, byte[] bytes) {
    String name = pairName(younger, older);
    Path draft = directory.resolve(name + StagedDirectory.SUFFIX);
    try {
      Files.write(draft, bytes);
      Files.move(draft, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      notePair(younger, older);
    } catch (IOException failed) {
      throw FileErrors.of("write", directory.resolve(name), failed);
    }
  }

  private void deletePairs(long part) {
    Set<Long> partners = pairs.remove(part);
    if (partners == null) {
      return;
    }
    for (long partner : partners) {
      pairs.getOrDefault(partner, Set.of()).remove(part);
      String name = pairName(Math.max(part, partner), Math.min(part, partner));
      try {
        Files.deleteIfExists(directory.resolve(name));
      } catch (IOException refused) {
        undeleted.add(name + ": " + refused);
      }
    }
  }

  private static List<Path> entries(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    }
  }

  /// Where [dev.varve.storage.part.PartWriter] puts new parts.
  public Path directory() {
    return directory;
  }

  /// Parts that were detached or frozen.
  public KeptParts kept() {
    return kept;
  }

  /// Where a part's files are.
  public Path of(PartInfo info) {
    return directory.resolve(info.name());
  }

  /// Opens a part that the catalog names.
  ///
  /// @throws VarveException CORRUPTED_DATA or CHECKSUM_DOESNT_MATCH, naming the part and the file
  public DiskPart open(PartInfo info) {
    Path path = directory.resolve(info.name());
    if (!Files.isDirectory(path)) {
      throw new VarveException(
          ErrorCode.CORRUPTED_DATA,
          path
              + " is missing, though the catalog names it with "
              + info.rows()
              + " rows; restore it from a replica or a backup");
    }
    DiskPart part = DiskPart.open(path);
    PartInfo found = part.info();
    if (found.id() != info.id() || found.table() != info.table() || found.rows() != info.rows()) {
      part.close();
      throw new VarveException(
          ErrorCode.CORRUPTED_DATA,
          path
              + " is not the part that the catalog names: expected table "
              + info.table()
              + " and "
              + info.rows()
              + " rows, found table "
              + found.table()
              + " and "
              + found.rows());
    }
    return part;
  }

  /// Holds a part until nobody reads it; then its files go if it is outdated.
  public HeldPart hold(DiskPart part) {
    PartInfo info = part.info();
    part.keepBlocks(blocks);
    Damage heard = damage.get(info.table());
    if (heard != null) {
      part.onDamage(found -> heard.found(info, found));
    }
    return new HeldPart(part, this::dispose);
  }

  /// Holds a part that the catalog names together with its deleted rows.
  ///
  /// @param rows what the catalog says of them, or null if it says nothing
  /// @throws VarveException CORRUPTED_DATA or CHECKSUM_DOESNT_MATCH, naming the file
  public HeldPart open(PartInfo info, CatalogTable.Deletes rows) {
    RoaringBitmap deleted =
        rows == null
            ? null
            : DeletedRowsFile.read(directory, info.id(), rows.number(), rows.rows());
    HeldPart held = hold(open(info));
    if (deleted == null) {
      return held;
    }
    HeldPart successor = held.successor(held.part(), deleted);
    held.release();
    return successor;
  }

  /// Writes the rows of a part that a change about to be committed deletes, together with those
  /// deleted before. Durable when it returns.
  ///
  /// @return for the change; once it is committed, [#keepDeletes] says so, else [#dropDeletes]
  public CatalogTable.Deletes writeDeletes(long part, RoaringBitmap rows) {
    int number = deletes.getOrDefault(part, 0) + 1;
    DeletedRowsFile.write(directory, part, number, rows);
    return new CatalogTable.Deletes(number, rows.getLongCardinality());
  }

  /// The catalog names these deleted rows now; those before go.
  public void keepDeletes(long part, CatalogTable.Deletes rows) {
    Integer before = deletes.put(part, rows.number());
    if (before != null && before != rows.number()) {
      deleteRows(part, before);
    }
  }

  /// The catalog refused these deleted rows.
  public void dropDeletes(long part, CatalogTable.Deletes rows) {
    deleteRows(part, rows.number());
  }

  private void deleteRows(long part, int number) {
    try {
      Files.deleteIfExists(directory.resolve(DeletedRowsFile.name(part, number)));
    } catch (IOException refused) {
      undeleted.add(DeletedRowsFile.name(part, number) + ": " + refused);
    }
  }

  private void dispose(Part part, boolean outdated) {
    ((DiskPart) part).close();
    if (outdated) {
      delete(part.info());
    }
  }

  /// Deletes the files of a part that no record names. If the system refuses, they stay until the
  /// next start, which tries again.
  public void delete(PartInfo info) {
    deletePairs(info.id());
    Integer rows = deletes.remove(info.id());
    if (rows != null) {
      deleteRows(info.id(), rows);
    }
    try {
      deleteTree(directory.resolve(info.name()));
    } catch (IOException refused) {
      undeleted.add(info.name() + ": " + refused);
    }
  }

  /// Parts whose files could not be deleted, with the reason.
  public List<String> undeleted() {
    return List.copyOf(undeleted);
  }

  private static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
            if (failed instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw failed;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException failed)
              throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
