// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan;

import dev.varve.storage.type.DataType;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Literals of a query that another run of its plan may have others for. The planner leaves each of
/// them recognizable in the tree, if it stands where it can be exchanged.
public final class OpenValues {
  public static final OpenValues NONE = new OpenValues(List.of());

  /// Where a literal stands in the text, both from 1 on.
  public record Place(int line, int column) {}

  /// What may stand for a literal.
  ///
  /// @param type of the literal in the plan
  /// @param adapted whether any number that this type holds may, else only one of this very type
  private record Kind(DataType type, boolean adapted) {}

  private final Map<Place, Integer> indexes = new HashMap<>();
  private final Kind[] kinds;

  public OpenValues(List<Place> places) {
    kinds = new Kind[places.size()];
    for (int i = 0; i < kinds.length; i++) {
      indexes.put(places.get(i), i);
    }
  }

  /// The number of the literal at a place, or -1.
  public int indexOf(int line, int column) {
    return kinds.length == 0 ? -1 : indexes.getOrDefault(new Place(line, column), -1);
  }

  /// A literal was left recognizable.
  public void settle(int index, DataType type, boolean adapted) {
    kinds[index] = new Kind(type, adapted);
  }

  /// Whether every literal was.
  public boolean isComplete() {
    for (Kind kind : kinds) {
      if (kind == null) {
        return false;
      }
    }
    return kinds.length > 0;
  }

  /// Whether the plan is right for these values too.
  ///
  /// @param values a String or a BigDecimal each
  public boolean fit(List<Object> values) {
    for (int i = 0; i < kinds.length; i++) {
      if (values.get(i) instanceof BigDecimal number
          && !(kinds[i].adapted
              ? NumberTypes.holds(kinds[i].type, number)
              : NumberTypes.of(number).equals(kinds[i].type))) {
        return false;
      }
    }
    return true;
  }
}
