// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import dev.varve.storage.part.PartInfo;
import java.util.List;
import java.util.Map;

/// What the catalog knows of one table.
///
/// @param id given once, never used again
/// @param parts active parts by id, oldest id first
/// @param deletes for parts of which rows are deleted, where these rows stand
/// @param offsets for each log partition, the offset below which records are in `parts`
/// @param steps how offsets become sequences, by partition and offset; those that only matter to
///   rows already in parts are left out
/// @param sequence the greatest sequence given to an INSERT, 0 if none was
/// @param quarantined the damaged ones among `parts`, by id
/// @param tokens of the latest INSERTs that had one, the oldest first
/// @param marks how far those who feed the table have come, by names that are theirs
public record CatalogTable(
    long id,
    TableDefinition definition,
    Map<Long, PartInfo> parts,
    Map<Long, Deletes> deletes,
    Map<Integer, Long> offsets,
    List<SeqStep> steps,
    long sequence,
    Map<Long, Quarantine> quarantined,
    List<String> tokens,
    Map<String, Long> marks) {
  /// So many tokens are remembered.
  public static final int TOKENS = 1_000;

  /// The deleted rows of a part.
  ///
  /// @param number of the deleted-rows file; each change of the rows takes the next
  /// @param rows how many they are
  public record Deletes(int number, long rows) {}
}
