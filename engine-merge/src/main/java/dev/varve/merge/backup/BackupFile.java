// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.backup;

import dev.varve.storage.file.FieldReader;
import dev.varve.storage.file.FieldWriter;
import dev.varve.storage.file.FileErrors;
import dev.varve.storage.file.StateFile;
import dev.varve.storage.table.CatalogState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The file `backup` of a backup's folder, written last: a folder without it is no backup.
///
/// | field    | meaning                                                                |
/// |----------|------------------------------------------------------------------------|
/// | magic    | `VBKP`, four bytes                                                     |
/// | version  | 1, an int                                                              |
/// | id       | text                                                                   |
/// | created  | milliseconds since the epoch, a long                                   |
/// | whole    | 1 for a backup of everything, a byte                                   |
/// | homes    | counted: id, folder                                                    |
/// | state    | counted bytes: databases, tables and parts as a manifest's first record |
/// | files    | counted: path, home (an int), bytes (a long), SHA-256 (32 bytes)       |
/// | checksum | CRC32C of everything before it, an int                                 |
final class BackupFile {
  static final String NAME = "backup";
  private static final int VERSION = 1;
  private static final int LEAST_HOME_BYTES = 8;
  private static final int LEAST_FILE_BYTES = 16 + Digest.BYTES;

  private final Path folder;
  private final StateFile file;

  BackupFile(Path folder) {
    this.folder = folder;
    this.file = new StateFile(folder, NAME, "VBKP", VERSION);
  }

  /// Durable when it returns.
  void write(Backup backup) {
    FieldWriter out = file.begin();
    out.putText(backup.id());
    out.putLong(backup.createdMillis());
    out.putByte(backup.whole() ? 1 : 0);
    out.putInt(backup.homes().size());
    for (Backup.Home home : backup.homes()) {
      out.putText(home.id());
      out.putText(home.folder());
    }
    out.putBytes(backup.state().toBytes());
    out.putInt(backup.files().size());
    for (Backup.StoredFile stored : backup.files()) {
      out.putText(stored.path());
      out.putInt(stored.home());
      out.putLong(stored.bytes());
      out.putRaw(stored.digest().bytes());
    }
    file.write(out);
  }

  /// Nothing where no backup is.
  ///
  /// @throws dev.varve.storage.error.VarveException CORRUPTED_DATA or UNSUPPORTED_FORMAT_VERSION
  Optional<Backup> read() {
    return file.read().map(this::backup);
  }

  private Backup backup(FieldReader in) {
    String id = in.getText();
    long created = in.getLong();
    boolean whole = in.getByte() == 1;
    List<Backup.Home> homes = new ArrayList<>();
    for (int i = in.getCount(LEAST_HOME_BYTES); i > 0; i--) {
      homes.add(new Backup.Home(in.getText(), in.getText()));
    }
    CatalogState state = state(in.getBytes());
    List<Backup.StoredFile> files = new ArrayList<>();
    for (int i = in.getCount(LEAST_FILE_BYTES); i > 0; i--) {
      String path = in.getText();
      int home = in.getInt();
      if (home < 0 || home >= homes.size() || isOutside(path)) {
        throw corrupt("a file of one of " + homes.size() + " homes", path + " of home " + home);
      }
      files.add(
          new Backup.StoredFile(path, home, in.getLong(), Digest.of(in.getRaw(Digest.BYTES))));
    }
    return new Backup(id, created, whole, homes, state, files);
  }

  /// Names that would lead out of the folder; nobody but a forger writes them.
  private boolean isOutside(String path) {
    return !folder.resolve(path).normalize().startsWith(folder.normalize());
  }

  private CatalogState state(byte[] bytes) {
    try {
      return CatalogState.ofBytes(bytes);
    } catch (IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
      throw corrupt("the tables of the backup", e.toString());
    }
  }

  private RuntimeException corrupt(String expected, String found) {
    return FileErrors.corrupt(folder.resolve(NAME), 0, expected, found);
  }
}
