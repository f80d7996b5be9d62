// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import java.util.ArrayList;
import java.util.List;

/// WITH RECURSIVE: the rows of the first query, then those of the step over them, then those of the
/// step over these, until a step gives none. A step runs when its rows are asked for, so a LIMIT
/// above ends what would not end by itself.
///
/// @param working where a step finds the rows of the one before
/// @param seen where a step finds all rows given so far; it must not give them again. Null where
///   rows may come twice (`UNION ALL`)
/// @param maxSteps how many steps may follow the first query
public record RecursiveQuery(
    String name,
    Operator first,
    Operator step,
    WorkingTable working,
    WorkingTable seen,
    long maxSteps)
    implements Operator {
  @Override
  public List<DataType> types() {
    return first.types();
  }

  @Override
  public List<Operator> inputs() {
    return List.of(first, step);
  }

  @Override
  public String describe() {
    return "RecursiveQuery " + name + (seen == null ? "" : " distinct");
  }

  @Override
  public ParallelSource open(QueryContext context) {
    return ParallelSource.single(new Source(context));
  }

  private final class Source implements BatchSource {
    private final QueryContext context;
    private final List<RowStore> held = new ArrayList<>();
    private List<Batch> rows = List.of();
    private List<Batch> given = List.of();
    private int next;
    private long steps = -1;

    Source(QueryContext context) {
      this.context = context;
    }

    @Override
    public Batch next() {
      while (next == rows.size()) {
        if (steps >= 0 && rows.isEmpty()) {
          return null;
        }
        advance();
      }
      return rows.get(next++);
    }

    private void advance() {
      context.check();
      if (++steps > maxSteps) {
        throw new VarveException(
            ErrorCode.TOO_DEEP_RECURSION,
            "WITH RECURSIVE \""
                + name
                + "\" took more than "
                + maxSteps
                + " steps; end it by a condition or a LIMIT, or raise"
                + " max_recursive_cte_evaluation_depth");
      }
      context.setWorking(working, rows);
      if (seen != null) {
        context.setWorking(seen, given);
      }
      List<RowStore> made = CollectedRows.of(steps == 0 ? first : step, null, context).stores();
      if (seen == null) {
        release();
      }
      held.addAll(made);
      rows = new ArrayList<>();
      for (RowStore store : made) {
        store.batches().stream().filter(batch -> batch.rows() > 0).forEach(rows::add);
      }
      if (seen != null) {
        given = new ArrayList<>(given);
        given.addAll(rows);
      }
      next = 0;
    }

    private void release() {
      held.forEach(RowStore::discard);
      held.clear();
    }

    @Override
    public void close() {
      rows = List.of();
      given = List.of();
      next = 0;
      release();
    }
  }
}
