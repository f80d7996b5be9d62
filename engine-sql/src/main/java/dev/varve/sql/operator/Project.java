// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.expression.Expression;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.List;

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

    Source(BatchSource share, QueryContext context) {
      this.share = share;
      this.context = context;
      this.scratch = context.newScratch();
    }

    @Override
    public Batch next() {
      context.check();
      Batch batch = share.next();
      if (batch == null) {
        return null;
      }
      scratch.reset();
      List<Vector> columns = new ArrayList<>(expressions.size());
      for (Expression expression : expressions) {
        columns.add(expression.evaluate(batch, scratch));
      }
      return new Batch(batch.rows(), columns);
    }

    @Override
    public void close() {
      share.close();
      scratch.close();
    }
  }
}
