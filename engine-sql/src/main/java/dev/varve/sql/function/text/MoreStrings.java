// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import dev.varve.merge.aggregate.Numeric;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.format.TextOutput;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Texts split, compared, escaped and taken apart as URLs.
public final class MoreStrings {
  private MoreStrings() {}

  public static List<ScalarFunction> functions() {
    List<ScalarFunction> all = new ArrayList<>();
    all.add(split("splitByWhitespace", "\\s+"));
    all.add(split("splitByNonAlpha", "[\\s\\p{Punct}]+"));
    all.add(split("alphaTokens", "[^A-Za-z]+").alias("splitByAlpha"));
    all.add(split("tokens", "[^A-Za-z0-9\\x80-\\uffff]+"));
    all.add(
        ScalarFunction.of(
            "splitByRegexp",
            "splitByRegexp(pattern, text)",
            "The pieces between matches of a regular expression.",
            MoreStrings::splitByRegexp));
    all.add(
        ScalarFunction.of(
            "extractAll",
            "extractAll(text, pattern)",
            "Every match of a regular expression, or its first group.",
            MoreStrings::extractAll));
    all.add(
        ScalarFunction.of(
            "ngrams", "ngrams(text, n)", "All pieces of n characters.", MoreStrings::ngrams));
    all.add(
        texts(
            "countSubstrings",
            DataTypes.UINT64,
            "How often a piece is in the text.",
            (a, b, to) -> {
              long count = 0;
              for (int at = b.isEmpty() ? -1 : a.indexOf(b);
                  at >= 0;
                  at = a.indexOf(b, at + b.length())) {
                count++;
              }
              to.appendLong(count);
            }));
    all.add(
        texts(
                "levenshteinDistance",
                DataTypes.UINT64,
                "How many edits make one text of the other.",
                (a, b, to) ->
                    to.appendLong(
                        levenshtein(
                            a.getBytes(StandardCharsets.UTF_8),
                            b.getBytes(StandardCharsets.UTF_8))))
            .alias("editDistance"));
    all.add(
        texts(
                "byteHammingDistance",
                DataTypes.UINT64,
                "In how many bytes two texts differ.",
                (a, b, to) -> {
                  byte[] x = a.getBytes(StandardCharsets.UTF_8);
                  byte[] y = b.getBytes(StandardCharsets.UTF_8);
                  long count = Math.abs(x.length - y.length);
                  for (int i = 0; i < Math.min(x.length, y.length); i++) {
                    count += x[i] == y[i] ? 0 : 1;
                  }
                  to.appendLong(count);
                })
            .alias("mismatches"));
    all.add(
        texts(
            "stringJaccardIndex",
            DataTypes.FLOAT64,
            "How many pairs of bytes two texts share, of all they have.",
            (a, b, to) -> to.appendDouble(jaccard(a, b))));
    all.add(
        texts(
            "appendTrailingCharIfAbsent",
            DataTypes.STRING,
            "The text with a character at its end.",
            (a, b, to) -> RowBinding.append(a.isEmpty() || a.endsWith(b) ? a : a + b, to)));
    all.add(one("encodeURLComponent", MoreStrings::encodeUrl));
    all.add(one("decodeURLComponent", MoreStrings::decodeUrl));
    all.add(one("domain", MoreStrings::domain));
    all.add(
        one(
            "domainWithoutWWW",
            url -> domain(url).startsWith("www.") ? domain(url).substring(4) : domain(url)));
    all.add(one("topLevelDomain", url -> domain(url).substring(domain(url).lastIndexOf('.') + 1)));
    all.add(
        one(
            "protocol",
            url -> url.matches("[a-zA-Z][\\w+.-]*:.*") ? url.substring(0, url.indexOf(':')) : ""));
    all.add(one("path", url -> group("^(?:[a-zA-Z][\\w+.-]*:)?//[^/?#]*([^?#]*)", url)));
    all.add(one("pathFull", url -> group("^(?:[a-zA-Z][\\w+.-]*:)?//[^/?#]*(.*)$", url)));
    all.add(one("queryString", url -> group("\\?([^#]*)", url)));
    all.add(one("fragment", url -> group("#(.*)$", url)));
    all.add(one("cutQueryString", url -> url.replaceFirst("\\?[^#]*", "")));
    all.add(one("cutFragment", url -> url.replaceFirst("#.*$", "")));
    all.add(one("cutQueryStringAndFragment", url -> url.replaceFirst("[?#].*$", "")));
    all.add(one("cutWWW", url -> url.replaceFirst("//www\\.", "//")));
    all.add(
        texts(
            "extractURLParameter",
            DataTypes.STRING,
            "The value of a parameter of a URL.",
            (url, name, to) ->
                RowBinding.append(group("[?&#]" + Pattern.quote(name) + "=([^&#]*)", url), to)));
    all.add(one("soundex", MoreStrings::soundex));
    all.add(one("regexpQuoteMeta", t -> t.replaceAll("([\\\\^$.|?*+()\\[\\]{}])", "\\\\$1")));
    all.add(one("toValidUTF8", text -> text));
    all.add(one("normalizeUTF8NFC", text -> normalized(text, java.text.Normalizer.Form.NFC)));
    all.add(one("normalizeUTF8NFD", text -> normalized(text, java.text.Normalizer.Form.NFD)));
    all.add(one("normalizeUTF8NFKC", text -> normalized(text, java.text.Normalizer.Form.NFKC)));
    all.add(
        ScalarFunction.of(
            "format",
            "format('pattern {} {0}', x, …)",
            "A text with values.",
            MoreStrings::format));
    all.add(
        ScalarFunction.of("char", "char(n, …)", "The bytes of these numbers.", MoreStrings::chars)
            .inAnyCase());
    all.add(bits("bin"));
    all.add(
        ScalarFunction.of(
            "space",
            "space(n)",
            "As many spaces.",
            args -> {
              Arguments.requireInteger("space", args, 0);
              return RowBinding.of(
                  DataTypes.STRING,
                  (v, row, to) ->
                      RowBinding.append(
                          " ".repeat((int) Math.clamp(v.getFirst().getLong(row), 0, 1 << 20)), to));
            }));
    return all;
  }

