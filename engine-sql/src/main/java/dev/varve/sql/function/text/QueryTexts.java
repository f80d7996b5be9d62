// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.storage.hash.CityHash64;
import dev.varve.storage.type.DataTypes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Texts of queries without their values, so that queries of one shape can be counted together.
public final class QueryTexts {
  private static final Pattern COMMENT = Pattern.compile("--[^\\n]*|/\\*.*?\\*/", Pattern.DOTALL);
  private static final String LITERAL = "(?:'(?:[^'\\\\]|\\\\.|'')*'|\\b\\d[\\w.]*)";
  private static final Pattern PIECE =
      Pattern.compile(
          "(\"(?:[^\"\\\\]|\\\\.)*\"|`(?:[^`\\\\]|\\\\.)*`|[A-Za-z_]\\w*)|("
              + LITERAL
              + "(?:\\s*,\\s*"
              + LITERAL
              + ")*)",
          Pattern.DOTALL);
  private static final Pattern ONE = Pattern.compile(LITERAL, Pattern.DOTALL);

  private QueryTexts() {}

  public static List<ScalarFunction> functions() {
    return List.of(
        Declared.rows(
            "normalizeQuery(query String)",
            "The query with ? in place of literals, and ?.. of lists of them.",
            DataTypes.STRING,
            (v, row, to) -> RowBinding.append(normal(RowBinding.text(v.getFirst(), row)), to)),
        Declared.rows(
            "normalizedQueryHash(query String)",
            "A number that queries share which differ in literals alone.",
            DataTypes.UINT64,
            (v, row, to) ->
                to.appendLong(
                    CityHash64.hash(
                        normal(RowBinding.text(v.getFirst(), row))
                            .getBytes(StandardCharsets.UTF_8)))));
  }

  private static String normal(String query) {
    String plain = COMMENT.matcher(query).replaceAll(" ").replaceAll("\\s+", " ");
    return PIECE
        .matcher(plain)
        .replaceAll(piece ->
            piece.group(1) != null
                ? Matcher.quoteReplacement(piece.group(1))
                : ONE.matcher(piece.group(2)).matches() ? "?" : "?..");
  }
}
