// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import dev.varve.merge.aggregate.Numeric;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `printf`: the places of C, with flags, width and precision.
final class Printf {
  private static final Pattern PLACE =
      Pattern.compile("%([-+ #0]*)([0-9]*)(?:\\.([0-9]+))?([%a-zA-Z])");

  private Printf() {}

  static Binding bind(List<Argument> args) {
    String pattern = Arguments.constantText("printf", args, 0);
    return RowBinding.of(
        DataTypes.STRING, (v, row, to) -> RowBinding.append(text(pattern, v, row), to));
  }

  private static String text(String pattern, List<Vector> v, int row) {
    Matcher matcher = PLACE.matcher(pattern);
    StringBuilder out = new StringBuilder();
    int next = 1;
    while (matcher.find()) {
      boolean percent = matcher.group(4).equals("%");
      if (!percent && next >= v.size()) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS, "printf has more places than values: " + matcher.group());
      }
      String shown = percent ? "%" : place(matcher, v.get(next++), row);
      matcher.appendReplacement(out, Matcher.quoteReplacement(shown));
    }
    return matcher.appendTail(out).toString();
  }

  private static String place(Matcher matcher, Vector value, int row) {
    String flags = matcher.group(1);
    String width = matcher.group(2);
    String precision = matcher.group(3) == null ? "" : "." + matcher.group(3);
    char kind = matcher.group(4).charAt(0);
    return switch (kind) {
      case 'd', 'i', 'u' -> {
        String digits = value.getInteger(row).toString();
        int least = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
        boolean negative = digits.startsWith("-");
        String bare = negative ? digits.substring(1) : digits;
        String padded = "0".repeat(Math.max(0, least - bare.length())) + bare;
        String sign = negative ? "-" : flags.contains("+") ? "+" : flags.contains(" ") ? " " : "";
        yield filled(sign, padded, flags, width);
      }
      case 'x', 'X', 'o' -> {
        String digits = value.getInteger(row).toString(kind == 'o' ? 8 : 16);
        String cased = kind == 'X' ? digits.toUpperCase(Locale.ROOT) : digits;
        String lead = !flags.contains("#") ? "" : kind == 'o' ? "0" : "0" + kind;
        yield filled(lead, cased, flags, width);
      }
      case 'f', 'F', 'e', 'E', 'g', 'G', 'a', 'A' ->
          String.format(
              Locale.ROOT,
              "%" + flags + width + precision + (kind == 'F' ? 'f' : kind),
              Numeric.doubleOf(value, row));
      case 's' -> {
        String text = Phrases.shown(value, row);
        int most = matcher.group(3) == null ? text.length() : Integer.parseInt(matcher.group(3));
        yield filled(
            "", text.substring(0, Math.min(most, text.length())), flags.replace("0", ""), width);
      }
      case 'c' -> filled("", String.valueOf((char) value.getLong(row)), flags, width);
      default ->
          throw new VarveException(
              ErrorCode.BAD_ARGUMENTS, "printf knows no place " + matcher.group());
    };
  }

  private static String filled(String lead, String text, String flags, String width) {
    int wanted = width.isEmpty() ? 0 : Integer.parseInt(width);
    int missing = Math.max(0, wanted - lead.length() - text.length());
    return flags.contains("-")
        ? lead + text + " ".repeat(missing)
        : flags.contains("0")
            ? lead + "0".repeat(missing) + text
            : " ".repeat(missing) + lead + text;
  }
}
