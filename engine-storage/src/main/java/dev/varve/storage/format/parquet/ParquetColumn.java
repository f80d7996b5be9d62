// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format.parquet;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.List;

/// A node of a file's schema: a leaf with its pages, or a group of others.
///
/// A value is taken apart on its way down: at a leaf arrives the value with how many of the nodes
/// above it are there (definition level) and which of the repeated ones goes on (repetition level).
final class ParquetColumn {
  /// What a node stands for.
  enum Shape {
    LEAF,
    LIST,
    MAP,
    STRUCT
  }

  private final String name;
  private final DataType type;
  private final boolean optional;
  private final Shape shape;
  private final List<ParquetColumn> children = new ArrayList<>();
  private final List<ParquetPages> leaves = new ArrayList<>();
  private final int repetition;

  private ParquetColumn(
      String name, DataType declared, int definition, int repetition, List<String> path) {
    this.name = name;
    this.type = declared.unwrapped();
    this.optional = declared.isNullable();
    List<String> here = new ArrayList<>(path);
    here.add(name);
    int present = definition + (optional ? 1 : 0);
    switch (type) {
      case DataType.Array(DataType element) -> {
        shape = Shape.LIST;
        here.add("list");
        child("element", element, present + 1, repetition + 1, here);
      }
      case DataType.MapOf(DataType key, DataType value) -> {
        shape = Shape.MAP;
        here.add("key_value");
        child("key", key, present + 1, repetition + 1, here);
        child("value", value, present + 1, repetition + 1, here);
      }
      case DataType.Tuple(List<String> names, List<DataType> fields) -> {
        shape = Shape.STRUCT;
        for (int i = 0; i < fields.size(); i++) {
          String field = names.isEmpty() ? Integer.toString(i + 1) : names.get(i);
          child(field, fields.get(i), present, repetition, here);
        }
      }
      default -> {
        shape = Shape.LEAF;
        leaves.add(new ParquetPages(type, here, present, repetition));
      }
    }
    // Rows of a list go on at the level of the list itself.
    this.repetition = shape == Shape.LIST || shape == Shape.MAP ? repetition + 1 : repetition;
  }

  /// A column of a table.
  static ParquetColumn of(String name, DataType type) {
    return new ParquetColumn(name, type, 0, 0, List.of());
  }

  private void child(
      String field, DataType declared, int definition, int repetitions, List<String> path) {
    ParquetColumn child = new ParquetColumn(field, declared, definition, repetitions, path);
    children.add(child);
    leaves.addAll(child.leaves);
  }

  List<ParquetPages> leaves() {
    return leaves;
  }

  void write(Vector vector) {
    for (int row = 0; row < vector.rows(); row++) {
      value(vector, row, 0, 0);
    }
  }

  private void value(Vector vector, int row, int definition, int repetitions) {
    int present = definition;
    if (optional) {
      if (vector.isNull(row)) {
        absent(definition, repetitions);
        return;
      }
      present++;
    }
    Vector base = vector.base();
    int at = vector.valueRow(row);
    switch (shape) {
      case LEAF -> leaves.getFirst().value(base, at, present, repetitions);
      case STRUCT -> {
        for (int f = 0; f < children.size(); f++) {
          children.get(f).value(base.children().get(f), at, present, repetitions);
        }
      }
      case LIST, MAP -> {
        int from = base.listFrom(at);
        int to = base.listTo(at);
        if (from == to) {
          absent(present, repetitions);
        }
        for (int e = from; e < to; e++) {
          element(base.elements(), e, present + 1, e == from ? repetitions : repetition);
        }
      }
    }
  }

  private void element(Vector elements, int row, int definition, int repetitions) {
    if (shape == Shape.LIST) {
      children.getFirst().value(elements, row, definition, repetitions);
      return;
    }
    Vector entries = elements.base();
    int at = elements.valueRow(row);
    for (int f = 0; f < children.size(); f++) {
      children.get(f).value(entries.children().get(f), at, definition, repetitions);
    }
  }

  private void absent(int definition, int repetitions) {
    for (ParquetPages leaf : leaves) {
      leaf.absent(definition, repetitions);
    }
  }

  /// How a node of the schema is described.
  record Element(
      String name, int repetition, int children, int converted, int logical, ParquetType leaf) {}

  private static final int REQUIRED = 0;
  private static final int OPTIONAL = 1;
  private static final int REPEATED = 2;
  private static final int CONVERTED_MAP = 1;
  private static final int CONVERTED_LIST = 3;
  private static final int LOGICAL_MAP = 2;
  private static final int LOGICAL_LIST = 3;

  /// Appends this node and those below it, as the file lists them.
  void describe(List<Element> into) {
    int how = optional ? OPTIONAL : REQUIRED;
    switch (shape) {
      case LEAF -> into.add(new Element(name, how, 0, -1, 0, ParquetType.of(type)));
      case STRUCT -> into.add(new Element(name, how, children.size(), -1, 0, null));
      case LIST -> {
        into.add(new Element(name, how, 1, CONVERTED_LIST, LOGICAL_LIST, null));
        into.add(new Element("list", REPEATED, 1, -1, 0, null));
      }
      case MAP -> {
        into.add(new Element(name, how, 1, CONVERTED_MAP, LOGICAL_MAP, null));
        into.add(new Element("key_value", REPEATED, 2, -1, 0, null));
      }
    }
    children.forEach(child -> child.describe(into));
  }
}
