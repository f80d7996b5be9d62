// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.backup;

import dev.varve.storage.table.CatalogState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a backup holds, as its file `backup` says. Immutable.
///
/// @param id given once; a backup that is based on this one knows it by that
/// @param createdMillis when its tables were as it has them, milliseconds since the epoch
/// @param whole whether it is of everything, users and functions included
/// @param homes where its files lie: itself first, then the backups that have some of them
/// @param state databases and tables, with their parts
/// @param files all of them
public record Backup(
    String id,
    long createdMillis,
    boolean whole,
    List<Home> homes,
    CatalogState state,
    List<StoredFile> files) {
  public Backup {
    homes = List.copyOf(homes);
    files = List.copyOf(files);
  }

  /// A backup that has files of this one.
  ///
  /// @param folder where it was, as an absolute path
  public record Home(String id, String folder) {}

  /// A file and what it must be.
  ///
  /// @param path within the folder of its home, with slashes
  /// @param home its place among the homes; 0 is the backup itself
  /// @param digest SHA-256 of its bytes
  public record StoredFile(String path, int home, long bytes, Digest digest) {}

  static final String PARTS = "parts";
  static final String DELETED = "deleted";
  static final String BESIDE = "beside";

  /// The files of each part by its directory's name.
  Map<String, List<StoredFile>> partFiles() {
    Map<String, List<StoredFile>> parts = new TreeMap<>();
    for (StoredFile file : files) {
      String[] steps = file.path().split("/");
      if (steps[0].equals(PARTS) && steps.length == 3) {
        parts.computeIfAbsent(steps[1], _ -> new java.util.ArrayList<>()).add(file);
      }
    }
    return parts;
  }

  Optional<StoredFile> file(String path) {
    return files.stream().filter(file -> file.path().equals(path)).findFirst();
  }

  /// Bytes of all its files, wherever they lie.
  public long bytes() {
    return files.stream().mapToLong(StoredFile::bytes).sum();
  }

  /// Bytes that lie in its own folder.
  public long ownBytes() {
    return files.stream().filter(file -> file.home() == 0).mapToLong(StoredFile::bytes).sum();
  }
}
