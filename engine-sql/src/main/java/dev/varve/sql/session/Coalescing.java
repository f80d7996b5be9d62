// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.type.DataType;
import java.util.List;
import java.util.regex.Pattern;

/// `ENGINE = CoalescingMergeTree[(columns)]`: of each column the last value that is not NULL. It is
/// an AggregatingMergeTree whose columns are simple states of `anyLast`, and is shown as one.
final class Coalescing {
  private static final Pattern NAMES = Pattern.compile("[\\s,()`]+");

  private Coalescing() {}

  /// A column as that table has it.
  ///
  /// @param keys expressions of the sorting key and the partition key
  /// @param arguments columns that are meant, none for all
  static ColumnDefinition column(
      ColumnDefinition column, List<String> keys, List<String> arguments) {
    boolean wanted =
        arguments.isEmpty()
            || arguments.stream()
                .anyMatch(list -> List.of(NAMES.split(list)).contains(column.name()));
    Pattern word = Pattern.compile("\\b" + Pattern.quote(column.name()) + "\\b");
    boolean isKey = keys.stream().anyMatch(key -> word.matcher(key).find());
    DataType type = column.type();
    boolean isState =
        type instanceof DataType.AggregateState || type instanceof DataType.SimpleAggregate;
    return wanted && !isKey && !isState && column.isStored()
        ? column.withType(new DataType.SimpleAggregate("anyLast", type))
        : column;
  }
}
