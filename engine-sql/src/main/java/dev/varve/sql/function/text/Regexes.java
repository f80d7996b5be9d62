// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.VectorBuilder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What regular expressions (RE2, in linear time) find: matches counted, groups, several patterns
/// at once.
public final class Regexes {
  private static final DataType TEXTS = DataTypes.array(DataTypes.STRING);
  private static final DataType GROUPS = DataTypes.array(TEXTS);

  private Regexes() {}

  public static List<ScalarFunction> functions() {
    return List.of(
        matching("extractAll", "Every match, or its first group.", TEXTS, 0, Regexes::all),
        matching("extractGroups", "The groups of the first match.", TEXTS, 0, Regexes::groups),
        matching(
                "extractAllGroupsVertical",
                "The groups of every match, match by match.",
                GROUPS,
                0,
                Regexes::byMatch)
            .alias("extractAllGroups"),
        matching(
            "extractAllGroupsHorizontal",
            "Of every group what it matched, group by group.",
            GROUPS,
            0,
            Regexes::byGroup),
        matching("countMatches", "How many matches.", DataTypes.UINT64, 0, Regexes::count),
        matching(
            "countMatchesCaseInsensitive",
            "How many matches, in any case.",
            DataTypes.UINT64,
            Pattern.CASE_INSENSITIVE,
            Regexes::count),
        regexpExtract(),
        several(
            "multiMatchAnyIndex",
            "Which pattern, from 1, matches somewhere; 0 for none.",
            DataTypes.UINT64,
            (found, to) -> to.appendLong(found.isEmpty() ? 0 : found.getFirst())),
        several(
            "multiMatchAllIndices",
            "Which patterns, from 1, match somewhere.",
            DataTypes.array(DataTypes.UINT64),
            (found, to) -> {
              found.forEach(index -> to.child(0).appendLong(index));
              to.endList();
            }),
        Declared.bound(
            "splitByRegexp(pattern const String, text String[, most Int])",
            "The pieces between matches.",
            Regexes::split));
  }

  private interface Answer {
    void append(Matcher matcher, VectorBuilder to);
  }

  private static ScalarFunction matching(
      String name, String doc, DataType type, int flags, Answer answer) {
    return Declared.bound(
        name + "(text String, pattern const String)",
        doc,
        args -> {
          Pattern pattern =
              Patterns.regex(Arguments.constantText(name, args, 1), flags | Pattern.DOTALL);
          if (type == GROUPS && pattern.groupCount() == 0) {
            throw new VarveException(
                ErrorCode.BAD_ARGUMENTS, name + " wants a pattern with groups in parentheses");
          }
          return RowBinding.of(
              type,
              (v, row, to) ->
                  answer.append(pattern.matcher(RowBinding.text(v.getFirst(), row)), to));
        });
  }

  private static void text(String text, VectorBuilder to) {
    RowBinding.append(text == null ? "" : text, to);
  }

  private static void all(Matcher matcher, VectorBuilder to) {
    while (matcher.find()) {
      text(matcher.groupCount() > 0 ? matcher.group(1) : matcher.group(), to.child(0));
    }
    to.endList();
  }

  private static void groups(Matcher matcher, VectorBuilder to) {
    if (matcher.find()) {
      for (int g = 1; g <= matcher.groupCount(); g++) {
        text(matcher.group(g), to.child(0));
      }
    }
    to.endList();
  }

  private static void byMatch(Matcher matcher, VectorBuilder to) {
    while (matcher.find()) {
      for (int g = 1; g <= matcher.groupCount(); g++) {
        text(matcher.group(g), to.child(0).child(0));
      }
      to.child(0).endList();
    }
    to.endList();
  }

