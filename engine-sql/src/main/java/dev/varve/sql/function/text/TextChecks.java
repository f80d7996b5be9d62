// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import com.google.re2j.Pattern;
import dev.varve.sql.expression.PredicateKernel;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Questions about texts: several pieces or patterns at once, well-formed UTF-8.
public final class TextChecks {
  private TextChecks() {}

  public static List<ScalarFunction> functions() {
    return List.of(
        ScalarFunction.of(
            "isValidUTF8",
            "isValidUTF8(text)",
            "Whether the bytes are well-formed UTF-8.",
            args -> {
              Arguments.count("isValidUTF8", args, 1, 1);
              Arguments.requireText("isValidUTF8", args, 0);
              return predicate((text, _) -> isUtf8(text));
            }),
        ScalarFunction.of(
            "multiSearchAny",
            "multiSearchAny(text, pieces)",
            "Whether any piece of the array is in the text.",
            args -> {
              requireTexts("multiSearchAny", args);
              return predicate((text, pieces) -> {
                for (byte[] piece : pieces) {
                  if (Search.indexOf(text, 0, text.byteSize(), piece) >= 0) {
                    return true;
                  }
                }
                return false;
              });
            }),
        ScalarFunction.of(
            "multiMatchAny",
            "multiMatchAny(text, patterns)",
            "Whether any regular expression of the array matches somewhere in the text.",
            args -> {
              requireTexts("multiMatchAny", args);
              return predicate((text, patterns) -> {
                String whole = new String(text.toArray(JAVA_BYTE), StandardCharsets.UTF_8);
                for (byte[] pattern : patterns) {
                  Pattern regex = Patterns.regex(new String(pattern, StandardCharsets.UTF_8), 0);
                  if (regex.matcher(whole).find()) {
                    return true;
                  }
                }
                return false;
              });
            }));
  }

  private static void requireTexts(String name, List<Argument> args) {
    Arguments.count(name, args, 2, 2);
    Arguments.requireText(name, args, 0);
    if (!(args.get(1).plain() instanceof DataType.Array(DataType element))
        || !Arguments.isText(element)) {
      throw Arguments.illegal(name, 1, args.get(1).type(), "Array(String)");
    }
  }

  private interface Check {
    boolean holds(MemorySegment text, List<byte[]> pieces);
  }

  private static Binding predicate(Check check) {
    return new Binding(
        DataTypes.BOOL,
        (PredicateKernel)
            (v, rows, scratch, mask) -> {
              Vector arrays = v.size() > 1 ? VectorOps.flatten(v.get(1), scratch) : null;
              for (int i = 0; i < rows; i++) {
                if (!v.getFirst().isNull(i)) {
                  boolean holds = check.holds(v.getFirst().getSegment(i), pieces(arrays, i));
                  mask[i >>> 6] |= holds ? 1L << i : 0;
                }
              }
            });
  }

  private static List<byte[]> pieces(Vector arrays, int row) {
    List<byte[]> pieces = new ArrayList<>();
    for (int e = arrays == null ? 0 : arrays.listFrom(row);
        arrays != null && e < arrays.listTo(row);
        e++) {
      pieces.add(arrays.elements().getBytes(e));
    }
    return pieces;
  }

  private static boolean isUtf8(MemorySegment text) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text.toArray(JAVA_BYTE)));
      return true;
    } catch (CharacterCodingException e) {
      return false; // that is the answer
    }
  }
}
