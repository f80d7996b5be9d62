// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import java.util.List;

/// What is known of a part without opening its columns. The catalog's manifest holds it.
///
/// @param id unique in the data directory and never used again; the part's directory is `part-<id>`
/// @param table the catalog's number of the table
/// @param schemaVersion the table's schema version when the part was written
/// @param level 0 for a fresh part, else one more than the highest level merged into it
/// @param parents the parts merged into this one, or the detached part it was attached from; empty
///   for a fresh part
/// @param partition the value of the partition key as text, `all` where the table has none
/// @param rows rows stored, hidden ones included
/// @param sequences range of `_seq`
/// @param sources log offsets whose records are in this part; empty for SQL inserts
/// @param bytes bytes on disk, 0 for a run in memory
/// @param createdMillis when it was committed, milliseconds since the epoch
public record PartInfo(
    long id,
    long table,
    int schemaVersion,
    int level,
    List<Long> parents,
    String partition,
    long rows,
    SeqRange sequences,
    List<LogRange> sources,
    long bytes,
    long createdMillis) {
  public PartInfo {
    parents = List.copyOf(parents);
    sources = List.copyOf(sources);
    if (rows < 1) {
      throw new IllegalArgumentException("a part has at least one row, found " + rows);
    }
  }

  /// The name of the part's directory. Users know the part as [PartName] has it.
  public String name() {
    return "part-" + id;
  }
}
