// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;

/// Opens the newest manifest, or the one before it where the newest is damaged and said nothing
/// more.
///
/// A manifest that is written anew begins with the whole state of the one before, which is deleted
/// right after. Where a crash left both, the older one may stand in, but only if nothing was
/// committed to the newer one since: then the newer one is exactly as long as the older one's
/// state.
final class ManifestFallback {
  private static final String DAMAGED = ".damaged";

  private ManifestFallback() {}

  /// @param files the manifests by their number, at least one; loses the newest where it is set
  ///   aside, under its name with `.damaged` behind
  static ManifestFile.Loaded open(TreeMap<Long, Path> files) throws IOException {
    Map.Entry<Long, Path> newest = files.lastEntry();
    try {
      return ManifestFile.open(newest.getValue(), newest.getKey());
    } catch (VarveException damaged) {
      Map.Entry<Long, Path> older = files.lowerEntry(newest.getKey());
      if (damaged.code() != ErrorCode.CORRUPTED_DATA || older == null) {
        throw damaged;
      }
      return openOlder(newest.getValue(), older, files, damaged);
    }
  }

  private static ManifestFile.Loaded openOlder(
      Path newest, Map.Entry<Long, Path> older, TreeMap<Long, Path> files, VarveException damaged)
      throws IOException {
    ManifestFile.Loaded loaded;
    try {
      loaded = ManifestFile.open(older.getValue(), older.getKey());
    } catch (VarveException alsoDamaged) {
      damaged.addSuppressed(alsoDamaged);
      throw damaged;
    }
    if (loaded.cutBytes() > 0 || !holdsNoMore(newest, loaded.state())) {
      loaded.file().close();
      throw damaged;
    }
    Path aside = newest.resolveSibling(newest.getFileName() + DAMAGED);
    Files.move(newest, aside, StandardCopyOption.ATOMIC_MOVE);
    ManifestFile.syncDirectory(newest.toAbsolutePath().getParent());
    files.pollLastEntry();
    return loaded;
  }

  /// Whether a manifest is as long as one that holds this state and no commit after it.
  static boolean holdsNoMore(Path manifest, CatalogState state) throws IOException {
    byte[] payload = ChangeCodec.encode(state.asChange());
    return Files.size(manifest)
        == ManifestLayout.HEADER_BYTES + ManifestLayout.RECORD_HEADER_BYTES + (long) payload.length;
  }
}
