// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.aggregate;

import dev.varve.sql.expression.TextVisits;
import dev.varve.sql.function.definition.Accumulator;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.List;
import java.util.Optional;

/// Keeps one row's value per group: the first, the last, or that of the least or greatest value of
/// the last argument (which for `min` and `max` is the value itself). Among equals the first stays.
final class PickAccumulator implements Accumulator {
  /// Which row a group keeps.
  enum Rule {
    FIRST,
    LAST,
    LEAST,
    GREATEST
  }

  private final Rule rule;
  private final ValueSlots values;
  private final ValueSlots keys;
  private final boolean keyed;
  private final TextVisits visits = new TextVisits();
  private final OfferedEntries offered;

  /// @param key type of the value that decides where it is not the value itself
  PickAccumulator(Rule rule, DataType value, Optional<DataType> key) {
    this.rule = rule;
    this.values = new ValueSlots(value);
    this.keyed = key.isPresent();
    this.keys = key.map(ValueSlots::new).orElse(values);
    this.offered = new OfferedEntries(rule == Rule.LEAST);
  }

  @Override
  public void reserve(int groups) {
    values.reserve(groups);
    if (keyed) {
      keys.reserve(groups);
    }
  }

  @Override
  public void update(int[] groups, List<Vector> arguments, int rows, Scratch scratch) {
    Vector value = arguments.getFirst();
    Vector key = keyed ? arguments.getLast() : value;
    boolean compares = rule == Rule.LEAST || rule == Rule.GREATEST;
    if (compares && offered.meet(key)) {
      for (int i = 0; i < rows; i++) {
        if (offered.isNew(groups[i], key, i)) {
          offer(groups[i], value, key, i, scratch);
        }
      }
      return;
    }
    for (int at = 0; at < rows; at += TextVisits.TOGETHER) {
      int end = Math.min(rows, at + TextVisits.TOGETHER);
      if (compares) {
        keys.visit(visits, groups, key, at, end);
      }
      for (int i = at; i < end; i++) {
        offer(groups[i], value, key, i, scratch);
      }
    }
  }

  @Override
  public void updateSingle(List<Vector> arguments, int rows, Scratch scratch) {
    Vector value = arguments.getFirst();
    Vector key = keyed ? arguments.getLast() : value;
    for (int i = 0; i < rows; i++) {
      offer(0, value, key, i, scratch);
    }
  }

  private void offer(int group, Vector value, Vector key, int row, Scratch scratch) {
    boolean takes =
        !keys.isPresent(group)
            || switch (rule) {
              case FIRST -> false;
              case LAST -> true;
              case LEAST -> keys.compare(group, key, row, scratch) > 0;
              case GREATEST -> keys.compare(group, key, row, scratch) < 0;
            };
    if (takes) {
      values.set(group, value, row);
      if (keyed) {
        keys.set(group, key, row);
      }
    }
  }

  @Override
  public void merge(Accumulator other, int[] from, int[] to, int count, Scratch scratch) {
    PickAccumulator that = (PickAccumulator) other;
    for (int i = 0; i < count; i++) {
      if (!that.keys.isPresent(from[i])) {
        continue;
      }
      boolean takes =
          !keys.isPresent(to[i])
              || switch (rule) {
                case FIRST -> false;
                case LAST -> true;
                case LEAST -> keys.compare(to[i], that.keys, from[i], scratch) > 0;
                case GREATEST -> keys.compare(to[i], that.keys, from[i], scratch) < 0;
              };
      if (takes) {
        values.copy(to[i], that.values, from[i]);
        if (keyed) {
          keys.copy(to[i], that.keys, from[i]);
        }
      }
    }
  }

  @Override
  public Vector results(int from, int count, Scratch scratch) {
    return values.results(from, count, scratch);
  }

  @Override
  public long heapBytes() {
    return values.heapBytes() + (keyed ? keys.heapBytes() : 0) + offered.heapBytes();
  }
}
