// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.file.FieldReader;
import dev.varve.storage.file.FieldWriter;
import dev.varve.storage.file.FileErrors;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.UnknownTypeException;
import java.nio.file.Path;
import java.util.List;

/// A stored column as files tell it: name, type, kind, expression, codec, comment.
final class ColumnFields {
  /// The numbers of kinds are the format, so they stand here and not in the enumeration. Columns
  /// that are never stored have none, but for ALIAS, which version 1 counted.
  private static final List<ColumnDefinition.Kind> KINDS =
      List.of(
          ColumnDefinition.Kind.DEFAULT,
          ColumnDefinition.Kind.MATERIALIZED,
          ColumnDefinition.Kind.ALIAS);

  private ColumnFields() {}

  static void write(ColumnDefinition column, FieldWriter out) {
    out.putText(column.name());
    out.putText(column.type().name());
    out.putByte(KINDS.indexOf(column.kind()));
    out.putText(column.expression());
    out.putText(column.codec());
    out.putText(column.comment());
  }

  /// @param path named in errors
  static ColumnDefinition read(Path path, FieldReader in) {
    String name = in.getText();
    DataType type = type(path, name, in.getText());
    return new ColumnDefinition(
        name, type, kind(path, in.getByte()), in.getText(), in.getText(), in.getText());
  }

  private static ColumnDefinition.Kind kind(Path path, int number) {
    if (number >= KINDS.size()) {
      throw FileErrors.corrupt(
          path, PartMetaLayout.HEADER_BYTES, "a kind of column from 0 to 2", "" + number);
    }
    return KINDS.get(number);
  }

  private static DataType type(Path path, String column, String name) {
    try {
      return DataTypes.parse(name);
    } catch (UnknownTypeException e) {
      throw new VarveException(
          ErrorCode.UNSUPPORTED_FORMAT_VERSION,
          path
              + " stores column \""
              + column
              + "\" as "
              + name
              + ", which this program does not know: "
              + e.getMessage()
              + "; open it with the release that wrote it or a later one",
          e);
    }
  }
}
