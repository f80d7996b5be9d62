// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rule;

import dev.varve.merge.aggregate.ValueOrder;
import dev.varve.merge.order.KeyGroups;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.util.ArrayList;
import java.util.List;

/// Joins arrays: `groupArrayArray` keeps all elements, in no promised order; `groupUniqArrayArray`
/// keeps each once, sorted, so that the order in which parts merged does not show.
record ArrayCombiner(boolean distinct) implements ColumnCombiner {
  @Override
  public Vector combine(Vector values, KeyGroups groups, int[] base, Scratch scratch) {
    VectorBuilder joined = new VectorBuilder(values.type(), scratch);
    for (int g = 0; g < groups.count(); g++) {
      if (groups.size(g) == 1 && !distinct) {
        joined.append(values, groups.start(g));
        continue;
      }
      List<Integer> elements = new ArrayList<>();
      Vector lists = values.base();
      for (int i = groups.start(g); i < groups.end(g); i++) {
        int at = values.valueRow(i);
        for (int e = lists.listFrom(at); e < lists.listTo(at); e++) {
          elements.add(e);
        }
      }
      append(lists.elements(), elements, joined);
    }
    return joined.build();
  }

  private void append(Vector values, List<Integer> elements, VectorBuilder to) {
    if (distinct) {
      elements.sort((a, b) -> ValueOrder.compare(values, a, values, b));
    }
    int previous = -1;
    for (int element : elements) {
      if (!distinct || previous < 0 || ValueOrder.compare(values, previous, values, element) != 0) {
        to.child(0).append(values, element);
      }
      previous = element;
    }
    to.endList();
  }
}
