// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.storage.format.FormatSettings;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Rows of a query under way. What happens to it is told to `ended`, once: null for a good end.
final class QueryResult implements Result {
  private final List<ResultColumn> columns;
  private final RowQuery query;
  private final AnswerForm form;
  private final FormatSettings formatSettings;
  private final Running running;
  private final Consumer<Throwable> ended;
  private Throwable failure;
  private boolean closed;

  QueryResult(
      RowQuery query,
      AnswerForm form,
      FormatSettings formatSettings,
      Running running,
      Consumer<Throwable> ended) {
    this.columns =
        query.plan().columns().stream().map(c -> new ResultColumn(c.name(), c.type())).toList();
    this.query = query;
    this.form = form;
    this.formatSettings = formatSettings;
    this.running = running;
    this.ended = ended;
  }

  @Override
  public List<ResultColumn> columns() {
    return columns;
  }

  @Override
  public BatchSource batches() {
    return new BatchSource() {
      @Override
      public Batch next() {
        try {
          return query.next();
        } catch (RuntimeException | Error e) {
          failure = e;
          throw e;
        }
      }

      @Override
      public void close() {
        QueryResult.this.close();
      }
    };
  }

  @Override
  public long writtenRows() {
    return 0;
  }

  @Override
  public Optional<String> format() {
    return form.format();
  }

  @Override
  public boolean hasTotals() {
    return form.hasTotals();
  }

  @Override
  public FormatSettings formatSettings() {
    return formatSettings;
  }

  @Override
  public Progress progress() {
    return running.progress();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      query.close();
    } finally {
      ended.accept(failure);
    }
  }
}
