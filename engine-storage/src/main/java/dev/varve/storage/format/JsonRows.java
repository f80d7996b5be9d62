// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads rows of JSONEachRow: one object a row, fields in any order, straight into columns. Made
/// once for a list of columns; one thread.
///
/// A field that a row leaves out, or that is null where the column cannot hold NULL, takes the
/// column's default. A field that no column has is an error, unless unknown fields are skipped.
/// What stands between rows (blanks, commas, the brackets of an array around all rows) is passed
/// over.
public final class JsonRows {
  private final List<ColumnDefinition> columns;
  private final byte[][] names;
  private final Map<String, Integer> byName = new HashMap<>();
  private final boolean skipUnknown;
  private final JsonScanner scanner = new JsonScanner();
  private final JsonValues values;
  // The column that last came after this one (at 0: that came first). Rows of one producer name
  // their fields in one order, so the guess is nearly always right and no name is hashed.
  private final int[] follower;

  public JsonRows(List<ColumnDefinition> columns, boolean skipUnknown) {
    this(columns, skipUnknown, false);
  }

  /// @param strict whether text that is not UTF-8 is refused
  public JsonRows(List<ColumnDefinition> columns, boolean skipUnknown, boolean strict) {
    int count = columns.size();
    this.columns = List.copyOf(columns);
    this.skipUnknown = skipUnknown;
    this.values = new JsonValues(scanner, columns, strict);
    this.names = new byte[count][];
    this.follower = new int[count + 1];
    for (int i = 0; i < count; i++) {
      names[i] = columns.get(i).name().getBytes(StandardCharsets.UTF_8);
      byName.put(columns.get(i).name(), i);
      follower[i] = i;
    }
  }

  /// Appends the next row of `text[from, to)`. Returns the position behind it, or -1 where no row
  /// is left.
  ///
  /// @throws VarveException what is wrong with the row, which was dropped from `rows`
  public int read(RowBuilders rows, byte[] text, int from, int to) {
    scanner.open(text, from, to);
    if (!scanner.nextRow()) {
      return -1;
    }
    try {
      object(rows);
    } catch (VarveException e) {
      rows.truncate(rows.rows());
      throw e;
    }
    rows.endRow();
    return scanner.position();
  }

  /// The position behind the first whole row of `text[from, to)`, or -1 where it is not all there
  /// yet: for callers that get their bytes piece by piece.
  public static int end(byte[] text, int from, int to) {
    return end(text, from, to, '{', '}');
  }

  /// The same for rows that stand in other brackets.
  static int end(byte[] text, int from, int to, char open, char close) {
    int depth = 0;
    boolean quoted = false;
    for (int i = from; i < to; i++) {
      byte b = text[i];
      if (quoted) {
        if (b == '\\') {
          i++;
        } else if (b == '"') {
          quoted = false;
        }
      } else if (b == '"') {
        quoted = true;
      } else if (b == open) {
        depth++;
      } else if (b == close && --depth <= 0) {
        return i + 1;
      }
    }
    return -1;
  }

  private void object(RowBuilders rows) {
    scanner.expect('{');
    if (scanner.skip('}')) {
      return;
    }
    int previous = 0;
    do {
      scanner.string();
      int column = column(previous);
      scanner.expect(':');
      if (column < 0) {
        scanner.any();
        continue;
      }
      previous = column + 1;
      if (rows.isGiven(column)) {
        throw new VarveException(
            ErrorCode.INCORRECT_DATA, "field \"" + columns.get(column).name() + "\" stands twice");
      }
      values.read(column, rows.builder(column));
    } while (scanner.skip(','));
    scanner.expect('}');
  }

  private int column(int previous) {
    int guess = follower[previous];
    if (guess < names.length && isName(guess)) {
      return guess;
    }
    String name = name();
    Integer column = byName.get(name);
    if (column != null) {
      follower[previous] = column;
      return column;
    }
    if (skipUnknown) {
      return -1;
    }
    throw new VarveException(
        ErrorCode.INCORRECT_DATA,
        "unknown field \"" + name + "\"" + NearNames.suggest(name, byName.keySet()));
  }

  private String name() {
    int length = scanner.valueEnd - scanner.valueFrom;
    return new String(scanner.value, scanner.valueFrom, length, StandardCharsets.UTF_8);
  }

  private boolean isName(int column) {
    byte[] name = names[column];
    return Arrays.equals(name, 0, name.length, scanner.value, scanner.valueFrom, scanner.valueEnd);
  }
}
