// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Vector;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/// One XML document: an element for each row, in it one for each column. A column whose name is no
/// name of an element gets `field`.
final class XmlWriter implements RowsWriter {
  private static final int FLUSH_BYTES = 1 << 16;

  private final OutputStream out;
  private final ByteSink sink = new ByteSink();
  private final ByteSink plain = new ByteSink();
  private final TextOutput text;
  private final List<String> names;
  private final List<DataType> types;
  private final List<String> tags = new ArrayList<>();
  private final FormatSettings settings;
  private long rows;
  private boolean totalled;

  XmlWriter(OutputStream out, List<String> names, List<DataType> types, FormatSettings settings) {
    this.out = out;
    this.text = new TextOutput(TextOutput.Style.PLAIN, plain, settings);
    this.names = names;
    this.types = types;
    this.settings = settings;
    for (String name : names) {
      tags.add(name.matches("[A-Za-z_][A-Za-z0-9_.-]*") ? name : "field");
    }
  }

  @Override
  public String contentType() {
    return "application/xml; charset=UTF-8";
  }

  @Override
  public void begin() {
    sink.put("<?xml version='1.0' encoding='UTF-8' ?>\n<result>\n\t<meta>\n\t\t<columns>\n");
    for (int i = 0; i < names.size(); i++) {
      sink.put("\t\t\t<column>\n\t\t\t\t<name>");
      escaped(names.get(i));
      sink.put("</name>\n\t\t\t\t<type>");
      escaped(types.get(i).name());
      sink.put("</type>\n\t\t\t</column>\n");
    }
    sink.put("\t\t</columns>\n\t</meta>\n\t<data>\n");
  }

  private void escaped(String value) {
    plain.clear();
    plain.put(value);
    escapedPlain();
  }

  private void escapedPlain() {
    for (int i = 0; i < plain.size(); i++) {
      byte b = plain.array()[i];
      switch (b) {
        case '<' -> sink.put("&lt;");
        case '&' -> sink.put("&amp;");
        default -> {
          // XML has no way to write other control characters.
          if (b >= 0 && b < ' ' && b != '\t' && b != '\n' && b != '\r') {
            sink.put("\uFFFD");
          } else {
            sink.put(b);
          }
        }
      }
    }
  }

  @Override
  public void write(Batch batch) throws IOException {
    for (int row = 0; row < batch.rows(); row++) {
      sink.put("\t\t<row>\n");
      fields("\t\t\t", batch, row);
      sink.put("\t\t</row>\n");
      if (sink.size() >= FLUSH_BYTES) {
        sink.drainTo(out);
      }
    }
    rows += batch.rows();
  }

  private void fields(String indent, Batch batch, int row) {
    for (int c = 0; c < tags.size(); c++) {
      sink.put(indent).put("<").put(tags.get(c)).put(">");
      value(batch.column(c), row);
      sink.put("</").put(tags.get(c)).put(">\n");
    }
  }

  @Override
  public void totals(Batch totals) {
    sink.put("\t</data>\n\t<totals>\n");
    fields("\t\t", totals, 0);
    sink.put("\t</totals>\n");
    totalled = true;
  }

  private void value(Vector vector, int row) {
    DataType type = vector.type().unwrapped();
    if (vector.isNull(row)
        || !(type instanceof DataType.Array
            || type instanceof DataType.MapOf
            || type instanceof DataType.Tuple)) {
      plain.clear();
      text.write(vector, row);
      escapedPlain();
      return;
    }
    Vector base = vector.base();
    int at = vector.valueRow(row);
    if (type instanceof DataType.Tuple) {
      sink.put("<tuple>");
      base.children().forEach(field -> element("elem", field, at));
      sink.put("</tuple>");
      return;
    }
    boolean isMap = type instanceof DataType.MapOf;
    sink.put(isMap ? "<map>" : "<array>");
    for (int e = base.listFrom(at); e < base.listTo(at); e++) {
      if (isMap) {
        sink.put("<elem>");
        element("key", base.elements().children().get(0), e);
        element("value", base.elements().children().get(1), e);
        sink.put("</elem>");
      } else {
        element("elem", base.elements(), e);
      }
    }
    sink.put(isMap ? "</map>" : "</array>");
  }

  private void element(String tag, Vector vector, int row) {
    sink.put("<").put(tag).put(">");
    value(vector, row);
    sink.put("</").put(tag).put(">");
  }

  @Override
  public void end(Statistics statistics) throws IOException {
    sink.put(totalled ? "" : "\t</data>\n").put("\t<rows>").putNumber(rows).put("</rows>\n");
    if (settings.statistics()) {
      sink.put("\t<statistics>\n\t\t<elapsed>")
          .put(NumberText.of(statistics.elapsedSeconds()))
          .put("</elapsed>\n\t\t<rows_read>")
          .putNumber(statistics.rowsRead())
          .put("</rows_read>\n\t\t<bytes_read>")
          .putNumber(statistics.bytesRead())
          .put("</bytes_read>\n\t</statistics>\n");
    }
    sink.put("</result>\n").drainTo(out);
    out.flush();
  }
}
