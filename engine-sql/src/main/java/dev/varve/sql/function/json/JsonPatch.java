// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.json;

import java.util.ArrayList;
import java.util.List;

/// Merge patches as RFC 7396 has them.
final class JsonPatch {
  private JsonPatch() {}

  static Json merged(Json target, Json patch) {
    if (!(patch instanceof Json.Members changes)) {
      return patch;
    }
    List<String> names = new ArrayList<>();
    List<Json> values = new ArrayList<>();
    if (target instanceof Json.Members members) {
      names.addAll(members.names());
      values.addAll(members.values());
    }
    for (int i = 0; i < changes.size(); i++) {
      String name = changes.names().get(i);
      Json value = changes.values().get(i);
      int at = names.indexOf(name);
      if (value instanceof Json.Null) {
        if (at >= 0) {
          names.remove(at);
          values.remove(at);
        }
      } else if (at >= 0) {
        values.set(at, merged(values.get(at), value));
      } else {
        names.add(name);
        values.add(merged(new Json.Members(List.of(), List.of()), value));
      }
    }
    return new Json.Members(names, values);
  }
}
