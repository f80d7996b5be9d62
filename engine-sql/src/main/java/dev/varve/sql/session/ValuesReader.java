// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.sql.parse.ParameterValues;
import dev.varve.sql.parse.StringLiteral;
import dev.varve.sql.plan.DefinitionCompiler;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.RowBuilders;
import dev.varve.storage.format.RowsReader;
import dev.varve.storage.format.TextValues;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// Reads `(1, 'a', NULL), (2, 'b', now())`: literals straight from the bytes, anything else as an
/// expression of SQL without columns, in which a `?` takes the next of the given values. One
/// thread.
final class ValuesReader implements RowsReader {
  private final byte[] text;
  private final List<ColumnDefinition> columns;
  private final TextValues[] values;
  private final DefinitionCompiler compiler;
  private final Map<String, String> named;
  private List<Object> positional;
  private final Scratch scratch;
  private int at;
  private long row;

  /// @param open values for the places that the rows leave open
  /// @param scratch memory for the values of expressions
  ValuesReader(
      byte[] text,
      List<ColumnDefinition> columns,
      DefinitionCompiler compiler,
      ParameterValues open,
      Scratch scratch) {
    this.positional = open.positional().orElseThrow();
    this.named = open.named().orElseThrow();
    this.text = text;
    this.columns = columns;
    this.compiler = compiler;
    this.scratch = scratch;
    this.values = new TextValues[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = TextValues.of(columns.get(i).name(), columns.get(i).type());
    }
  }

  @Override
  public int read(RowBuilders rows, int maxRows) {
    int count = 0;
    while (count < maxRows && nextRow()) {
      row++;
      try {
        readRow(rows);
      } catch (VarveException e) {
        throw new VarveException(e.code(), "row " + row + ": " + e.getMessage(), e);
      }
      count++;
    }
    return count;
  }

  /// Goes to the next row's opening parenthesis; false at the end.
  private boolean nextRow() {
    skipBlank();
    if (row > 0 && at < text.length && text[at] == ',') {
      at++;
      skipBlank();
    }
    if (at == text.length || text[at] == ';') {
      int rest = at + 1;
      while (rest < text.length && text[rest] <= ' ') {
        rest++;
      }
      if (rest < text.length) {
        throw syntax("a second statement after the rows; send one at a time");
      }
      return false;
    }
    if (text[at] != '(') {
      throw syntax("expected \"(\" before row " + (row + 1) + ", found \"" + shown() + "\"");
    }
    at++;
    return true;
  }

  private void readRow(RowBuilders rows) {
    for (int c = 0; c < values.length; c++) {
      skipBlank();
      readValue(rows.builder(c), c);
      skipBlank();
      byte end = at < text.length ? text[at] : 0;
      if (end == ')' && c + 1 < values.length) {
        throw columnCount("only " + (c + 1));
      }
      if (end == ',' && c + 1 == values.length) {
        throw columnCount("more than that");
      }
      if (end != ',' && end != ')') {
        throw syntax("expected \",\" or \")\", found \"" + shown() + "\"");
      }
      at++;
    }
    rows.endRow();
  }

  private VarveException columnCount(String found) {
    return new VarveException(
        ErrorCode.NUMBER_OF_COLUMNS_DOESNT_MATCH,
        "expected " + values.length + " values, found " + found);
  }

  private void readValue(VectorBuilder to, int column) {
    int start = at;
    int end = literalEnd(start);
    if (end < 0 || !endsValue(end)) {
      readExpression(to, column, start);
      return;
    }
    byte first = text[start];
    if (first == '\'') {
      readString(to, column, start + 1, end - 1);
    } else if (isWord(start, end, "NULL")) {
      values[column].appendNull(to);
    } else {
      int rows = to.rows();
      try {
        values[column].append(to, text, start, end - start);
      } catch (VarveException e) {
        // What is no literal of the type may still be an expression that can be cast to it.
        to.truncate(rows);
        readExpressionOr(e, to, column, start);
        return;
      }
    }
    at = end;
  }

  /// The end of the literal that begins here, or -1 where none does.
  private int literalEnd(int from) {
    byte first = from < text.length ? text[from] : 0;
    if (first == '\'') {
      return closing(from) + 1;
    }
    if (first == '[' || first == '(' || first == '{') {
      return closing(from) + 1;
    }
    int end = from;
    while (end < text.length && isLiteralByte(text[end])) {
      end++;
    }
    boolean word = end > from && (Character.isDigit(first) || first == '-' || first == '.');
    return word
            || isWord(from, end, "NULL")
            || isWord(from, end, "true")
            || isWord(from, end, "false")
        ? end
        : -1;
  }

