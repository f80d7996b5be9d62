// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.FormatSettings;
import dev.varve.storage.format.RowBuilders;
import dev.varve.storage.format.RowsFormats;
import dev.varve.storage.format.RowsReader;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Rows of texts or files in a format of input, one after the other.
///
/// @param sources where the rows stand; each begins anew, with headers of its own
public record FormatRows(
    String format, List<ColumnDefinition> columns, FormatSettings settings, List<Source> sources)
    implements Operator {
  /// Something to read rows from.
  public interface Source {
    /// What errors call it; empty for a text of the query.
    String name();

    InputStream open() throws IOException;
  }

  /// Rows that stand in a text of the query.
  public static Source ofText(String text) {
    return new Source() {
      @Override
      public String name() {
        return "";
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
      }
    };
  }

  @Override
  public List<DataType> types() {
    return columns.stream().map(ColumnDefinition::type).toList();
  }

  @Override
  public List<Operator> inputs() {
    return List.of();
  }

  @Override
  public String describe() {
    return "FormatRows " + format + " " + sources.stream().map(Source::name).toList();
  }

  @Override
  public ParallelSource open(QueryContext context) {
    return ParallelSource.single(new Rows(context));
  }

  private final class Rows implements BatchSource {
    private final QueryContext context;
    private final Scratch scratch;
    private int next;
    private boolean closed;
    private InputStream stream;
    private RowsReader reader;

    Rows(QueryContext context) {
      this.context = context;
      this.scratch = context.newScratch();
      context.register(this);
    }

    @Override
    public Batch next() {
      context.check();
      scratch.reset();
      try {
        while (reader != null || openNext()) {
          RowBuilders rows = new RowBuilders(columns, scratch);
          if (reader.read(rows, Batch.MAX_ROWS) > 0) {
            return rows.build();
          }
          endSource();
        }
        return null;
      } catch (IOException e) {
        throw new VarveException(
            ErrorCode.IO_ERROR, "cannot read rows of " + current() + ": " + e.getMessage(), e);
      } catch (VarveException e) {
        throw current().isEmpty()
            ? e
            : new VarveException(e.code(), current() + ": " + e.getMessage(), e);
      }
    }

    private String current() {
      return sources.get(Math.max(0, next - 1)).name();
    }

    private boolean openNext() throws IOException {
      if (next == sources.size()) {
        return false;
      }
      stream = sources.get(next++).open();
      reader = RowsFormats.reader(format, stream, columns, settings);
      return true;
    }

    private void endSource() throws IOException {
      if (reader != null) {
        reader.close();
        reader = null;
      }
      if (stream != null) {
        stream.close();
        stream = null;
      }
    }

    @Override
    public void close() {
      if (closed) {
        return;
      }
      closed = true;
      scratch.close();
      try {
        endSource();
      } catch (IOException e) {
        throw new VarveException(
            ErrorCode.IO_ERROR, "cannot close " + current() + ": " + e.getMessage(), e);
      }
    }
  }
}
