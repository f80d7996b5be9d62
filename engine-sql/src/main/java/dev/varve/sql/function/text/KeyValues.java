// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.VectorBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Pairs of a key and a value that stand in a text: `name:anna, age:31`. Quotes guard what would
/// end a key or a value; what has no value is no pair; of two values of a key the later one counts.
public final class KeyValues {
  private KeyValues() {}

  public static List<ScalarFunction> functions() {
    String rest =
        "(text String[, between const String, separators const String, quote const String])";
    return List.of(
        Declared.bound(
                "extractKeyValuePairs" + rest,
                "The map of the pairs in a text: by default 'k1:v1, k2:v2'.",
                args -> bind("extractKeyValuePairs", args, false))
            .alias("str_to_map", "mapFromString"),
        Declared.bound(
            "extractKeyValuePairsWithEscaping" + rest,
            "As extractKeyValuePairs, where backslashes escape.",
            args -> bind("extractKeyValuePairsWithEscaping", args, true)));
  }

  private static Binding bind(String name, List<Argument> args, boolean escapes) {
    String between = args.size() > 1 ? Arguments.constantText(name, args, 1) : ":";
    String separators = args.size() > 2 ? Arguments.constantText(name, args, 2) : " ,;";
    String quote = args.size() > 3 ? Arguments.constantText(name, args, 3) : "\"";
    if (between.length() != 1 || quote.length() > 1) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          name + " takes one character between key and value, and one quote");
    }
    char quoted = quote.isEmpty() ? '\0' : quote.charAt(0);
    DataType type = new DataType.MapOf(DataTypes.STRING, DataTypes.STRING);
    return RowBinding.of(
        type,
        (v, row, to) -> {
          String text = RowBinding.bytes(v.getFirst(), row);
          append(new Reader(text, between.charAt(0), separators, quoted, escapes).pairs(), to);
        });
  }

  private static void append(Map<String, String> pairs, VectorBuilder to) {
    VectorBuilder entries = to.child(0);
    pairs.forEach((key, value) -> {
      RowBinding.appendBytes(key, entries.child(0));
      RowBinding.appendBytes(value, entries.child(1));
      entries.endStruct();
    });
    to.endList();
  }

  private static final class Reader {
    private final String text;
    private final char between;
    private final String separators;
    private final char quote;
    private final boolean escapes;
    private int at;

    Reader(String text, char between, String separators, char quote, boolean escapes) {
      this.text = text;
      this.between = between;
      this.separators = separators;
      this.quote = quote;
      this.escapes = escapes;
    }

    Map<String, String> pairs() {
      Map<String, String> pairs = new LinkedHashMap<>();
      while (at < text.length()) {
        if (isSeparator(text.charAt(at))) {
          at++;
          continue;
        }
        String key = word(true);
        if (at < text.length() && text.charAt(at) == between && !key.isEmpty()) {
          at++;
          pairs.put(key, word(false));
        } else {
          at++;
        }
      }
      return pairs;
    }

    private boolean isSeparator(char c) {
      return separators.indexOf(c) >= 0;
    }

    private String word(boolean key) {
      StringBuilder word = new StringBuilder();
      boolean inside = at < text.length() && text.charAt(at) == quote && quote != '\0';
      if (inside) {
        at++;
      }
      for (; at < text.length(); at++) {
        char c = text.charAt(at);
        if (inside && c == quote) {
          at++;
          return word.toString();
        }
        if (!inside && (isSeparator(c) || key && c == between)) {
          break;
        }
        if (escapes && c == '\\' && at + 1 < text.length()) {
          escape(word);
        } else {
          word.append(c);
        }
      }
      return word.toString();
    }

    private void escape(StringBuilder word) {
      char c = text.charAt(++at);
      switch (c) {
        case 'n' -> word.append('\n');
        case 't' -> word.append('\t');
        case 'r' -> word.append('\r');
        case 'b' -> word.append('\b');
        case 'f' -> word.append('\f');
        case '0' -> word.append('\0');
        case 'x' -> {
          int end = Math.min(text.length(), at + 3);
          String digits = text.substring(at + 1, end);
          if (digits.matches("[0-9a-fA-F]{2}")) {
            word.append((char) Integer.parseInt(digits, 16));
            at += 2;
          } else {
            word.append(c);
          }
        }
        default -> word.append(c);
      }
    }
  }
}
