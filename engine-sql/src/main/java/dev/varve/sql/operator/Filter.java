// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.expression.Conjunction;
import dev.varve.sql.expression.Expression;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import java.util.List;

/// Rows for which every conjunct is true.
public record Filter(Operator input, List<Expression> conjuncts) implements Operator {
  public Filter {
    conjuncts = List.copyOf(conjuncts);
  }

  @Override
  public List<DataType> types() {
    return input.types();
  }

  @Override
  public List<Operator> inputs() {
    return List.of(input);
  }

  @Override
  public String describe() {
    return "Filter " + conjuncts;
  }

  @Override
  public ParallelSource open(QueryContext context) {
    return new MappedSource(context.open(input), share -> new Source(share, context));
  }

  private final class Source implements BatchSource {
    private final BatchSource share;
    private final QueryContext context;
    private final Scratch scratch;
    private final Conjunction conjunction = new Conjunction(conjuncts);
    private final Pace pace;

    Source(BatchSource share, QueryContext context) {
      this.pace = new Pace(context);
      this.share = pace.of(share, conjuncts);
      this.context = context;
      this.scratch = context.newScratch();
    }

    @Override
    public Batch next() {
      while (true) {
        context.check();
        Batch batch = share.next();
        if (batch == null) {
          return null;
        }
        scratch.reset();
        pace.begin();
        Batch kept = conjunction.filter(batch, scratch);
        pace.end(batch.rows());
        if (kept != null) {
          return kept;
        }
      }
    }

    @Override
    public void close() {
      share.close();
      scratch.close();
    }
  }
}