  private static void byGroup(Matcher matcher, VectorBuilder to) {
    List<List<String>> groups = new ArrayList<>();
    for (int g = 0; g < matcher.groupCount(); g++) {
      groups.add(new ArrayList<>());
    }
    while (matcher.find()) {
      for (int g = 0; g < groups.size(); g++) {
        groups.get(g).add(matcher.group(g + 1));
      }
    }
    for (List<String> group : groups) {
      group.forEach(match -> text(match, to.child(0).child(0)));
      to.child(0).endList();
    }
    to.endList();
  }

  private static void count(Matcher matcher, VectorBuilder to) {
    long count = 0;
    int at = 0;
    while (matcher.find(at)) {
      // A match of nothing is none, and ends the search as the next would be the same.
      if (matcher.end() == matcher.start()) {
        break;
      }
      count++;
      at = matcher.end();
    }
    to.appendLong(count);
  }

  private static ScalarFunction regexpExtract() {
    return Declared.bound(
            "regexpExtract(text String, pattern const String[, group Int])",
            "What a group of the first match matched, the first group where none is named.",
            args -> {
              Pattern pattern =
                  Patterns.regex(Arguments.constantText("regexpExtract", args, 1), Pattern.DOTALL);
              return RowBinding.of(
                  DataTypes.STRING,
                  (v, row, to) -> {
                    long group =
                        v.size() > 2 ? v.get(2).getLong(row) : Math.min(1, pattern.groupCount());
                    if (group < 0 || group > pattern.groupCount()) {
                      throw new VarveException(
                          ErrorCode.BAD_ARGUMENTS,
                          "the pattern of regexpExtract has "
                              + pattern.groupCount()
                              + " groups, but group "
                              + group
                              + " is asked for");
                    }
                    Matcher matcher = pattern.matcher(RowBinding.text(v.getFirst(), row));
                    text(matcher.find() ? matcher.group((int) group) : "", to);
                  });
            })
        .alias("REGEXP_EXTRACT", "REGEXP_SUBSTR");
  }

  private interface Found {
    void append(List<Long> indices, VectorBuilder to);
  }

  private static ScalarFunction several(String name, String doc, DataType type, Found answer) {
    return Declared.rows(
        name + "(text String, patterns Strings)",
        doc,
        type,
        (v, row, to) -> {
          String text = RowBinding.text(v.getFirst(), row);
          // Ordered by where the matches end, as a scan of the text for all patterns meets them.
          List<long[]> found = new ArrayList<>();
          long index = 0;
          for (String pattern : RowBinding.texts(v.get(1), row)) {
            index++;
            Matcher matcher = Patterns.regex(pattern, Pattern.DOTALL).matcher(text);
            if (matcher.find()) {
              found.add(new long[] {matcher.end(), index});
            }
          }
          found.sort(Comparator.comparingLong(match -> match[0]));
          answer.append(found.stream().map(match -> match[1]).toList(), to);
        });
  }

  private static ScalarFunction.Binding split(List<Argument> args) {
    Pattern pattern =
        Patterns.regex(Arguments.constantText("splitByRegexp", args, 0), Pattern.DOTALL);
    return RowBinding.of(
        TEXTS,
        (v, row, to) -> {
          String text = RowBinding.text(v.get(1), row);
          long most = v.size() > 2 ? v.get(2).getLong(row) : 0;
          Matcher matcher = pattern.matcher(text);
          int from = 0;
          boolean single = pattern.pattern().isEmpty();
          for (int i = 0; single && i < text.codePointCount(0, text.length()); i++) {
            int next = text.offsetByCodePoints(from, 1);
            text(text.substring(from, next), to.child(0));
            from = next;
          }
          long pieces = 1;
          while (!single && (most <= 0 || pieces <= most) && matcher.find()) {
            if (matcher.end() > matcher.start()) {
              text(text.substring(from, matcher.start()), to.child(0));
              from = matcher.end();
              pieces++;
            }
          }
          if (!single && !text.isEmpty() && (most <= 0 || pieces <= most)) {
            text(text.substring(from), to.child(0));
          }
          to.endList();
        });
  }
}
