// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import dev.varve.merge.aggregate.Numeric;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.TextOutput;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.text.StringEscapeUtils;

/// Texts made of values (`format`, `printf`, `char`) and other forms of texts: escaped, normalised,
/// by their sound.
public final class Phrases {
  private static final Pattern XML = Pattern.compile("&(#[0-9]+|#[xX][0-9a-fA-F]+|[a-z]+);");
  private static final Map<String, String> XML_NAMES =
      Map.of("lt", "<", "gt", ">", "amp", "&", "quot", "\"", "apos", "'");

  private Phrases() {}

  public static List<ScalarFunction> functions() {
    List<ScalarFunction> all = new ArrayList<>();
    all.add(
        Declared.bound(
            "format(pattern const String, x Any, …)",
            "The pattern with values in place of {} and {0}.",
            Phrases::format));
    all.add(
        Declared.bound(
            "printf(pattern const String[, x Any, …])",
            "The pattern with values in place of %d, %s and other places of C.",
            Printf::bind));
    all.add(
        Declared.rows(
                "char(n Number, …)",
                "The bytes of these numbers.",
                DataTypes.STRING,
                (v, row, to) -> {
                  byte[] bytes = new byte[v.size()];
                  for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) (long) Numeric.doubleOf(v.get(i), row);
                  }
                  to.appendBytes(bytes);
                })
            .inAnyCase());
    all.add(
        Declared.rows(
            "appendTrailingCharIfAbsent(text String, character String)",
            "The text with a character at its end; an empty one stays empty.",
            DataTypes.STRING,
            (v, row, to) -> {
              String text = RowBinding.bytes(v.get(0), row);
              String last = RowBinding.bytes(v.get(1), row);
              if (last.length() != 1) {
                throw new VarveException(
                    ErrorCode.BAD_ARGUMENTS, "appendTrailingCharIfAbsent wants one byte to append");
              }
              RowBinding.appendBytes(
                  text.isEmpty() || text.endsWith(last) ? text : text + last, to);
            }));
    all.add(
        Declared.rows(
            "countSubstrings(text String, piece String[, start Int])",
            "How often the piece is in the text, without overlaps.",
            DataTypes.UINT64,
            (v, row, to) -> to.appendLong(count(v, row))));
    all.add(text("soundex", "The code of the text's sound in English.", Phrases::soundex));
    all.add(
        text(
            "regexpQuoteMeta",
            "The text as a pattern of a regular expression.",
            t -> t.replace("\0", "\\0").replaceAll("([\\\\^$.|?*+()\\[\\]{}:-])", "\\\\$1")));
    all.add(text("toValidUTF8", "The text with � for bytes that are no UTF-8.", t -> t));
    for (Normalizer.Form form : Normalizer.Form.values()) {
      all.add(
          text(
              "normalizeUTF8" + form,
              "The text in the normal form " + form + ".",
              t -> Normalizer.normalize(t, form)));
    }
    all.add(
        text(
                "removeDiacriticsUTF8",
                "The text without accents.",
                t ->
                    Normalizer.normalize(
                        Normalizer.normalize(t, Normalizer.Form.NFD).replaceAll("\\p{Mn}+", ""),
                        Normalizer.Form.NFC))
            .alias("removeAccentsUTF8"));
    all.add(
        text(
            "encodeXMLComponent",
            "The text with entities for the signs of XML.",
            t ->
                t.replace("&", "&amp;")
                    .replace("<", "&lt;")
                    .replace(">", "&gt;")
                    .replace("\"", "&quot;")
                    .replace("'", "&apos;")));
    all.add(
        text("decodeXMLComponent", "The text that entities of XML stand for.", Phrases::decodeXml));
    all.add(
        text(
            "decodeHTMLComponent",
            "The text that entities of HTML stand for.",
            t -> StringEscapeUtils.unescapeHtml4(t.replace("&apos;", "&#39;"))));
    all.add(text("firstLine", "The text up to its first line's end.", t -> t.split("\r?\n", 2)[0]));
    all.add(
        text(
            "basename",
            "What stands behind the last slash.",
            t -> t.substring(Math.max(t.lastIndexOf('/'), t.lastIndexOf('\\')) + 1)));
    all.add(
        Declared.rows(
                "isValidASCII(text String)",
                "Whether all bytes are ASCII.",
                DataTypes.UINT8,
                (v, row, to) ->
                    to.appendLong(
                        RowBinding.bytes(v.getFirst(), row).chars().allMatch(c -> c < 128) ? 1 : 0))
            .alias("isASCII"));
    all.add(
        Declared.rows(
            "conv(number Any, from Int, into Int)",
            "Digits of one base as digits of another.",
            DataTypes.STRING,
            (v, row, to) -> RowBinding.append(convert(v, row), to)));
    return all;
  }

  private static ScalarFunction text(String name, String doc, UnaryOperator<String> function) {
    return Declared.rows(
        name + "(text String)",
        doc,
        DataTypes.STRING,
        (v, row, to) -> RowBinding.append(function.apply(RowBinding.text(v.getFirst(), row)), to));
  }

  private static long count(List<Vector> v, int row) {
    String text = RowBinding.bytes(v.get(0), row);
    String piece = RowBinding.bytes(v.get(1), row);
    long start = v.size() > 2 ? Math.max(1, v.get(2).getLong(row)) - 1 : 0;
    long count = 0;
    int at = (int) Math.min(start, text.length());
    while (!piece.isEmpty() && (at = text.indexOf(piece, at)) >= 0) {
      count++;
      at += piece.length();
    }
    return count;
  }

  private static String soundex(String text) {
    String codes = "01230120022455012623010202";
    StringBuilder code = new StringBuilder();
    char last = '0';
    for (char c : text.toUpperCase(Locale.ROOT).toCharArray()) {
      if (c < 'A' || c > 'Z') {
        continue;
      }
      char digit = codes.charAt(c - 'A');
      if (code.isEmpty()) {
        code.append(c);
      } else if (digit != '0' && digit != last && code.length() < 4) {
        code.append(digit);
      }
      last = c == 'H' || c == 'W' ? last : digit;
    }
    return code.isEmpty() ? "" : (code + "000").substring(0, 4);
  }

  private static String decodeXml(String text) {
    Matcher matcher = XML.matcher(text);
    StringBuilder out = new StringBuilder();
    while (matcher.find()) {
      String name = matcher.group(1);
      String meant =
          name.startsWith("#x") || name.startsWith("#X")
              ? Character.toString(Integer.parseInt(name.substring(2), 16))
              : name.startsWith("#")
                  ? Character.toString(Integer.parseInt(name.substring(1)))
                  : XML_NAMES.getOrDefault(name, matcher.group());
      matcher.appendReplacement(out, Matcher.quoteReplacement(meant));
    }
    return matcher.appendTail(out).toString();
  }

  private static String convert(List<Vector> v, int row) {
    String digits = shown(v.get(0), row).strip();
    int from = (int) v.get(1).getLong(row);
    int into = (int) v.get(2).getLong(row);
    if (from < 2 || from > 36 || into < 2 || into > 36) {
      throw new VarveException(ErrorCode.BAD_ARGUMENTS, "conv knows the bases from 2 to 36");
    }
    boolean negative = digits.startsWith("-");
    java.math.BigInteger value = java.math.BigInteger.ZERO;
    for (int i = negative ? 1 : 0; i < digits.length(); i++) {
      int digit = Character.digit(digits.charAt(i), from);
      if (digit < 0) {
        break;
      }
      value =
          value
              .multiply(java.math.BigInteger.valueOf(from))
              .add(java.math.BigInteger.valueOf(digit));
    }
    java.math.BigInteger most =
        java.math.BigInteger.ONE.shiftLeft(64).subtract(java.math.BigInteger.ONE);
    value = value.min(most);
    value = negative ? value.negate().and(most) : value;
    return value.toString(into).toUpperCase(Locale.ROOT);
  }

  private static ScalarFunction.Binding format(List<Argument> args) {
    String pattern = Arguments.constantText("format", args, 0);
    List<Object> parts = parts(pattern, args.size() - 1);
    return RowBinding.of(
        DataTypes.STRING,
        (v, row, to) -> {
          StringBuilder text = new StringBuilder();
          for (Object part : parts) {
            text.append(part instanceof Integer at ? shown(v.get(at), row) : part);
          }
          RowBinding.append(text.toString(), to);
        });
  }

  /// Texts, and the numbers of arguments between them.
  private static List<Object> parts(String pattern, int arguments) {
    List<Object> parts = new ArrayList<>();
    int next = 1;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      boolean twice = i + 1 < pattern.length() && pattern.charAt(i + 1) == c;
      if ((c == '{' || c == '}') && twice) {
        parts.add(String.valueOf(c));
        i++;
      } else if (c == '{') {
        int end = pattern.indexOf('}', i);
        String place = end < 0 ? "?" : pattern.substring(i + 1, end);
        int argument =
            place.isEmpty()
                ? next++
                : place.matches("[0-9]{1,4}") ? Integer.parseInt(place) + 1 : 0;
        if (argument < 1 || argument > arguments) {
          throw new VarveException(
              ErrorCode.BAD_ARGUMENTS,
              "the pattern of format has a place {" + place + "} for which there is no argument");
        }
        parts.add(argument);
        i = end;
      } else if (c == '}') {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS, "the pattern of format has a lone }; write }} for one");
      } else {
        parts.add(String.valueOf(c));
      }
    }
    return parts;
  }

  static String shown(Vector vector, int row) {
    return vector.type().unwrapped() instanceof DataType.Text
        ? RowBinding.text(vector, row)
        : TextOutput.text(vector, row);
  }
}
