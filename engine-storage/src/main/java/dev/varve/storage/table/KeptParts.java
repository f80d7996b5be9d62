// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.varve.storage.error.VarveException;
import dev.varve.storage.file.FileErrors;
import dev.varve.storage.file.StagedDirectory;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.part.PartInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.roaringbitmap.RoaringBitmap;

/// Parts that no table reads: those detached, `DATA/detached/<table id>/part-<id>`, and frozen
/// copies, `DATA/shadow/<name>/<table id>/part-<id>`. Each is a part's directory, with the file of
/// its deleted rows in it.
///
/// Files are linked where the file system can, else copied. A detached part whose rows the catalog
/// still has, or has again, does not count: a crash left it, and the next start removes it.
public final class KeptParts {
  private static final String DELETED = ".deleted-";
  private static final int COPIED_AT_ONCE = 1 << 20;

  private final Path data;

  KeptParts(Path data) {
    this.data = data;
  }

  /// A part that is kept.
  public record Kept(PartInfo info, Path directory) {}

  /// Where a table's detached parts are.
  public Path detached(long table) {
    return data.resolve("detached").resolve(String.valueOf(table));
  }

  /// Where a table's parts of one FREEZE are.
  public Path frozen(String name, long table) {
    return data.resolve("shadow").resolve(name).resolve(String.valueOf(table));
  }

  /// The first number under which nothing was frozen yet.
  public String nextName() {
    int number = 1;
    while (Files.exists(data.resolve("shadow").resolve(String.valueOf(number)))) {
      number++;
    }
    return String.valueOf(number);
  }

  /// Keeps a part and its deleted rows under a directory. Durable when it returns. The part is held
  /// by the caller.
  public void keep(HeldPart held, Path under) {
    DiskPart part = (DiskPart) held.stored();
    try {
      createDirectories(under);
      Path target = under.resolve(part.info().name());
      StagedDirectory.delete(target);
      try (StagedDirectory staged = StagedDirectory.create(target)) {
        for (Path file : entries(part.directory())) {
          if (!file.getFileName().toString().endsWith(StagedDirectory.SUFFIX)) {
            link(file, staged.path().resolve(file.getFileName()));
          }
        }
        if (held.deleted() != null) {
          DeletedRowsFile.write(staged.path(), held.id(), 1, held.deleted());
        }
        staged.publish(true);
      }
    } catch (IOException failed) {
      throw FileErrors.of("keep", under, failed);
    }
  }

