// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.json;

import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.util.ArrayList;
import java.util.List;

/// `JSONExtract…` and its kin: a value of a JSON text, found by names and positions.
///
/// A text that is not JSON, and a path that leads nowhere, give the type's default.
public final class JsonFunctions {
  private static final DataType KINDS =
      DataTypes.parse(
          "Enum8('Null' = 0, 'String' = 34, 'Array' = 91, 'Bool' = 98, 'Double' = 100,"
              + " 'Int64' = 105, 'UInt64' = 117, 'Object' = 123)");
  private static final DataType TEXTS = DataTypes.array(DataTypes.STRING);
  private static final DataType PAIRS = pairs(DataTypes.STRING);

  private JsonFunctions() {}

  public static List<ScalarFunction> functions() {
    List<ScalarFunction> all = new ArrayList<>();
    for (boolean anyCase : new boolean[] {false, true}) {
      String ending = anyCase ? "CaseInsensitive" : "";
      fixed(all, "JSONExtractInt" + ending, "The value as Int64.", DataTypes.INT64, anyCase);
      fixed(all, "JSONExtractUInt" + ending, "The value as UInt64.", DataTypes.UINT64, anyCase);
      fixed(all, "JSONExtractFloat" + ending, "The value as Float64.", DataTypes.FLOAT64, anyCase);
      fixed(all, "JSONExtractBool" + ending, "The value as Bool.", DataTypes.BOOL, anyCase);
      all.add(
          found(
              "JSONExtractString" + ending,
              "The text at the path, or the JSON of what is no text.",
              DataTypes.STRING,
              anyCase,
              JsonValues::append));
      all.add(
          found(
              "JSONExtractRaw" + ending,
              "The value at the path as JSON.",
              DataTypes.STRING,
              anyCase,
              (value, to) -> text(value == null ? "" : JsonText.of(value), to)));
      all.add(
          found(
              "JSONExtractArrayRaw" + ending,
              "The items of the array at the path, each as JSON.",
              TEXTS,
              anyCase,
              JsonFunctions::itemsRaw));
      all.add(
          found(
              "JSONExtractKeys" + ending,
              "The names in the object at the path.",
              TEXTS,
              anyCase,
              JsonFunctions::names));
      all.add(
          found(
              "JSONExtractKeysAndValuesRaw" + ending,
              "Names of the object at the path with their values as JSON.",
              PAIRS,
              anyCase,
              JsonFunctions::membersRaw));
      all.add(typed("JSONExtract" + ending, "The value as the type named last.", anyCase, false));
      all.add(
          typed(
              "JSONExtractKeysAndValues" + ending,
              "Names of the object with their values as the type named last.",
              anyCase,
              true));
    }
    all.addAll(questions());
    return all;
  }

  private static List<ScalarFunction> questions() {
    return List.of(
        found(
            "JSONHas",
            "Whether the path leads to a value.",
            DataTypes.UINT8,
            false,
            (value, to) -> to.appendLong(value == null ? 0 : 1)),
        found(
            "JSONLength",
            "How many items or members the value has.",
            DataTypes.UINT64,
            false,
            (value, to) -> to.appendLong(value == null ? 0 : value.size())),
        found(
                "JSONArrayLength",
                "How many items an array has; NULL for what is none.",
                DataTypes.nullable(DataTypes.UINT64),
                false,
                (value, to) -> {
                  if (value instanceof Json.Items items) {
                    to.appendLong(items.size());
                  } else {
                    to.appendNull();
                  }
                })
            .alias("JSON_ARRAY_LENGTH"),
        found(
            "JSONType",
            "What the value is.",
            KINDS,
            false,
            (value, to) -> to.appendLong(kind(value))),
        Declared.rows(
            "JSONKey(json String, step Step, …)",
            "The name of the member at the position.",
            DataTypes.STRING,
            (v, row, to) -> {
              Json parent = find(v.subList(0, v.size() - 1), row, v.size() - 1, false);
              if (!Arguments.isInteger(v.getLast().type())) {
                throw Arguments.illegal(
                    "JSONKey", v.size() - 1, v.getLast().type(), "a position as the last step");
              }
              long position = v.getLast().getLong(row);
              long index =
                  position > 0 ? position - 1 : parent == null ? 0 : parent.size() + position;
              boolean named = parent instanceof Json.Members && index >= 0 && index < parent.size();
              text(named ? ((Json.Members) parent).names().get((int) index) : "", to);
            }),
        Declared.rows(
            "isValidJSON(json String)",
            "Whether the text is JSON.",
            DataTypes.UINT8,
            (v, row, to) ->
                to.appendLong(
                    JsonParser.parse(RowBinding.text(v.getFirst(), row)) == null ? 0 : 1)),
        Declared.rows(
            "prettyPrintJSON(json String[, indent Int])",
            "The JSON in lines, indented.",
            DataTypes.STRING,
            (v, row, to) -> {
              Json value = JsonParser.parse(RowBinding.text(v.getFirst(), row));
              long indent = v.size() > 1 ? Math.clamp(v.get(1).getLong(row), 0, 64) : 4;
              text(value == null ? "" : JsonText.pretty(value, " ".repeat((int) indent)), to);
            }),
        Declared.rows(
                "JSONMergePatch(json String, patch String, …)",
                "The object with the members of the patches: null removes one.",
                DataTypes.STRING,
                (v, row, to) -> {
                  Json merged = new Json.Members(List.of(), List.of());
                  for (Vector patch : v) {
                    Json with = JsonParser.parse(RowBinding.text(patch, row));
                    merged = with == null ? merged : JsonPatch.merged(merged, with);
                  }
                  text(JsonText.of(merged), to);
                })
            .alias("jsonMergePatch"));
  }

