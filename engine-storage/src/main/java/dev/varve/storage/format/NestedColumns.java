// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.table.Constraint;
import dev.varve.storage.type.DataType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Arrays `n.a`, `n.b` … are the columns of one Nested `n`: in each row they have one length. A row
/// that leaves some of them out gets defaults there, as many as the others have elements.
public final class NestedColumns {
  private NestedColumns() {}

  /// What a row that leaves the column out gets: its own expression, or, as a column of a Nested,
  /// an array as long as the others'; empty for the type's default.
  public static String defaultOf(ColumnDefinition column, List<ColumnDefinition> columns) {
    if (!column.expression().isEmpty() || prefix(column) == null) {
      return column.expression();
    }
    List<String> others =
        columns.stream()
            .filter(other -> !other.equals(column) && prefix(column).equals(prefix(other)))
            .map(NestedColumns::length)
            .toList();
    if (others.isEmpty()) {
      return "";
    }
    String longest =
        others.size() == 1 ? others.getFirst() : "greatest(" + String.join(", ", others) + ")";
    return "arrayResize(CAST([] AS " + column.type().name() + "), " + longest + ")";
  }

  /// That the arrays of each Nested have one length.
  static List<Constraint> constraints(List<ColumnDefinition> columns) {
    Map<String, List<ColumnDefinition>> groups =
        columns.stream()
            .filter(column -> prefix(column) != null)
            .collect(
                Collectors.groupingBy(
                    NestedColumns::prefix, LinkedHashMap::new, Collectors.toList()));
    List<Constraint> constraints = new ArrayList<>();
    groups.forEach((prefix, group) -> {
      for (int i = 1; i < group.size(); i++) {
        String equal = length(group.getFirst()) + " = " + length(group.get(i));
        constraints.add(new Constraint(prefix, true, equal));
      }
    });
    return constraints;
  }

  /// The name of the Nested, or null for a column of none.
  private static String prefix(ColumnDefinition column) {
    int dot = column.name().indexOf('.');
    return dot > 0 && column.type() instanceof DataType.Array
        ? column.name().substring(0, dot)
        : null;
  }

  private static String length(ColumnDefinition column) {
    return "length(`" + column.name().replace("`", "``") + "`)";
  }
}
