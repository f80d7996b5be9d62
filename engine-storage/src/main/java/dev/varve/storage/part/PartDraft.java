// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import java.util.List;

/// What is known of a part before its rows are written: [PartInfo] but for rows and bytes.
///
/// @param sequences holds the `_seq` of every row; may be wider than needed
public record PartDraft(
    long id,
    long table,
    int schemaVersion,
    int level,
    List<Long> parents,
    String partition,
    SeqRange sequences,
    List<LogRange> sources,
    long createdMillis) {
  public PartDraft {
    parents = List.copyOf(parents);
    sources = List.copyOf(sources);
  }

  public PartInfo info(long rows, long bytes) {
    return new PartInfo(
        id,
        table,
        schemaVersion,
        level,
        parents,
        partition,
        rows,
        sequences,
        sources,
        bytes,
        createdMillis);
  }
}
