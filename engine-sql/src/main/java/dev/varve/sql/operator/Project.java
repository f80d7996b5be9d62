// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.expression.EntryResults;
import dev.varve.sql.expression.Expression;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// One expression for each column given.
public record Project(Operator input, List<Expression> expressions) implements Operator {
  public Project {
    expressions = List.copyOf(expressions);
  }

  @Override
  public List<DataType> types() {
    return expressions.stream().map(Expression::type).toList();
  }

  @Override
  public List<Operator> inputs() {
    return List.of(input);
  }

  @Override
  public String describe() {
    return "Project " + expressions;
  }

  @Override
  public ParallelSource open(QueryContext context) {
    return over(context.open(input), context);
  }

  /// As [#open], over an input that the caller opened.
  ParallelSource over(ParallelSource rows, QueryContext context) {
    return new MappedSource(rows, share -> new Source(share, context));
  }

  private final class Source implements BatchSource {
    private final BatchSource share;
    private final QueryContext context;
    private final Scratch scratch;
    private final Pace pace;
    // Null for those that are asked anew for each batch.
    private final List<EntryResults> kept = new ArrayList<>();

    Source(BatchSource share, QueryContext context) {
      this.pace = new Pace(context);
      this.share = pace.of(share, expressions);
      this.context = context;
      this.scratch = context.newScratch();
      for (Expression expression : expressions) {
        kept.add(EntryResults.of(expression, context::newScratch).orElse(null));
      }
    }

    @Override
    public Batch next() {
      context.check();
      Batch batch = share.next();
      if (batch == null) {
        return null;
      }
      scratch.reset();
      pace.begin();
      List<Vector> columns = new ArrayList<>(expressions.size());
      for (int e = 0; e < expressions.size(); e++) {
        EntryResults results = kept.get(e);
        columns.add(
            results == null
                ? expressions.get(e).evaluate(batch, scratch)
                : results.evaluate(batch, scratch));
      }
      pace.end(batch.rows());
      return new Batch(batch.rows(), columns);
    }

    @Override
    public void close() {
      share.close();
      scratch.close();
      kept.stream().filter(Objects::nonNull).forEach(EntryResults::close);
    }
  }
}
