// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import dev.varve.storage.column.BlockPlace;
import dev.varve.storage.file.Checksum;
import dev.varve.storage.file.FileErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// A part's metadata as text: what it is, its columns, and where each block lies.
public final class PartDump {
  private PartDump() {}

  /// @param file a `part.meta`
  /// @throws dev.varve.storage.error.VarveException if it cannot be read as one
  public static List<String> dump(Path file) {
    try {
      PartMeta meta = PartMetaLayout.read(file, Files.readAllBytes(file));
      List<String> lines = new ArrayList<>();
      PartDraft draft = meta.draft();
      lines.add(
          "part " + draft.id() + " of table " + draft.table() + ", partition " + draft.partition());
      lines.add(
          "level "
              + draft.level()
              + ", parents "
              + draft.parents()
              + ", schema version "
              + draft.schemaVersion());
      lines.add("sequences " + draft.sequences() + ", log ranges " + draft.sources());
      meta.files().forEach(stored -> lines.add("file " + stored.name() + ": " + stored.bytes()));
      keys(meta, lines);
      meta.columns().forEach(column -> column(meta, column, lines));
      meta.indexes().forEach(index -> lines.add("index " + index));
      return lines;
    } catch (IOException failed) {
      throw FileErrors.of("read", file, failed);
    }
  }

  private static void keys(PartMeta meta, List<String> lines) {
    lines.add(
        meta.granules().totalRows()
            + " rows in "
            + meta.granules().granules()
            + " granules, sorted by "
            + meta.sortingKey());
    for (int granule = 0; granule < meta.granules().granules(); granule++) {
      lines.add(
          "granule "
              + granule
              + ": "
              + meta.granules().rows(granule)
              + " rows from key "
              + HexFormat.of().formatHex(meta.index().firstKey(granule)));
    }
    lines.add("last key " + HexFormat.of().formatHex(meta.index().lastKey()));
  }

  private static void column(PartMeta meta, StoredColumn column, List<String> lines) {
    lines.add(
        "column "
            + column.definition().name()
            + " "
            + column.definition().type().name()
            + ", "
            + column.plainBytes()
            + " plain bytes");
    String file = meta.files().get(column.file()).name();
    for (int block = 0; block < column.blocks().blocks(); block++) {
      BlockPlace place = column.blocks().place(block);
      lines.add(
          "  "
              + file
              + " byte "
              + place.offset()
              + ": block of "
              + place.length()
              + " bytes, "
              + place.granules()
              + " granules, checksum "
              + Checksum.text(place.checksum()));
    }
  }
}
