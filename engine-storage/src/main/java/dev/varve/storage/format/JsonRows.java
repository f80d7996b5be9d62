// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.VectorBuilder;
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
  private final ScalarText[] scalars;
  private final Map<String, Integer> byName = new HashMap<>();
  private final boolean skipUnknown;
  private final JsonScanner scanner = new JsonScanner();
  // The column that last came after this one (at 0: that came first). Rows of one producer name
  // their fields in one order, so the guess is nearly always right and no name is hashed.
  private final int[] follower;
  private final boolean strict;

  public JsonRows(List<ColumnDefinition> columns, boolean skipUnknown) {
    this(columns, skipUnknown, false);
  }

  /// @param strict whether text that is not UTF-8 is refused
  public JsonRows(List<ColumnDefinition> columns, boolean skipUnknown, boolean strict) {
    this.strict = strict;
    int count = columns.size();
    this.columns = List.copyOf(columns);
    this.skipUnknown = skipUnknown;
    this.names = new byte[count][];
    this.scalars = new ScalarText[count];
    this.follower = new int[count + 1];
    for (int i = 0; i < count; i++) {
      names[i] = columns.get(i).name().getBytes(StandardCharsets.UTF_8);
      scalars[i] = ScalarText.of(columns.get(i).type());
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
      } else if (b == '{') {
        depth++;
      } else if (b == '}' && --depth <= 0) {
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
      value(column, rows.builder(column));
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

  private void value(int column, VectorBuilder to) {
    scanner.peek();
    int from = scanner.position();
    try {
      value(to, scalars[column], true);
      if (strict) {
        Utf8.require(scanner.text(), from, scanner.position());
      }
    } catch (BadValueException | ArithmeticException e) {
      ColumnDefinition definition = columns.get(column);
      scanner.moveTo(from);
      scanner.any();
      throw TextValues.failure(
          definition.name(),
          definition.type(),
          scanner.text(),
          scanner.valueFrom,
          scanner.valueEnd,
          e);
    }
  }

  /// @param scalar the parser of the type, or null for a container
  /// @param outermost whether a null that does not fit is left out, so that the default comes in
  private void value(VectorBuilder to, ScalarText scalar, boolean outermost) {
    byte first = scanner.peek();
    if (first == '"') {
      scanner.string();
      if (scalar != null) {
        scalar.append(to, scanner.value, scanner.valueFrom, scanner.valueEnd);
      } else {
        byte[] copy = Arrays.copyOfRange(scanner.value, scanner.valueFrom, scanner.valueEnd);
        new ContainerText(copy, 0, copy.length).appendWhole(to);
      }
    } else if (first == '[' || first == '{') {
      container(to, first);
    } else {
      bare(to, scalar, outermost);
    }
  }

  private void bare(VectorBuilder to, ScalarText scalar, boolean outermost) {
    scanner.bare();
    if (scanner.isValue("null")) {
      if (to.type().isNullable()) {
        to.appendNull();
      } else if (!outermost) {
        throw new BadValueException("an element that cannot be NULL is null");
      }
      return;
    }
    byte first = scanner.value[scanner.valueFrom];
    boolean isTrue = first == 't' && scanner.isValue("true");
    boolean isFalse = first == 'f' && scanner.isValue("false");
    if (scalar == null || !isTrue && !isFalse && first != '-' && (first < '0' || first > '9')) {
      throw new BadValueException("");
    }
    if (isTrue || isFalse) {
      truth(to, isTrue, scalar);
    } else {
      scalar.append(to, scanner.value, scanner.valueFrom, scanner.valueEnd);
    }
  }

  /// `true` and `false` are 1 and 0 for numbers and words for strings.
  private void truth(VectorBuilder to, boolean isTrue, ScalarText scalar) {
    switch (to.type().unwrapped()) {
      case DataType.Int _ -> to.appendLong(isTrue ? 1 : 0);
      case DataType.Float _ -> to.appendDouble(isTrue ? 1 : 0);
      default -> scalar.append(to, scanner.value, scanner.valueFrom, scanner.valueEnd);
    }
  }

  private void container(VectorBuilder to, byte first) {
    switch (to.type().unwrapped()) {
      case DataType.Array _ when first == '[' -> array(to);
      case DataType.MapOf _ when first == '{' -> map(to);
      case DataType.Tuple tuple when first == '[' -> tupleByPosition(to, tuple);
      case DataType.Tuple tuple when !tuple.names().isEmpty() -> tupleByName(to, tuple);
      case DataType.Text _ -> {
        scanner.any();
        to.appendBytes(scanner.value, scanner.valueFrom, scanner.valueEnd - scanner.valueFrom);
      }
      default -> throw new BadValueException("");
    }
  }

  private void array(VectorBuilder to) {
    VectorBuilder element = to.child(0);
    ScalarText scalar = ScalarText.of(element.type());
    scanner.expect('[');
    if (!scanner.skip(']')) {
      do {
        value(element, scalar, false);
      } while (scanner.skip(','));
      scanner.expect(']');
    }
    to.endList();
  }

  private void map(VectorBuilder to) {
    VectorBuilder entry = to.child(0);
    ScalarText key = ScalarText.of(entry.child(0).type());
    ScalarText value = ScalarText.of(entry.child(1).type());
    scanner.expect('{');
    if (!scanner.skip('}')) {
      do {
        scanner.string();
        key.append(entry.child(0), scanner.value, scanner.valueFrom, scanner.valueEnd);
        scanner.expect(':');
        value(entry.child(1), value, false);
        entry.endStruct();
      } while (scanner.skip(','));
      scanner.expect('}');
    }
    to.endList();
  }

  private void tupleByPosition(VectorBuilder to, DataType.Tuple tuple) {
    scanner.expect('[');
    for (int i = 0; i < tuple.fields().size(); i++) {
      if (i > 0) {
        scanner.expect(',');
      }
      value(to.child(i), ScalarText.of(tuple.fields().get(i)), false);
    }
    scanner.expect(']');
    to.endStruct();
  }

  private void tupleByName(VectorBuilder to, DataType.Tuple tuple) {
    scanner.expect('{');
    int rows = to.rows();
    if (!scanner.skip('}')) {
      do {
        scanner.string();
        String name = name();
        int field = tuple.names().indexOf(name);
        if (field < 0 || to.child(field).rows() > rows) {
          throw new BadValueException("unknown or repeated field \"" + name + "\"");
        }
        scanner.expect(':');
        value(to.child(field), ScalarText.of(tuple.fields().get(field)), false);
      } while (scanner.skip(','));
      scanner.expect('}');
    }
    for (int i = 0; i < tuple.fields().size(); i++) {
      if (to.child(i).rows() == rows) {
        to.child(i).appendDefault();
      }
    }
    to.endStruct();
  }
}
