// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Rows as a template says, in which `${column:Rule}` stands for a value, and all of them in one in
/// which `${data}` does.
final class TemplateWriter implements RowsWriter {
  private static final int FLUSH_BYTES = 1 << 16;
  private static final Pattern PLACE = Pattern.compile("\\$\\{([^}:]*)(?::([A-Za-z]+))?}|\\$\\$");
  private static final String DATA = "${data}";

  /// A text, and the column behind it, or -1 for none.
  private record Piece(String text, int column, TextOutput output) {}

  private final OutputStream out;
  private final ByteSink sink = new ByteSink();
  private final List<Piece> pieces = new ArrayList<>();
  private final String betweenRows;
  private final String before;
  private final String behind;
  private boolean laterRow;

  TemplateWriter(
      OutputStream out, List<String> names, List<DataType> types, FormatSettings settings) {
    FormatSettings.Template template = settings.template();
    this.out = out;
    this.betweenRows = template.betweenRows();
    int data = template.result().indexOf(DATA);
    if (data < 0) {
      throw bad("setting format_template_resultset_format has no ${data}");
    }
    this.before = template.result().substring(0, data);
    this.behind = template.result().substring(data + DATA.length());
    Matcher place = PLACE.matcher(template.row());
    StringBuilder text = new StringBuilder();
    int from = 0;
    for (; place.find(); from = place.end()) {
      text.append(template.row(), from, place.start());
      if (place.group(1) == null) {
        text.append('$');
        continue;
      }
      TextOutput output = new TextOutput(style(place.group(2)), sink, settings);
      pieces.add(new Piece(text.toString(), column(place.group(1), names), output));
      text.setLength(0);
    }
    pieces.add(new Piece(text + template.row().substring(from), -1, null));
  }

  private static int column(String name, List<String> names) {
    if (!names.contains(name)) {
      throw bad("the template names the column \"" + name + "\"" + NearNames.suggest(name, names));
    }
    return names.indexOf(name);
  }

  private static TextOutput.Style style(String rule) {
    return switch (rule == null ? "escaped" : rule.toLowerCase(Locale.ROOT)) {
      case "escaped" -> TextOutput.Style.ESCAPED;
      case "quoted" -> TextOutput.Style.QUOTED;
      case "csv" -> TextOutput.Style.CSV;
      case "json" -> TextOutput.Style.JSON;
      case "raw", "none" -> TextOutput.Style.PLAIN;
      default ->
          throw bad("rule " + rule + " of the template is not Escaped, Quoted, CSV, JSON or Raw");
    };
  }

  private static VarveException bad(String message) {
    return new VarveException(ErrorCode.BAD_ARGUMENTS, message);
  }

  @Override
  public String contentType() {
    return "text/plain; charset=UTF-8";
  }

  @Override
  public void begin() {
    sink.put(before);
  }

  @Override
  public void write(Batch batch) throws IOException {
    for (int row = 0; row < batch.rows(); row++) {
      sink.put(laterRow ? betweenRows : "");
      laterRow = true;
      for (Piece piece : pieces) {
        sink.put(piece.text());
        if (piece.column() >= 0) {
          piece.output().write(batch.column(piece.column()), row);
        }
      }
      if (sink.size() >= FLUSH_BYTES) {
        sink.drainTo(out);
      }
    }
  }

  @Override
  public void end(Statistics statistics) throws IOException {
    sink.put(behind).drainTo(out);
    out.flush();
  }
}
