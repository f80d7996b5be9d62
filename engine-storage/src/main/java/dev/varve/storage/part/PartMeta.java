// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import dev.varve.storage.column.GranuleRows;
import dev.varve.storage.index.SparseIndex;
import java.util.List;

/// All that `part.meta` holds. Read whole when a part is opened.
///
/// @param draft the part, but for rows and bytes, which follow from the rest
/// @param files the files of the part beside `part.meta`
/// @param keys first keys of all granules and the last key, one after another
/// @param keyOffsets where each begins, and the end
/// @param indexes its skip indexes; a part of version 1 has none
record PartMeta(
    PartDraft draft,
    List<StoredFile> files,
    GranuleRows granules,
    List<String> sortingKey,
    byte[] keys,
    int[] keyOffsets,
    List<StoredColumn> columns,
    List<StoredIndex> indexes) {
  static final String FILE = "part.meta";

  /// @param bytes length of the file
  record StoredFile(String name, long bytes) {}

  SparseIndex index() {
    return SparseIndex.of(keys, keyOffsets);
  }
}
