// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.expression;

import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A filter of conjuncts, for one thread. It learns: conjuncts that drop much for little go first.
///
/// A conjunct that fails on a row that another drops may or may not fail the query, as SQL leaves
/// the order of conditions open; who needs an order writes CASE.
public final class Conjunction {
  private static final int REORDER_EVERY = 32;
  private static final double PART_OF_ROWS = 0.3;

  /// A comparison of numbers is done for all rows before as many are picked out.
  private static final double PART_FOR_CHEAP = 0.05;

  private final List<Term> terms = new ArrayList<>();
  private int batches;

  private static final class Term {
    final Expression condition;
    final BitSet inputs = new BitSet();
    final double cost;
    final TestedEntries entries;

    /// What the condition says, where it says no more.
    final ColumnRange range;

    /// What the condition leaves out, where it says no more.
    final ColumnRange excluded;

    long seen = 1;
    long passed = 1;

    Term(Expression condition, ColumnRange range) {
      this.condition = condition;
      this.range = range;
      this.excluded = range == null ? ColumnRange.excludedBy(condition).orElse(null) : null;
      condition.collectInputs(inputs);
      cost = range == null && excluded == null ? cost(condition) : 1;
      entries = isCheap() ? null : TestedEntries.of(condition, inputs);
    }

    /// Cost of each row dropped; the smaller, the earlier.
    double rank() {
      double dropped = 1.0 - (double) passed / seen;
      return cost / Math.max(dropped, 1e-6);
    }

    boolean isCheap() {
      return cost <= 2;
    }
  }

  public Conjunction(List<Expression> conditions) {
    Map<Integer, List<Expression>> compared = new LinkedHashMap<>();
    Map<Integer, ColumnRange> ranges = new HashMap<>();
    for (Expression condition : conditions) {
      List<Expression> operands =
          condition instanceof Expression.And(List<Expression> both) ? both : List.of(condition);
      for (Expression operand : operands) {
        ColumnRange range = ColumnRange.of(operand).orElse(null);
        if (range == null) {
          terms.add(new Term(operand, null));
        } else {
          compared.computeIfAbsent(range.column(), _ -> new ArrayList<>()).add(operand);
          ranges.merge(range.column(), range, ColumnRange::and);
        }
      }
    }
    compared.forEach((column, all) -> {
      Expression both = all.size() == 1 ? all.getFirst() : new Expression.And(all);
      terms.add(new Term(both, ranges.get(column)));
    });
    terms.sort(Comparator.comparingDouble(term -> term.cost));
  }

  /// A guess before there is a measure: nodes, where byte strings count more.
  private static double cost(Expression expression) {
    double cost =
        switch (expression) {
          case Expression.InputColumn column -> column.type().physical().width() == 0 ? 4 : 0.5;
          case Expression.Literal _ -> 0;
          default -> 1;
        };
    for (Expression child : expression.children()) {
      cost += cost(child);
    }
    return cost;
  }

  /// Gives a batch in which at least the named columns can be read; the others keep their place.
  public interface Columns {
    Batch with(BitSet wanted);

    /// Takes rows out of the mask that are not in the range, without making the column's values;
    /// false, with the mask as it was, where that cannot be.
    default boolean keep(ColumnRange range, long[] mask) {
      return false;
    }

    /// The texts that rows of a column point to, where they do and none is NULL; else null.
    default Vector dictionary(int column) {
      return null;
    }

    /// As [#keep], of the places of the texts in [#dictionary].
    default boolean keepCodes(int column, int low, int high, long[] mask) {
      return false;
    }
  }

  /// The rows for which every condition is true, ANDed with what `mask` holds already. Gives the
  /// number of rows left. Columns are asked for when the first condition needs them.
  public int test(Columns columns, int rows, Scratch scratch, long[] mask) {
    int left = Masks.count(mask);
    for (Term term : terms) {
      if (left == 0) {
        break;
      }
      int before = left;
      if (term.range != null && columns.keep(term.range, mask)
          || term.excluded != null && leaveOut(term.excluded, columns, mask)
          || term.entries != null && term.entries.keep(columns, left == rows, scratch, mask)) {
        left = Masks.count(mask);
      } else {
        left = test(term, columns.with(term.inputs), scratch, mask, left);
      }
      term.seen += before;
      term.passed += left;
    }
    if (++batches % REORDER_EVERY == 0 && terms.size() > 1) {
      terms.sort(Comparator.comparingDouble(Term::rank));
      terms.forEach(term -> {
        term.seen = (term.seen + 1) >> 1;
        term.passed = (term.passed + 1) >> 1;
      });
    }
    return left;
  }

  private static boolean leaveOut(ColumnRange excluded, Columns columns, long[] mask) {
    long[] inside = mask.clone();
    if (!columns.keep(excluded, inside)) {
      return false;
    }
    Masks.andNot(mask, inside);
    return true;
  }

  private static int test(Term term, Batch batch, Scratch scratch, long[] mask, int left) {
    if (term.entries != null && term.entries.fit(batch)) {
      return term.entries.test(batch, scratch, mask);
    }
    if (left < batch.rows() * (term.isCheap() ? PART_FOR_CHEAP : PART_OF_ROWS)) {
      return testPart(term, batch, scratch, mask, left);
    }
    Masks.and(mask, Truth.of(term.condition, batch, scratch).yes());
    return Masks.count(mask);
  }

  private static int testPart(Term term, Batch batch, Scratch scratch, long[] mask, int left) {
    int[] selection = new int[left];
    Masks.toSelection(mask, selection);
    Batch part = Batches.pick(batch, term.inputs, batch.columns().size(), selection, left, scratch);
    long[] yes = Truth.of(term.condition, part, scratch).yes();
    java.util.Arrays.fill(mask, 0);
    int kept = 0;
    for (int i = 0; i < left; i++) {
      long bit = yes[i >>> 6] >>> i & 1;
      int row = selection[i];
      mask[row >>> 6] |= bit << row;
      kept += (int) bit;
    }
    return kept;
  }

  /// The batch of the rows for which every condition is true, or null where there is none.
  public Batch filter(Batch batch, Scratch scratch) {
    long[] mask = Masks.all(batch.rows());
    int left = test(_ -> batch, batch.rows(), scratch, mask);
    if (left == 0) {
      return null;
    }
    if (left == batch.rows()) {
      return batch;
    }
    int[] selection = new int[left];
    Masks.toSelection(mask, selection);
    return Batches.gather(batch, selection, left, scratch);
  }
}
