// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.json;

import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.VectorBuilder;
import java.util.List;

/// `JSON_VALUE`, `JSON_QUERY`, `JSON_EXISTS`: JSON by a path of the SQL standard.
public final class PathFunctions {
  private PathFunctions() {}

  public static List<ScalarFunction> functions() {
    return List.of(
        byPath(
            "JSON_VALUE",
            "The first plain value that the path leads to, as text.",
            DataTypes.STRING,
            (values, to) -> RowBinding.append(value(values), to)),
        byPath(
            "JSON_QUERY",
            "What the path leads to, as an array in JSON.",
            DataTypes.STRING,
            (values, to) -> RowBinding.append(query(values), to)),
        byPath(
            "JSON_EXISTS",
            "Whether the path leads to a value.",
            DataTypes.UINT8,
            (values, to) -> to.appendLong(values.isEmpty() ? 0 : 1)));
  }

  private interface Answer {
    void append(List<Json> values, VectorBuilder to);
  }

  private static ScalarFunction byPath(String name, String doc, DataType type, Answer answer) {
    return Declared.bound(
        name + "(json String, path const String)",
        doc,
        args -> {
          JsonPath path = JsonPath.parse(Arguments.constantText(name, args, 1));
          return RowBinding.of(
              type,
              (v, row, to) -> {
                Json root = JsonParser.parse(RowBinding.text(v.getFirst(), row));
                answer.append(root == null ? List.of() : path.find(root), to);
              });
        });
  }

  private static String value(List<Json> values) {
    for (Json value : values) {
      if (value instanceof Json.Text(String text)) {
        return text;
      }
      if (!(value instanceof Json.Members) && !(value instanceof Json.Items)) {
        return value instanceof Json.Null ? "null" : JsonText.of(value);
      }
    }
    return "";
  }

  private static String query(List<Json> values) {
    return values.isEmpty()
        ? ""
        : "[" + String.join(", ", values.stream().map(JsonText::of).toList()) + "]";
  }
}
