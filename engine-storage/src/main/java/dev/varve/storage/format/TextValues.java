// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.VectorBuilder;
import java.nio.charset.StandardCharsets;

/// The text form of a column's values, as CSV, TSV and literals write it: `1.5`, `2024-02-29`,
/// `[1,2]`, `('a',1)`, `{'k':1}`. Made once for a column. Safe for threads.
///
/// The caller has taken away what its format puts around a value (quotes, escapes) and knows how
/// the format writes NULL. Inside a container strings stand in single quotes and NULL is `NULL`.
public final class TextValues {
  private static final int SHOWN_BYTES = 60;

  private final String column;
  private final DataType type;
  private final ScalarText scalar;

  private final boolean strict;

  private TextValues(String column, DataType type, boolean strict) {
    this.column = column;
    this.type = type;
    this.strict = strict;
    this.scalar = ScalarText.of(type);
  }

  /// @param column its name, for errors
  public static TextValues of(String column, DataType type) {
    return of(column, type, false);
  }

  /// @param strict whether the text must be UTF-8
  static TextValues of(String column, DataType type, boolean strict) {
    return new TextValues(column, type, strict);
  }

  /// Appends the value that these bytes spell.
  ///
  /// @throws VarveException CANNOT_PARSE_INPUT naming column, type and text. Nothing was appended,
  ///   but for a container, whose children the caller undoes with [VectorBuilder#truncate]
  public void append(VectorBuilder to, byte[] text, int from, int length) {
    try {
      if (strict) {
        Utf8.require(text, from, from + length);
      }
      if (scalar != null) {
        scalar.append(to, text, from, from + length);
      } else {
        new ContainerText(text, from, from + length).appendWhole(to);
      }
    } catch (BadValueException | ArithmeticException e) {
      throw failure(column, type, text, from, from + length, e);
    }
  }

  /// Appends a NULL; nothing where the column takes none, so that the row gets its default there.
  public void appendNull(VectorBuilder to) {
    if (type.isNullable()) {
      to.appendNull();
    }
  }

  /// Appends one value of `to`'s type, for callers without a column.
  public static void append(String what, VectorBuilder to, byte[] text) {
    of(what, to.type()).append(to, text, 0, text.length);
  }

  static VarveException failure(
      String column, DataType type, byte[] text, int from, int end, RuntimeException cause) {
    String reason = cause instanceof BadValueException ? cause.getMessage() : "it is out of range";
    return new VarveException(
        ErrorCode.CANNOT_PARSE_INPUT,
        "column \""
            + column
            + "\": expected "
            + type.name()
            + ", found "
            + shown(text, from, end)
            + (reason.isEmpty() ? "" : " (" + reason + ")"));
  }

  /// The text in double quotes, cut where it is long.
  static String shown(byte[] text, int from, int end) {
    int length = Math.min(end - from, SHOWN_BYTES);
    String start = new String(text, from, length, StandardCharsets.UTF_8);
    return "\"" + start + (length < end - from ? "…\"" : "\"");
  }
}
