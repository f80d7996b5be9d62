// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rule;

import dev.varve.merge.order.KeyGroups;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorValues;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A Nested column whose name ends in `Map`, under Summing: each row's arrays are a map from the
/// first column, and those whose names end in `ID`, `Key` or `Type`, to the others, which are added
/// up key by key. Keys come out sorted; a key whose sums are all zero goes.
record NestedSums(List<ColumnDefinition> keys, List<ColumnDefinition> values) {

  /// The maps of a layout. They are added up whichever columns the engine names.
  static List<NestedSums> of(RowLayout layout) {
    Map<String, List<ColumnDefinition>> nested = new LinkedHashMap<>();
    for (ColumnDefinition column : layout.columns()) {
      int dot = column.name().indexOf('.');
      if (dot > 0
          && column.name().startsWith("Map", dot - 3)
          && column.type().unwrapped() instanceof DataType.Array) {
        String name = column.name().substring(0, dot);
        nested.computeIfAbsent(name, _ -> new ArrayList<>()).add(column);
      }
    }
    List<NestedSums> sums = new ArrayList<>();
    nested.forEach((_, columns) -> {
      List<ColumnDefinition> keys = columns.stream().filter(c -> isKey(c, columns)).toList();
      List<ColumnDefinition> values = columns.stream().filter(c -> !keys.contains(c)).toList();
      boolean sorted = keys.stream().allMatch(k -> isSorted(element(k)));
      if (sorted && !values.isEmpty() && values.stream().allMatch(NestedSums::isSummable)) {
        sums.add(new NestedSums(keys, values));
      }
    });
    return sums;
  }

  private static boolean isKey(ColumnDefinition column, List<ColumnDefinition> columns) {
    String name = column.name();
    return column == columns.getFirst()
        || name.endsWith("ID")
        || name.endsWith("Key")
        || name.endsWith("Type");
  }

  private static DataType element(ColumnDefinition column) {
    return ((DataType.Array) column.type().unwrapped()).element().unwrapped();
  }

  private static boolean isSummable(ColumnDefinition column) {
    DataType type = ((DataType.Array) column.type().unwrapped()).element();
    return !type.isNullable() && MergeRules.isSummable(type);
  }

  private static boolean isSorted(DataType type) {
    return switch (type) {
      case DataType.Int _,
          DataType.Text _,
          DataType.Date _,
          DataType.Date32 _,
          DataType.DateTime _,
          DataType.DateTime64 _,
          DataType.Time _,
          DataType.Time64 _,
          DataType.Bool _,
          DataType.Uuid _,
          DataType.Decimal _,
          DataType.Enumeration _ ->
          true;
      default -> false;
    };
  }

  List<String> columns() {
    List<String> names = new ArrayList<>();
    keys.forEach(key -> names.add(key.name()));
    values.forEach(value -> names.add(value.name()));
    return names;
  }

  /// One of the columns, a row for each group.
  Vector combine(ColumnDefinition wanted, KeyGroups groups, SortedColumns rows, Scratch scratch) {
    VectorBuilder builder = new VectorBuilder(wanted.type(), scratch);
    Vector stored = rows.column(wanted.name());
    int position = columns().indexOf(wanted.name());
    for (int g = 0; g < groups.count(); g++) {
      if (groups.size(g) == 1) {
        VectorValues.append(builder, VectorValues.get(stored, groups.start(g)));
        continue;
      }
      List<Object> column = new ArrayList<>();
      sums(groups, g, rows)
          .forEach((key, sums) ->
              column.add(
                  position < keys.size() ? key.get(position) : sums[position - keys.size()]));
      VectorValues.append(builder, column);
    }
    return builder.build();
  }

  private Map<List<Object>, Object[]> sums(KeyGroups groups, int group, SortedColumns rows) {
    Map<List<Object>, Object[]> sums = new TreeMap<>(NestedSums::compare);
    for (int row = groups.start(group); row < groups.end(group); row++) {
      List<List<?>> keyLists = lists(keys, rows, row);
      List<List<?>> valueLists = lists(values, rows, row);
      for (int i = 0; i < keyLists.getFirst().size(); i++) {
        List<Object> key = new ArrayList<>();
        for (List<?> list : keyLists) {
          key.add(list.get(i));
        }
        Object[] sum = sums.computeIfAbsent(key, _ -> new Object[values.size()]);
        for (int v = 0; v < sum.length; v++) {
          Object value = valueLists.get(v).get(i);
          sum[v] = sum[v] == null ? value : plus(sum[v], value, element(values.get(v)));
        }
      }
    }
    sums.values().removeIf(NestedSums::isZero);
    return sums;
  }

  private static List<List<?>> lists(List<ColumnDefinition> columns, SortedColumns rows, int row) {
    List<List<?>> lists = new ArrayList<>();
    for (ColumnDefinition column : columns) {
      lists.add((List<?>) VectorValues.get(rows.column(column.name()), row));
    }
    return lists;
  }

  /// Wraps around at the width of integers, which keeps addition associative.
  private static Object plus(Object a, Object b, DataType type) {
    return switch (a) {
      case Double number -> number + (Double) b;
      case Float number -> number + (Float) b;
      case BigDecimal number -> number.add((BigDecimal) b);
      case Long number -> wrapped(BigInteger.valueOf(number + (Long) b), type).longValue();
      case BigInteger number -> wrapped(number.add((BigInteger) b), type);
      default -> throw new IllegalStateException("no sum of " + type);
    };
  }

  private static BigInteger wrapped(BigInteger sum, DataType type) {
    if (!(type instanceof DataType.Int(int bits, boolean signed))) {
      return sum;
    }
    BigInteger low = sum.mod(BigInteger.ONE.shiftLeft(bits));
    return signed && low.testBit(bits - 1) ? low.subtract(BigInteger.ONE.shiftLeft(bits)) : low;
  }

  private static boolean isZero(Object[] sums) {
    for (Object sum : sums) {
      boolean zero =
          switch (sum) {
            case BigInteger number -> number.signum() == 0;
            case BigDecimal number -> number.signum() == 0;
            case Number number -> number.doubleValue() == 0;
            default -> false;
          };
      if (!zero) {
        return false;
      }
    }
    return true;
  }

  private static int compare(List<Object> a, List<Object> b) {
    for (int i = 0; i < a.size(); i++) {
      int order = compare(a.get(i), b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  @SuppressWarnings("unchecked") // both come from one column, whose type has an order
  private static int compare(Object a, Object b) {
    if (a == null || b == null) {
      return Boolean.compare(a != null, b != null);
    }
    return ((Comparable<Object>) a).compareTo(b);
  }
}
