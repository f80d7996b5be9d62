// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.type.DataType;
import java.util.ArrayList;
import java.util.List;

/// Tuples spread over a column for each of their fields, as CSV has them: `t` becomes `t.x`, `t.y`,
/// or `t.1`, `t.2` where the fields have no names.
final class Tuples {
  private Tuples() {}

  static boolean isTuple(DataType type) {
    return type.unwrapped() instanceof DataType.Tuple(_, List<DataType> fields)
        && !fields.isEmpty();
  }

  static List<String> names(List<String> names, List<DataType> types) {
    List<String> spread = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (isTuple(types.get(i))) {
        DataType.Tuple tuple = (DataType.Tuple) types.get(i).unwrapped();
        List<String> own = new ArrayList<>();
        for (int f = 0; f < tuple.fields().size(); f++) {
          String field = tuple.names().isEmpty() ? Integer.toString(f + 1) : tuple.names().get(f);
          own.add(names.get(i) + "." + field);
        }
        spread.addAll(names(own, tuple.fields()));
      } else {
        spread.add(names.get(i));
      }
    }
    return spread;
  }

  static List<DataType> types(List<DataType> types) {
    List<DataType> spread = new ArrayList<>();
    for (DataType type : types) {
      if (isTuple(type)) {
        spread.addAll(types(((DataType.Tuple) type.unwrapped()).fields()));
      } else {
        spread.add(type);
      }
    }
    return spread;
  }
}
