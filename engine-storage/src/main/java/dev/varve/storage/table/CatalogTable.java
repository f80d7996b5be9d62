// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import dev.varve.storage.part.PartInfo;
import java.util.List;
import java.util.Map;

/// What the catalog knows of one table.
///
/// @param id given once, never used again
/// @param parts active parts by id, oldest id first
/// @param offsets for each log partition, the offset below which records are in `parts`
/// @param steps how offsets become sequences, by partition and offset; those that only matter to
///   rows already in parts are left out
/// @param sequence the greatest sequence given to an INSERT, 0 if none was
/// @param quarantined the damaged ones among `parts`, by id
public record CatalogTable(
    long id,
    TableDefinition definition,
    Map<Long, PartInfo> parts,
    Map<Integer, Long> offsets,
    List<SeqStep> steps,
    long sequence,
    Map<Long, Quarantine> quarantined) {}
