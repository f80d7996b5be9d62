// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rule;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.type.DataType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How the rule of a table makes one row of the stored rows of a key, for those columns where an
/// aggregate function does it: that function gives the same over all stored rows as over the
/// combined ones.
///
/// @param functions for each such column the function: `sum`, `min`, `max`, or that of its states
/// @param hidingZeros the columns which, when zero, or NULL if they are nullable, hide a key; none
///   where no key is ever hidden
public record CombinedColumns(Map<String, String> functions, List<String> hidingZeros) {
  public CombinedColumns {
    functions = Map.copyOf(functions);
    hidingZeros = List.copyOf(hidingZeros);
  }

  /// Empty under the rules that show rows as they are stored.
  public static Optional<CombinedColumns> of(RowLayout layout) {
    Map<String, String> functions = new HashMap<>();
    for (ColumnDefinition column : layout.columns()) {
      boolean isFree =
          !layout.key().contains(column.name()) && !RowLayout.dependsOnOrder(column.type());
      if (isFree && column.type() instanceof DataType.SimpleAggregate simple) {
        functions.put(column.name(), simple.functionName());
      } else if (isFree && column.type() instanceof DataType.AggregateState state) {
        functions.put(column.name(), state.function());
      }
    }
    return switch (layout.rule()) {
      case MergeRule.Aggregating _ -> Optional.of(new CombinedColumns(functions, List.of()));
      case MergeRule.Summing rule -> {
        CombiningMerger.summedColumns(layout, rule).forEach(name -> functions.put(name, "sum"));
        yield Optional.of(
            new CombinedColumns(functions, CombiningMerger.zeroColumns(layout, rule)));
      }
      case MergeRule.Plain _,
          MergeRule.Replacing _,
          MergeRule.Collapsing _,
          MergeRule.VersionedCollapsing _ ->
          Optional.empty();
    };
  }
}
