// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rule;

import dev.varve.merge.aggregate.AggregateStates;
import dev.varve.merge.order.KeyGroups;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.part.Part;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Summing and Aggregating: some columns are combined over the rows of a key, the others come from
/// the row with the greatest `_seq`. Under Summing a key whose sums are all zero is hidden, unless
/// it has aggregate states or maps or nothing is summed at all. Of a nullable column that means
/// NULL alone: a zero there is a value. So what is hidden is what a key without rows would give.
final class CombiningMerger implements RowMerger {
  private final Map<String, ColumnCombiner> combiners = new LinkedHashMap<>();
  private final Map<String, OrderedChoice> choices = new LinkedHashMap<>();
  private final Map<String, OrderedChoice> choicesBySeqColumn = new LinkedHashMap<>();
  private final Map<String, NestedSums> maps = new LinkedHashMap<>();
  private final List<String> summed = new ArrayList<>();
  private boolean hidesZeros;

  static CombiningMerger summing(RowLayout layout, MergeRule.Summing rule) {
    CombiningMerger merger = aggregating(layout);
    boolean states = !merger.combiners.isEmpty() || !merger.choices.isEmpty();
    for (String column : summedColumns(layout, rule)) {
      merger.combiners.put(column, new SumCombiner());
      merger.summed.add(column);
    }
    for (NestedSums map : NestedSums.of(layout)) {
      map.columns().forEach(column -> merger.maps.put(column, map));
    }
    merger.hidesZeros = !states && !merger.summed.isEmpty() && merger.maps.isEmpty();
    return merger;
  }

  static List<String> summedColumns(RowLayout layout, MergeRule.Summing rule) {
    List<String> summed = new ArrayList<>();
    for (ColumnDefinition column : layout.columns()) {
      boolean sums =
          rule.columns().isEmpty()
              ? MergeRules.isSummable(column.type())
                  && !column.name().equals(Part.SEQ)
                  && !layout.partitionColumns().contains(column.name())
              : rule.columns().contains(column.name());
      if (sums && !layout.key().contains(column.name())) {
        summed.add(column.name());
      }
    }
    return summed;
  }

  /// The columns that hide a row when all are zero, or NULL where they are nullable; none where
  /// that never hides one.
  static List<String> zeroColumns(RowLayout layout, MergeRule.Summing rule) {
    boolean states =
        layout.columns().stream()
            .anyMatch(c ->
                !layout.key().contains(c.name())
                    && (c.type() instanceof DataType.SimpleAggregate
                        || c.type() instanceof DataType.AggregateState));
    boolean maps = !NestedSums.of(layout).isEmpty();
    return states || maps ? List.of() : summedColumns(layout, rule);
  }

  static CombiningMerger aggregating(RowLayout layout) {
    CombiningMerger merger = new CombiningMerger();
    for (ColumnDefinition column : layout.columns()) {
      if (layout.key().contains(column.name())) {
        continue;
      }
      if (RowLayout.dependsOnOrder(column.type())) {
        OrderedChoice choice = OrderedChoice.of(column.name(), column.type());
        merger.choices.put(column.name(), choice);
        merger.choicesBySeqColumn.put(RowLayout.seqOf(column.name()), choice);
      } else if (column.type() instanceof DataType.AggregateState state) {
        merger.combiners.put(
            column.name(),
            new StateCombiner(
                AggregateStates.of(state.function(), state.parameters(), state.arguments())));
      } else if (column.type() instanceof DataType.SimpleAggregate simple) {
        merger.combiners.put(column.name(), simpleCombiner(column, simple));
      }
    }
    return merger;
  }

  private static ColumnCombiner simpleCombiner(
      ColumnDefinition column, DataType.SimpleAggregate simple) {
    return switch (simple.functionName()) {
      case "sum", "sumWithOverflow" -> new SumCombiner();
      case "min" -> new ExtremeCombiner(false);
      case "max" -> new ExtremeCombiner(true);
      case "groupBitAnd" -> new BitsCombiner(BitsCombiner.Join.AND);
      case "groupBitOr" -> new BitsCombiner(BitsCombiner.Join.OR);
      case "groupBitXor" -> new BitsCombiner(BitsCombiner.Join.XOR);
      case "groupArrayArray" -> new ArrayCombiner(false);
      case "groupUniqArrayArray" -> new ArrayCombiner(true);
      default -> new FunctionCombiner(SimpleFunctions.of(column, simple));
    };
  }

  @Override
  public List<String> decidingColumns() {
    List<String> columns = new ArrayList<>();
    columns.add(Part.SEQ);
    if (hidesZeros) {
      columns.addAll(summed);
    }
    return columns;
  }

  @Override
  public Outcome decide(KeyGroups groups, SortedColumns rows, Scratch scratch) {
    Outcome outcome = Outcome.lastRows(groups);
    if (!groups.isUnique()) {
      ReplacingMerger.latest(groups, LongValues.of(rows.column(Part.SEQ)), outcome.base);
    }
    if (hidesZeros) {
      BitSet zero = outcome.hidden;
      zero.set(0, groups.count());
      for (String column : summed) {
        if (zero.isEmpty()) {
          break;
        }
        SumCombiner.keepZeros(sum(column, groups, rows, outcome, scratch), zero);
      }
      outcome.disposable.or(zero);
    }
    return outcome;
  }

  private Vector sum(
      String column, KeyGroups groups, SortedColumns rows, Outcome outcome, Scratch scratch) {
    Vector values = rows.column(column);
    Vector sums =
        groups.isUnique()
            ? values
            : combiners.get(column).combine(values, groups, outcome.base, scratch);
    outcome.combined.put(column, sums);
    return sums;
  }

  @Override
  public boolean combines(String column) {
    return combiners.containsKey(column)
        || choices.containsKey(column)
        || maps.containsKey(column)
        || choicesBySeqColumn.containsKey(column);
  }

  @Override
  public Vector combine(
      ColumnDefinition column,
      KeyGroups groups,
      SortedColumns rows,
      Outcome outcome,
      Scratch scratch) {
    String name = column.name();
    Vector done = outcome.combined.get(name);
    if (done != null) {
      return done;
    }
    Vector values = rows.column(name);
    if (groups.isUnique()) {
      return values;
    }
    if (maps.containsKey(name)) {
      return maps.get(name).combine(column, groups, rows, scratch);
    }
    OrderedChoice choice = choices.getOrDefault(name, choicesBySeqColumn.get(name));
    if (choice == null) {
      return combiners.get(name).combine(values, groups, outcome.base, scratch);
    }
    long[] seq = LongValues.of(rows.column(RowLayout.seqOf(choice.column())));
    int[] chosen = choice.choose(rows.column(choice.column()), seq, groups);
    return VectorOps.gather(values, chosen, groups.count(), scratch);
  }
}
