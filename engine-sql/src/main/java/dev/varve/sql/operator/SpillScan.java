// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.spill.SpillFile;
import dev.varve.storage.type.DataType;
import java.util.List;

/// Rows that an operator put on disk, read back as an input of a smaller one of its kind.
///
/// @param file null for no rows
/// @param chunk which of its pages
record SpillScan(List<DataType> types, SpillFile file, SpillFile.Chunk chunk) implements Operator {
  static SpillScan whole(List<DataType> types, SpillFile file) {
    return new SpillScan(types, file, file == null ? null : file.whole());
  }

  @Override
  public List<Operator> inputs() {
    return List.of();
  }

  @Override
  public String describe() {
    return "SpillScan";
  }

  @Override
  public ParallelSource open(QueryContext context) {
    return ParallelSource.single(
        file == null
            ? new Values(types, List.of()).open(context).worker(0)
            : file.reader(chunk, context.newScratch()));
  }
}
