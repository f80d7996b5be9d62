// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.json;

import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.VectorBuilder;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Values of JSON that is known to be plain: the first place of `"name":` anywhere in the text
/// counts, and nothing before it is read.
public final class SimpleJson {
  private static final Pattern NUMBER =
      Pattern.compile("\"?([-+]?[0-9]+(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)");

  private SimpleJson() {}

  public static List<ScalarFunction> functions() {
    return List.of(
        of("Has", DataTypes.UINT8, (found, to) -> to.appendLong(found == null ? 0 : 1)),
        of("ExtractUInt", DataTypes.UINT64, (found, to) -> to.appendInteger(whole(found, false))),
        of("ExtractInt", DataTypes.INT64, (found, to) -> to.appendInteger(whole(found, true))),
        of(
            "ExtractFloat",
            DataTypes.FLOAT64,
            (found, to) -> to.appendDouble(number(found).doubleValue())),
        of(
            "ExtractBool",
            DataTypes.UINT8,
            (found, to) -> to.appendLong(found != null && found.startsWith("true") ? 1 : 0)),
        of("ExtractRaw", DataTypes.STRING, (found, to) -> RowBinding.append(raw(found), to)),
        of("ExtractString", DataTypes.STRING, (found, to) -> RowBinding.append(text(found), to)));
  }

  private interface Answer {
    /// @param found the text behind the name, or null
    void append(String found, VectorBuilder to);
  }

  private static ScalarFunction of(String what, DataType type, Answer answer) {
    return Declared.rows(
            "simpleJSON" + what + "(json String, name String)",
            "What follows the first \"name\": in the text"
                + (what.equals("Has") ? ", if anything." : ", as the function's name says."),
            type,
            (v, row, to) -> {
              String json = RowBinding.text(v.get(0), row);
              String name = "\"" + RowBinding.text(v.get(1), row) + "\":";
              int at = json.indexOf(name);
              answer.append(at < 0 ? null : json.substring(at + name.length()), to);
            })
        .alias("visitParam" + what);
  }

  private static BigDecimal number(String found) {
    Matcher matcher = NUMBER.matcher(found == null ? "" : found);
    return matcher.lookingAt() ? new BigDecimal(matcher.group(1)) : BigDecimal.ZERO;
  }

  private static java.math.BigInteger whole(String found, boolean signed) {
    String digits = found == null ? "" : found;
    return !signed && digits.startsWith("-")
        ? java.math.BigInteger.ZERO
        : number(digits.replaceFirst("^(\"?[-+]?[0-9]+)[.eE].*", "$1")).toBigInteger();
  }

  private static String raw(String found) {
    if (found == null) {
      return "";
    }
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < found.length(); i++) {
      char c = found.charAt(i);
      if (quoted) {
        i += c == '\\' ? 1 : 0;
        quoted = c != '"';
      } else if (c == '"') {
        quoted = true;
      } else if (c == '{' || c == '[') {
        depth++;
      } else if (depth == 0 && (c == ',' || c == '}' || c == ']')) {
        return found.substring(0, i);
      } else if (c == '}' || c == ']') {
        depth--;
        if (depth == 0) {
          return found.substring(0, i + 1);
        }
      }
    }
    return found;
  }

  private static String text(String found) {
    if (found == null || !found.startsWith("\"")) {
      return "";
    }
    int end = 1;
    while (end < found.length() && found.charAt(end) != '"') {
      end += found.charAt(end) == '\\' ? 2 : 1;
    }
    return end < found.length()
            && JsonParser.parse(found.substring(0, end + 1)) instanceof Json.Text(String text)
        ? text
        : "";
  }
}
