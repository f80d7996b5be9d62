// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.vector.VectorBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Fields of CustomSeparated under one of its rules: where they end, and what they spell. One
/// thread; the field that comes next begins where the input stands.
final class CustomFields {
  private final ByteInput input;
  private final List<ColumnDefinition> columns;
  private final List<TextValues> values;
  private final FormatSettings.Escaping rule;
  private final TabSeparatedLines escapes;
  private final JsonScanner scanner = new JsonScanner();
  private final JsonValues json;

  CustomFields(ByteInput input, List<ColumnDefinition> columns, FormatSettings.Escaping rule) {
    this.input = input;
    this.columns = columns;
    this.values = columns.stream().map(c -> TextValues.of(c.name(), c.type())).toList();
    this.rule = rule;
    this.escapes = new TabSeparatedLines(input);
    this.json = new JsonValues(scanner, columns);
  }

  /// How many bytes the next field has: up to what ends it, unless that stands inside quotes or
  /// brackets, or up to the end of the input.
  int end(byte[] terminator) throws IOException {
    int length = 0;
    int depth = 0;
    byte quote = 0;
    while (length < input.to - input.from || input.more()) {
      byte b = input.bytes[input.from + length];
      if (quote != 0) {
        if (b == '\\' && rule != FormatSettings.Escaping.CSV) {
          length++;
        } else if (b == quote) {
          quote = 0;
        }
      } else if (depth == 0 && isAt(length, terminator)) {
        return length;
      } else {
        switch (rule) {
          case ESCAPED -> length += b == '\\' ? 1 : 0;
          case RAW -> {}
          case CSV -> quote = b == '"' && length == 0 ? b : 0;
          case QUOTED, JSON -> {
            quote = b == (rule == FormatSettings.Escaping.JSON ? '"' : '\'') ? b : 0;
            depth +=
                b == '[' || b == '{' || b == '(' ? 1 : b == ']' || b == '}' || b == ')' ? -1 : 0;
          }
        }
      }
      length++;
    }
    return input.to - input.from;
  }

  private boolean isAt(int offset, byte[] wanted) throws IOException {
    while (input.to - input.from < offset + wanted.length) {
      if (!input.more()) {
        return false;
      }
    }
    for (int i = 0; i < wanted.length; i++) {
      if (input.bytes[input.from + offset + i] != wanted[i]) {
        return false;
      }
    }
    return wanted.length > 0;
  }

  /// Takes a field of this many bytes into a column.
  void value(int column, VectorBuilder to, int length) {
    int from = input.from;
    input.from += length;
    switch (rule) {
      case ESCAPED -> {
        if (isNull(from, length)) {
          values.get(column).appendNull(to);
        } else if (columns.get(column).type().physical().isNested()) {
          values.get(column).append(to, input.bytes, from, length);
        } else {
          int plain = escapes.unescape(from, from + length);
          values.get(column).append(to, escapes.field(), 0, plain);
        }
      }
      case RAW -> values.get(column).append(to, input.bytes, from, length);
      case CSV -> {
        if (isNull(from, length)) {
          values.get(column).appendNull(to);
        } else {
          byte[] text = unquoted(from, length);
          values.get(column).append(to, text, 0, text.length);
        }
      }
      case QUOTED -> literal(column, to, from, length);
      case JSON -> {
        scanner.open(input.bytes, from, from + length);
        json.read(column, to);
      }
    }
  }

  private void literal(int column, VectorBuilder to, int from, int length) {
    try {
      new ContainerText(input.bytes, from, from + length).appendWhole(to);
    } catch (BadValueException | ArithmeticException e) {
      ColumnDefinition of = columns.get(column);
      throw TextValues.failure(of.name(), of.type(), input.bytes, from, from + length, e);
    }
  }

  private boolean isNull(int from, int length) {
    return length == 2 && input.bytes[from] == '\\' && input.bytes[from + 1] == 'N';
  }

  private byte[] unquoted(int from, int length) {
    String text = new String(input.bytes, from, length, StandardCharsets.ISO_8859_1);
    boolean quoted = length > 1 && text.startsWith("\"") && text.endsWith("\"");
    String plain = quoted ? text.substring(1, length - 1).replace("\"\"", "\"") : text;
    return plain.getBytes(StandardCharsets.ISO_8859_1);
  }

  /// Takes a field of a header: the name, without the quotes that the rule puts around it.
  String word(int length) {
    String word = new String(input.bytes, input.from, length, StandardCharsets.UTF_8);
    input.from += length;
    boolean quoted = length > 1 && (word.startsWith("'") || word.startsWith("\""));
    return quoted ? word.substring(1, word.length() - 1) : word;
  }
}