  private void createDirectories(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      createDirectories(directory.getParent());
      Files.createDirectory(directory);
      StagedDirectory.force(directory.getParent());
    }
  }

  private static void link(Path file, Path to) throws IOException {
    try {
      Files.createLink(to, file);
    } catch (UnsupportedOperationException | FileAlreadyExistsException cannot) {
      copy(file, to);
    } catch (IOException refused) {
      if (!Files.exists(file)) {
        throw refused;
      }
      copy(file, to); // a file system without links, or too many of them
    }
  }

  private static void copy(Path file, Path to) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(COPIED_AT_ONCE);
    try (FileChannel in = FileChannel.open(file, READ);
        FileChannel out = FileChannel.open(to, CREATE, WRITE, TRUNCATE_EXISTING)) {
      while (in.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          out.write(buffer);
        }
        buffer.clear();
      }
      out.force(true);
    }
  }

  /// The detached parts of a table, oldest id first.
  ///
  /// @throws VarveException CORRUPTED_DATA or CHECKSUM_DOESNT_MATCH if one cannot tell what it is
  public List<Kept> detached(CatalogTable table) {
    Set<Long> known = known(table);
    List<Kept> kept = new ArrayList<>();
    for (Kept part : in(detached(table.id()))) {
      if (!known.contains(part.info().id())) {
        kept.add(part);
      }
    }
    return kept;
  }

  /// Parts kept in a directory, oldest id first.
  public List<Kept> in(Path directory) {
    List<Kept> kept = new ArrayList<>();
    for (Path path : entriesOf(directory)) {
      if (idOf(path).isPresent()) {
        try (DiskPart part = DiskPart.open(path)) {
          kept.add(new Kept(part.info(), path));
        } catch (VarveException failed) {
          if (Files.isDirectory(path)) {
            throw failed;
          } // else somebody deletes it just now
        }
      }
    }
    kept.sort(Comparator.comparingLong(part -> part.info().id()));
    return kept;
  }

  /// The deleted rows of a kept part, or null if there are none.
  ///
  /// @throws VarveException CORRUPTED_DATA or CHECKSUM_DOESNT_MATCH, naming the file
  public static RoaringBitmap deletedRows(Kept part) {
    String start = part.info().name() + DELETED;
    for (Path file : entriesOf(part.directory())) {
      String name = file.getFileName().toString();
      if (name.startsWith(start) && !name.endsWith(StagedDirectory.SUFFIX)) {
        int number = Integer.parseInt(name.substring(start.length()));
        return DeletedRowsFile.read(part.directory(), part.info().id(), number);
      }
    }
    return null;
  }

  /// Deletes a kept part, for ever when it returns.
  public void delete(Path directory) {
    Path gone = directory.resolveSibling(directory.getFileName() + StagedDirectory.SUFFIX);
    try {
      StagedDirectory.delete(gone);
      Files.move(directory, gone, StandardCopyOption.ATOMIC_MOVE);
      StagedDirectory.force(directory.getParent());
      StagedDirectory.delete(gone);
    } catch (IOException failed) {
      throw FileErrors.of("delete", directory, failed);
    }
  }

  /// Deletes a directory of kept parts, and those above it that are empty then.
  public void deleteAll(Path directory) {
    for (Path entry : entriesOf(directory)) {
      if (entry.getFileName().toString().endsWith(StagedDirectory.SUFFIX)) {
        deleteDraft(entry);
      } else {
        delete(entry);
      }
    }
    Path empty = directory;
    try {
      while (!empty.equals(data) && Files.isDirectory(empty) && entriesOf(empty).isEmpty()) {
        Files.delete(empty);
        empty = empty.getParent();
      }
    } catch (IOException failed) {
      throw FileErrors.of("delete", empty, failed);
    }
  }

  /// Removes what a crash left of detached parts.
  void sweep(CatalogState state) {
    for (Path tableDirectory : entriesOf(data.resolve("detached"))) {
      String name = tableDirectory.getFileName().toString();
      if (!name.matches("\\d{1,18}")) {
        continue;
      }
      CatalogTable table = state.tables().get(Long.valueOf(name));
      if (table == null) {
        if (Long.parseLong(name) < state.nextTable()) {
          deleteAll(tableDirectory); // it was dropped
        }
        continue;
      }
      Set<Long> known = known(table);
      for (Path part : entriesOf(tableDirectory)) {
        boolean isDraft = part.getFileName().toString().endsWith(StagedDirectory.SUFFIX);
        if (isDraft) {
          deleteDraft(part);
        } else if (idOf(part).filter(known::contains).isPresent()) {
          delete(part);
        }
      }
    }
  }

  private static void deleteDraft(Path draft) {
    try {
      StagedDirectory.delete(draft);
    } catch (IOException failed) {
      throw FileErrors.of("delete", draft, failed);
    }
  }

  /// Parts whose rows the table has: itself, or in a part made of them.
  private static Set<Long> known(CatalogTable table) {
    return table.parts().values().stream()
        .flatMap(part -> Stream.concat(Stream.of(part.id()), part.parents().stream()))
        .collect(Collectors.toSet());
  }

  private static Optional<Long> idOf(Path part) {
    String name = part.getFileName().toString();
    return name.matches("part-\\d{1,18}")
        ? Optional.of(Long.valueOf(name.substring(5)))
        : Optional.empty();
  }

  private static List<Path> entriesOf(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try {
      return entries(directory);
    } catch (IOException failed) {
      throw FileErrors.of("list", directory, failed);
    }
  }

  private static List<Path> entries(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.sorted().toList();
    }
  }
}