  private static boolean isLiteralByte(byte b) {
    return b >= '0' && b <= '9'
        || b >= 'a' && b <= 'z'
        || b >= 'A' && b <= 'Z'
        || b == '.'
        || b == '-'
        || b == '+'
        || b == '_';
  }

  private boolean isWord(int from, int end, String word) {
    if (end - from != word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if ((text[from + i] | 32) != (word.charAt(i) | 32)) {
        return false;
      }
    }
    return true;
  }

  /// Whether a comma or the end of the row comes next.
  private boolean endsValue(int end) {
    int i = end;
    while (i < text.length && text[i] <= ' ') {
      i++;
    }
    return i < text.length && (text[i] == ',' || text[i] == ')');
  }

  private void readString(VectorBuilder to, int column, int from, int end) {
    for (int i = from; i < end; i++) {
      if (text[i] == '\\' || text[i] == '\'') {
        String quoted = new String(text, from - 1, end - from + 2, StandardCharsets.UTF_8);
        byte[] plain = StringLiteral.value(quoted).getBytes(StandardCharsets.UTF_8);
        values[column].append(to, plain, 0, plain.length);
        return;
      }
    }
    values[column].append(to, text, from, end - from);
  }

  private void readExpressionOr(VarveException literal, VectorBuilder to, int column, int start) {
    try {
      readExpression(to, column, start);
    } catch (VarveException e) {
      literal.addSuppressed(e);
      throw literal;
    }
  }

  private void readExpression(VectorBuilder to, int column, int start) {
    int end = start;
    while (end < text.length && text[end] != ',' && text[end] != ')') {
      end = isOpening(text[end]) ? closing(end) + 1 : end + 1;
    }
    String expression = new String(text, start, end - start, StandardCharsets.UTF_8).strip();
    at = end;
    if (expression.equalsIgnoreCase("DEFAULT")) {
      return;
    }
    String cast = converted("(" + expression + ")", columns.get(column).type());
    DefinitionCompiler.Constant constant =
        compiler.constant(cast, ParameterValues.of(positional, named));
    positional = positional.subList(constant.parameters(), positional.size());
    Vector value = constant.expression().evaluate(new Batch(1, List.of()), scratch);
    if (value.isNull(0)) {
      values[column].appendNull(to);
    } else {
      to.append(value, 0);
    }
  }

  /// The expression as the column's type. Integers wrap as those of a query do: -2 is the greatest
  /// UInt32 but one.
  private static String converted(String expression, DataType type) {
    if (type instanceof DataType.Int) {
      return "to" + type.name() + expression;
    }
    if (type instanceof DataType.Array(DataType.Int element)) {
      return "arrayMap(x -> to" + element.name() + "(x), " + expression + ")";
    }
    return "CAST(" + expression + " AS " + type.name() + ")";
  }

  private static boolean isOpening(byte b) {
    return b == '\'' || b == '"' || b == '`' || b == '(' || b == '[' || b == '{';
  }

  /// Index of what closes the quote or bracket at `open`.
  private int closing(int open) {
    byte opened = text[open];
    boolean quote = opened == '\'' || opened == '"' || opened == '`';
    for (int i = open + 1; i < text.length; i++) {
      byte b = text[i];
      if (quote) {
        if (b == '\\') {
          i++;
        } else if (b == opened) {
          if (i + 1 < text.length && text[i + 1] == opened) {
            i++;
          } else {
            return i;
          }
        }
      } else if (isOpening(b)) {
        i = closing(i);
      } else if (b == ')' || b == ']' || b == '}') {
        return i;
      }
    }
    throw syntax("what opens with \"" + (char) opened + "\" is never closed");
  }

  private void skipBlank() {
    while (at < text.length) {
      if (text[at] <= ' ') {
        at++;
      } else if (text[at] == '-' && at + 1 < text.length && text[at + 1] == '-') {
        while (at < text.length && text[at] != '\n') {
          at++;
        }
      } else {
        return;
      }
    }
  }

  private String shown() {
    int length = Math.min(20, text.length - at);
    return length <= 0 ? "the end" : new String(text, at, length, StandardCharsets.UTF_8);
  }

  private static VarveException syntax(String message) {
    return new VarveException(ErrorCode.SYNTAX_ERROR, message);
  }
}