  private static ScalarFunction one(String name, UnaryOperator<String> function) {
    return ScalarFunction.of(
        name,
        name + "(text)",
        "Part or form of a text; of a URL what the name says.",
        args -> {
          Arguments.count(name, args, 1, 1);
          Arguments.requireText(name, args, 0);
          return RowBinding.of(
              DataTypes.STRING,
              (v, row, to) ->
                  RowBinding.append(function.apply(RowBinding.text(v.getFirst(), row)), to));
        });
  }

  private interface Texts {
    void append(String a, String b, dev.varve.storage.vector.VectorBuilder to);
  }

  private static ScalarFunction texts(String name, DataType type, String doc, Texts function) {
    return ScalarFunction.of(
        name,
        name + "(a, b)",
        doc,
        args -> {
          Arguments.count(name, args, 2, 2);
          Arguments.requireText(name, args, 0);
          Arguments.requireText(name, args, 1);
          return RowBinding.of(
              type,
              (v, row, to) ->
                  function.append(
                      RowBinding.text(v.get(0), row), RowBinding.text(v.get(1), row), to));
        });
  }

  private static ScalarFunction split(String name, String separators) {
    Pattern pattern = Pattern.compile(separators);
    return ScalarFunction.of(
        name,
        name + "(text)",
        "The words of the text.",
        args -> {
          Arguments.requireText(name, args, 0);
          return RowBinding.of(
              DataTypes.array(DataTypes.STRING),
              (v, row, to) -> {
                for (String piece : pattern.split(RowBinding.text(v.getFirst(), row))) {
                  if (!piece.isEmpty()) {
                    RowBinding.append(piece, to.child(0));
                  }
                }
                to.endList();
              });
        });
  }

  private static Binding splitByRegexp(List<Argument> args) {
    Arguments.count("splitByRegexp", args, 2, 2);
    Arguments.requireText("splitByRegexp", args, 1);
    Pattern pattern =
        Pattern.compile(Arguments.constantText("splitByRegexp", args, 0), Pattern.DOTALL);
    return RowBinding.of(
        DataTypes.array(DataTypes.STRING),
        (v, row, to) -> {
          String text = RowBinding.text(v.get(1), row);
          if (!text.isEmpty()) {
            for (String piece : pattern.split(text, -1)) {
              RowBinding.append(piece, to.child(0));
            }
          }
          to.endList();
        });
  }

  private static Binding extractAll(List<Argument> args) {
    Arguments.count("extractAll", args, 2, 2);
    Arguments.requireText("extractAll", args, 0);
    Pattern pattern = Pattern.compile(Arguments.constantText("extractAll", args, 1));
    return RowBinding.of(
        DataTypes.array(DataTypes.STRING),
        (v, row, to) -> {
          Matcher matcher = pattern.matcher(RowBinding.text(v.getFirst(), row));
          while (matcher.find()) {
            String match = matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
            RowBinding.append(match == null ? "" : match, to.child(0));
          }
          to.endList();
        });
  }

