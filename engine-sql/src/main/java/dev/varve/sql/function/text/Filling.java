// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataTypes;
import java.util.Arrays;
import java.util.List;

/// Texts made longer: repeated, or filled up to a length, in bytes or in characters.
///
/// A length is asked for by a number, so a slip of the pen could ask for more memory than there is:
/// above [#MOST] bytes it is an error, never a shorter text.
final class Filling {
  /// Bytes, or characters, that one text may be made to have.
  private static final int MOST = 1 << 28;

  private Filling() {}

  static List<ScalarFunction> functions() {
    return List.of(
        Declared.rows(
                "repeat(text String, n Int)",
                "The text n times.",
                DataTypes.STRING,
                (v, row, to) -> {
                  byte[] text = v.get(0).getBytes(row);
                  int times = length("repeat", v.get(1).getLong(row), text.length);
                  byte[] out = new byte[text.length * times];
                  for (int at = 0; at < out.length; at += text.length) {
                    System.arraycopy(text, 0, out, at, text.length);
                  }
                  to.appendBytes(out);
                })
            .inAnyCase(),
        Declared.rows(
                "space(n Int)",
                "As many spaces.",
                DataTypes.STRING,
                (v, row, to) -> {
                  byte[] out = new byte[length("space", v.getFirst().getLong(row), 1)];
                  Arrays.fill(out, (byte) ' ');
                  to.appendBytes(out);
                })
            .inAnyCase(),
        inBytes("leftPad", true).alias("lpad").inAnyCase(),
        inBytes("rightPad", false).alias("rpad").inAnyCase(),
        inCharacters("leftPadUTF8", true),
        inCharacters("rightPadUTF8", false));
  }

  private static ScalarFunction inBytes(String name, boolean left) {
    return Declared.rows(
        name + "(text String, length Int[, filler String])",
        doc(left),
        DataTypes.STRING,
        (v, row, to) -> {
          byte[] text = v.get(0).getBytes(row);
          byte[] given = v.size() < 3 ? new byte[0] : v.get(2).getBytes(row);
          byte[] filler = given.length == 0 ? new byte[] {' '} : given;
          byte[] out = Arrays.copyOf(text, length(name, v.get(1).getLong(row), 1));
          int fill = out.length - text.length;
          if (left && fill > 0) {
            System.arraycopy(text, 0, out, fill, text.length);
          }
          for (int i = 0; i < fill; i++) {
            out[left ? i : text.length + i] = filler[i % filler.length];
          }
          to.appendBytes(out);
        });
  }

  private static ScalarFunction inCharacters(String name, boolean left) {
    return Declared.rows(
        name + "(text String, length Int[, filler String])",
        doc(left),
        DataTypes.STRING,
        (v, row, to) -> {
          int[] text = RowBinding.text(v.get(0), row).codePoints().toArray();
          String given = v.size() < 3 ? " " : RowBinding.text(v.get(2), row);
          int[] filler = (given.isEmpty() ? " " : given).codePoints().toArray();
          int length = length(name, v.get(1).getLong(row), 1);
          StringBuilder fill = new StringBuilder();
          for (int i = 0; i < length - text.length; i++) {
            fill.appendCodePoint(filler[i % filler.length]);
          }
          String kept = new String(text, 0, Math.min(length, text.length));
          RowBinding.append(left ? fill + kept : kept + fill, to);
        });
  }

  private static String doc(boolean left) {
    return "The text filled "
        + (left ? "from the left" : "to the right")
        + " or cut to the length.";
  }

  /// So many pieces of a size, none where the number is negative.
  private static int length(String name, long number, int size) {
    long count = Math.max(number, 0);
    if (size > 0 && count > MOST / size) {
      throw new VarveException(
          ErrorCode.TOO_LARGE_STRING_SIZE,
          name
              + " would make a text of "
              + count
              + " times "
              + size
              + " bytes; at most "
              + MOST
              + " bytes are allowed");
    }
    return size == 0 ? 0 : (int) count;
  }
}
