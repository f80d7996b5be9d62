// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Array, Map and Tuple: values made of the values of other columns. For Array and Map the offsets
/// stand at `values`; a Map has its keys and its values as two children.
final class NestedColumn extends WireColumn {
  private final List<Column> children;

  NestedColumn(SqlType type, ByteBuffer bytes, int validity, int offsets, List<Column> children) {
    super(type, bytes, validity, offsets);
    this.children = children;
  }

  @Override
  Object value(int row) {
    if (type().kind() == Kind.TUPLE) {
      List<Object> fields = new ArrayList<>(children.size());
      for (Column child : children) {
        fields.add(child.get(row));
      }
      return Collections.unmodifiableList(fields);
    }
    int from = bytes.getInt(values + row * 4);
    int to = bytes.getInt(values + row * 4 + 4);
    return type().kind() == Kind.MAP ? entries(from, to) : elements(from, to);
  }

  private List<Object> elements(int from, int to) {
    List<Object> elements = new ArrayList<>();
    for (int i = from; i < to; i++) {
      elements.add(children.get(0).get(i));
    }
    return Collections.unmodifiableList(elements);
  }

  private Map<Object, Object> entries(int from, int to) {
    Map<Object, Object> entries = new LinkedHashMap<>();
    for (int i = from; i < to; i++) {
      entries.put(children.get(0).get(i), children.get(1).get(i));
    }
    return Collections.unmodifiableMap(entries);
  }
}
