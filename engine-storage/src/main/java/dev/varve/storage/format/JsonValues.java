// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.VectorBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Reads values of JSON into columns: numbers and words for scalars, strings that spell a value,
/// arrays and objects for containers. Made once for a list of columns; one thread.
final class JsonValues {
  /// NULL as the formats write it whose values are all strings.
  private static final byte[] NULL_TEXT = "ᴺᵁᴸᴸ".getBytes(StandardCharsets.UTF_8);

  private final JsonScanner scanner;
  private final List<ColumnDefinition> columns;
  private final ScalarText[] scalars;
  private final boolean strict;

  JsonValues(JsonScanner scanner, List<ColumnDefinition> columns) {
    this(scanner, columns, false);
  }

  /// @param strict whether text that is not UTF-8 is refused
  JsonValues(JsonScanner scanner, List<ColumnDefinition> columns, boolean strict) {
    this.strict = strict;
    this.scanner = scanner;
    this.columns = columns;
    this.scalars = new ScalarText[columns.size()];
    for (int i = 0; i < scalars.length; i++) {
      scalars[i] = ScalarText.of(columns.get(i).type());
    }
  }

  /// Appends the value that comes next to the builder of a column.
  ///
  /// @throws VarveException naming column, type and text; a container's children may have grown
  void read(int column, VectorBuilder to) {
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
      if (to.type().isNullable() && !isText(to.type()) && isNullText()) {
        to.appendNull();
      } else if (scalar != null) {
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

  private static boolean isText(DataType type) {
    return type.unwrapped() instanceof DataType.Text;
  }

  private boolean isNullText() {
    return Arrays.equals(
        scanner.value, scanner.valueFrom, scanner.valueEnd, NULL_TEXT, 0, NULL_TEXT.length);
  }

  private String name() {
    int length = scanner.valueEnd - scanner.valueFrom;
    return new String(scanner.value, scanner.valueFrom, length, StandardCharsets.UTF_8);
  }
}
