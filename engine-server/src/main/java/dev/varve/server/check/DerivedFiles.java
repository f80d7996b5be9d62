// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.check;

import dev.varve.merge.read.PairVerifier;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.FilePlace;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.skip.SkipIndexFile;
import dev.varve.storage.table.CatalogState;
import dev.varve.storage.table.CatalogTable;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Checks files that are made of parts and can be made of them again: skip indexes and pairs. Their
/// damage costs time and no row, so its findings name a table but no part that should be set aside.
final class DerivedFiles {
  private static final Pattern PAIR = Pattern.compile("part-(\\d+)\\.pair-(\\d+)");

  private final List<Finding> findings;
  private final Map<Long, PartInfo> parts = new HashMap<>();
  private final Map<Long, String> tables = new HashMap<>();
  private long bytes;

  /// @param findings where to tell
  DerivedFiles(CatalogState state, List<Finding> findings) {
    this.findings = findings;
    for (CatalogTable table : state.tables().values()) {
      tables.put(table.id(), table.definition().name().toString());
      table.parts().values().forEach(part -> parts.put(part.id(), part));
    }
  }

  /// Bytes that were read.
  long bytes() {
    return bytes;
  }

  /// Checks a file in a part's directory if it is an index that the table declares.
  ///
  /// @return false where it is none
  boolean isSkipIndex(CatalogTable table, PartInfo part, Path file) {
    String name = SkipIndexFile.indexOf(file).orElse(null);
    if (name == null
        || table.definition().indexes().stream().noneMatch(i -> i.name().equals(name))) {
      return false;
    }
    check(
        file,
        tables.get(part.table()),
        () -> SkipIndexFile.verify(file, part.id()),
        "; queries read on without it, ALTER TABLE "
            + tables.get(part.table())
            + " MATERIALIZE INDEX "
            + name
            + " makes it anew");
    return true;
  }

  /// Checks a file beside the parts' directories if it is that of two parts of one table.
  ///
  /// @return false where it is none
  boolean isPair(Path file) {
    Matcher ids = PAIR.matcher(file.getFileName().toString());
    if (!ids.matches()) {
      return false;
    }
    PartInfo younger = parts.get(Long.parseLong(ids.group(1)));
    PartInfo older = parts.get(Long.parseLong(ids.group(2)));
    if (younger == null || older == null) {
      return false;
    }
    check(file, tables.get(younger.table()), () -> PairVerifier.verify(file, younger, older), "");
    return true;
  }

  private void check(Path file, String table, LongSupplier verify, String remedy) {
    try {
      bytes += verify.getAsLong();
    } catch (VarveException found) {
      Finding.Kind kind =
          found.code() == ErrorCode.IO_ERROR ? Finding.Kind.UNREADABLE : Finding.Kind.DAMAGED;
      long offset = found.place().map(FilePlace::offset).orElse(-1L);
      findings.add(new Finding(kind, file, offset, found.getMessage() + remedy, table, ""));
    }
  }
}