  private static Binding ngrams(List<Argument> args) {
    Arguments.count("ngrams", args, 2, 2);
    Arguments.requireText("ngrams", args, 0);
    int size = Arguments.constantInt("ngrams", args, 1);
    return RowBinding.of(
        DataTypes.array(DataTypes.STRING),
        (v, row, to) -> {
          int[] points = RowBinding.text(v.getFirst(), row).codePoints().toArray();
          for (int i = 0; size > 0 && i + size <= points.length; i++) {
            RowBinding.append(new String(points, i, size), to.child(0));
          }
          to.endList();
        });
  }

  private static long levenshtein(byte[] a, byte[] b) {
    int[] before = new int[b.length + 1];
    for (int j = 0; j <= b.length; j++) {
      before[j] = j;
    }
    for (int i = 1; i <= a.length; i++) {
      int[] now = new int[b.length + 1];
      now[0] = i;
      for (int j = 1; j <= b.length; j++) {
        int change = before[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
        now[j] = Math.min(change, 1 + Math.min(before[j], now[j - 1]));
      }
      before = now;
    }
    return before[b.length];
  }

  private static double jaccard(String a, String b) {
    Set<String> x = pairs(a);
    Set<String> y = pairs(b);
    Set<String> both = new HashSet<>(x);
    both.retainAll(y);
    int all = x.size() + y.size() - both.size();
    return all == 0 ? Double.NaN : (double) both.size() / all;
  }

  private static Set<String> pairs(String text) {
    Set<String> pairs = new HashSet<>();
    for (int i = 0; i + 2 <= text.length(); i++) {
      pairs.add(text.substring(i, i + 2));
    }
    return pairs;
  }

  private static String encodeUrl(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }

  private static String decodeUrl(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text; // A percent sign that begins no code stands for itself.
    }
  }

  private static String domain(String url) {
    return group("^(?:[a-zA-Z][\\w+.-]*:)?//(?:[^@/?#]*@)?([^:/?#]*)", url);
  }

  private static String group(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }

  private static String normalized(String text, java.text.Normalizer.Form form) {
    return java.text.Normalizer.normalize(text, form);
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

  private static Binding format(List<Argument> args) {
    Arguments.count("format", args, 1, Integer.MAX_VALUE);
    String pattern = Arguments.constantText("format", args, 0);
    return RowBinding.of(
        DataTypes.STRING,
        (v, row, to) -> {
          StringBuilder text = new StringBuilder();
          int next = 1;
          for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            boolean twice = i + 1 < pattern.length() && pattern.charAt(i + 1) == c;
            if ((c == '{' || c == '}') && twice) {
              text.append(c);
              i++;
            } else if (c == '{') {
              int end = pattern.indexOf('}', i);
              String place = pattern.substring(i + 1, end);
              int argument = place.isEmpty() ? next++ : Integer.parseInt(place) + 1;
              text.append(shown(v.get(argument), row));
              i = end;
            } else {
              text.append(c);
            }
          }
          RowBinding.append(text.toString(), to);
        });
  }

  private static String shown(Vector vector, int row) {
    return vector.type().unwrapped() instanceof DataType.Text
        ? RowBinding.text(vector, row)
        : TextOutput.text(vector, row);
  }

  private static Binding chars(List<Argument> args) {
    Arguments.count("char", args, 1, Integer.MAX_VALUE);
    return RowBinding.of(
        DataTypes.STRING,
        (v, row, to) -> {
          byte[] bytes = new byte[v.size()];
          for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Numeric.longOf(v.get(i), row);
          }
          to.appendBytes(bytes);
        });
  }

  private static ScalarFunction bits(String name) {
    return ScalarFunction.of(
            name,
            name + "(x)",
            "The bits of a number or text.",
            args -> {
              Arguments.count(name, args, 1, 1);
              return RowBinding.of(
                  DataTypes.STRING,
                  (v, row, to) -> {
                    Vector value = v.getFirst();
                    StringBuilder bits = new StringBuilder();
                    if (Arguments.isText(args.getFirst().plain())) {
                      for (byte b : value.getBytes(row)) {
                        bits.append(Integer.toBinaryString(b & 0xFF | 0x100).substring(1));
                      }
                    } else {
                      int width = args.getFirst().plain().width() * 8;
                      long mask = width == 64 ? -1 : (1L << width) - 1;
                      String plain = Long.toBinaryString(value.getLong(row) & mask);
                      int whole = Math.max(8, Math.ceilDiv(plain.length(), 8) * 8);
                      bits.append("0".repeat(whole - plain.length())).append(plain);
                    }
                    RowBinding.append(bits.toString(), to);
                  });
            })
        .inAnyCase();
  }
}
