// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Vector;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/// Figures as Prometheus scrapes them. A row is a sample: `name` and `value`, and where they are
/// there `help`, `type`, `labels` and `timestamp`. Samples of one name stand next to each other.
final class PrometheusWriter implements RowsWriter {
  private static final int FLUSH_BYTES = 1 << 16;

  private final OutputStream out;
  private final ByteSink sink = new ByteSink();
  private final ByteSink scratch = new ByteSink();
  private final TextOutput plain;
  private final int name;
  private final int value;
  private final int help;
  private final int type;
  private final int labels;
  private final int timestamp;
  private String family = "";

  PrometheusWriter(
      OutputStream out, List<String> names, List<DataType> types, FormatSettings settings) {
    this.out = out;
    this.plain = new TextOutput(TextOutput.Style.PLAIN, scratch, settings);
    this.name = names.indexOf("name");
    this.value = names.indexOf("value");
    this.help = names.indexOf("help");
    this.type = names.indexOf("type");
    this.labels = names.indexOf("labels");
    this.timestamp = names.indexOf("timestamp");
    boolean mapped = labels < 0 || types.get(labels).unwrapped() instanceof DataType.MapOf;
    if (name < 0 || value < 0 || !mapped) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "FORMAT Prometheus takes the columns name and value, and perhaps help, type, timestamp"
              + " and labels, which is a Map(String, String)");
    }
  }

  @Override
  public String contentType() {
    return "text/plain; version=0.0.4; charset=UTF-8";
  }

  @Override
  public void begin() {}

  @Override
  public void write(Batch batch) throws IOException {
    for (int row = 0; row < batch.rows(); row++) {
      String sample = text(batch.column(name), row);
      if (!sample.equals(family)) {
        sink.put(family.isEmpty() ? "" : "\n");
        family = sample;
        about("# HELP ", help, batch, row);
        about("# TYPE ", type, batch, row);
      }
      sink.put(sample);
      if (labels >= 0) {
        labels(batch.column(labels), row);
      }
      sink.put(' ').put(text(batch.column(value), row));
      if (timestamp >= 0 && !batch.column(timestamp).isNull(row)) {
        sink.put(' ').put(text(batch.column(timestamp), row));
      }
      sink.put('\n');
      if (sink.size() >= FLUSH_BYTES) {
        sink.drainTo(out);
      }
    }
  }

  private void about(String word, int column, Batch batch, int row) {
    String text =
        column < 0 || batch.column(column).isNull(row) ? "" : text(batch.column(column), row);
    if (!text.isEmpty()) {
      sink.put(word).put(family).put(" ").put(escaped(text, false)).put("\n");
    }
  }

  private void labels(Vector column, int row) {
    Vector base = column.base();
    int at = column.valueRow(row);
    if (column.isNull(row) || base.listFrom(at) == base.listTo(at)) {
      return;
    }
    List<Vector> pair = base.elements().children();
    for (int e = base.listFrom(at); e < base.listTo(at); e++) {
      sink.put(e == base.listFrom(at) ? '{' : ',');
      sink.put(text(pair.get(0), e)).put("=\"");
      sink.put(escaped(text(pair.get(1), e), true)).put('"');
    }
    sink.put('}');
  }

  private static String escaped(String text, boolean quoted) {
    String plain = text.replace("\\", "\\\\").replace("\n", "\\n");
    return quoted ? plain.replace("\"", "\\\"") : plain;
  }

  private String text(Vector column, int row) {
    scratch.clear();
    plain.write(column, row);
    String text = scratch.text();
    return switch (text) {
      case "nan" -> "NaN";
      case "inf" -> "+Inf";
      case "-inf" -> "-Inf";
      default -> text;
    };
  }

  @Override
  public void end(Statistics statistics) throws IOException {
    sink.put(family.isEmpty() ? "" : "\n");
    sink.drainTo(out);
    out.flush();
  }
}