  private interface Answer {
    void append(Json value, VectorBuilder to);
  }

  private static ScalarFunction found(
      String name, String doc, DataType type, boolean anyCase, Answer answer) {
    return Declared.rows(
        name + "(json String[, step Step, …])",
        doc,
        type,
        (v, row, to) -> answer.append(find(v, row, v.size(), anyCase), to));
  }

  private static void fixed(
      List<ScalarFunction> all, String name, String doc, DataType type, boolean anyCase) {
    all.add(found(name, doc, type, anyCase, JsonValues::append));
  }

  private static ScalarFunction typed(String name, String doc, boolean anyCase, boolean pairs) {
    return Declared.bound(
        name + "(json String, step Step, …)",
        doc + " The steps to it stand before.",
        args -> {
          DataType type = DataTypes.parse(Arguments.constantText(name, args, args.size() - 1));
          return RowBinding.of(
              pairs ? pairs(type) : type,
              (v, row, to) -> {
                Json value = find(v, row, v.size() - 1, anyCase);
                if (pairs) {
                  members(value, to);
                } else {
                  JsonValues.append(value, to);
                }
              });
        });
  }

  private static DataType pairs(DataType value) {
    return DataTypes.array(new DataType.Tuple(List.of(), List.of(DataTypes.STRING, value)));
  }

  /// The value that arguments 1 to `end` lead to, or null.
  private static Json find(List<Vector> v, int row, int end, boolean anyCase) {
    Json at = JsonParser.parse(RowBinding.text(v.getFirst(), row));
    for (int i = 1; i < end && at != null; i++) {
      Vector step = v.get(i);
      if (Arguments.isInteger(step.type())) {
        at = at.at(step.getLong(row));
      } else {
        String name = RowBinding.text(step, row);
        at = at instanceof Json.Members members ? members.get(name, anyCase) : null;
      }
    }
    return at;
  }

  private static void text(String text, VectorBuilder to) {
    RowBinding.append(text, to);
  }

  private static long kind(Json value) {
    return switch (value) {
      case null -> 0;
      case Json.Null _ -> 0;
      case Json.Text _ -> 34;
      case Json.Items _ -> 91;
      case Json.Truth _ -> 98;
      case Json.Real _ -> 100;
      case Json.Whole(var number) -> number.bitLength() <= 63 ? 105 : 117;
      case Json.Members _ -> 123;
    };
  }

  private static void itemsRaw(Json value, VectorBuilder to) {
    if (value instanceof Json.Items(List<Json> items)) {
      items.forEach(item -> text(JsonText.of(item), to.child(0)));
    }
    to.endList();
  }

  private static void names(Json value, VectorBuilder to) {
    if (value instanceof Json.Members members) {
      members.names().forEach(name -> text(name, to.child(0)));
    }
    to.endList();
  }

  private static void membersRaw(Json value, VectorBuilder to) {
    for (int i = 0; value instanceof Json.Members members && i < members.size(); i++) {
      text(members.names().get(i), to.child(0).child(0));
      text(JsonText.of(members.values().get(i)), to.child(0).child(1));
      to.child(0).endStruct();
    }
    to.endList();
  }

  private static void members(Json value, VectorBuilder to) {
    for (int i = 0; value instanceof Json.Members members && i < members.size(); i++) {
      text(members.names().get(i), to.child(0).child(0));
      JsonValues.append(members.values().get(i), to.child(0).child(1));
      to.child(0).endStruct();
    }
    to.endList();
  }
}
