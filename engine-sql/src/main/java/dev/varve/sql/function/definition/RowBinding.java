// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.definition;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Bindings for functions that work row by row: those nobody runs over every row of a large table,
/// where plain code counts for more than speed.
public final class RowBinding {
  private RowBinding() {}

  /// Appends the result of a row; lists and tuples among the arguments are flat.
  @FunctionalInterface
  public interface Row {
    void append(List<Vector> arguments, int row, VectorBuilder to);
  }

  /// A function of which a NULL argument makes NULL: rows with one are not asked for.
  public static ScalarFunction.Binding of(DataType type, Row function) {
    return new ScalarFunction.Binding(
        type,
        (v, rows, scratch) -> {
          List<Vector> arguments = flat(v, scratch);
          VectorBuilder builder = new VectorBuilder(type, scratch);
          for (int i = 0; i < rows; i++) {
            if (hasNull(arguments, i)) {
              builder.appendDefault();
            } else {
              function.append(arguments, i, builder);
            }
          }
          return builder.build();
        });
  }

  /// A function that sees every row, NULLs too.
  public static ScalarFunction.Binding ofAll(DataType type, Row function) {
    return new ScalarFunction.Binding(
        type,
        (v, rows, scratch) -> {
          List<Vector> arguments = flat(v, scratch);
          VectorBuilder builder = new VectorBuilder(type, scratch);
          for (int i = 0; i < rows; i++) {
            function.append(arguments, i, builder);
          }
          return builder.build();
        });
  }

  private static List<Vector> flat(List<Vector> vectors, dev.varve.storage.vector.Scratch scratch) {
    List<Vector> flat = new ArrayList<>(vectors.size());
    for (Vector vector : vectors) {
      boolean nested = vector.physical() == Physical.LIST || vector.physical() == Physical.STRUCT;
      flat.add(nested ? VectorOps.flatten(vector, scratch) : vector);
    }
    return flat;
  }

  private static boolean hasNull(List<Vector> arguments, int row) {
    for (Vector argument : arguments) {
      if (argument.isNull(row)) {
        return true;
      }
    }
    return false;
  }

  public static String text(Vector vector, int row) {
    return new String(vector.getBytes(row), StandardCharsets.UTF_8);
  }

  /// The bytes of a text as characters of one byte each, for functions that count bytes.
  public static String bytes(Vector vector, int row) {
    return new String(vector.getBytes(row), StandardCharsets.ISO_8859_1);
  }

  /// Appends what [#bytes] gave.
  public static void appendBytes(String bytes, VectorBuilder to) {
    to.appendBytes(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// The elements of an array of texts.
  public static List<String> texts(Vector array, int row) {
    List<String> texts = new ArrayList<>();
    for (int e = array.listFrom(row); e < array.listTo(row); e++) {
      texts.add(text(array.elements(), e));
    }
    return texts;
  }

  public static void append(String text, VectorBuilder to) {
    to.appendBytes(text.getBytes(StandardCharsets.UTF_8));
  }
}
