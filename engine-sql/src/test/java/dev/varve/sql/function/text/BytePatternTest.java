// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.varve.test.Randomized;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Bytes give the match and the groups that the string engine gives.
final class BytePatternTest {
  /// Null where the budget did not suffice.
  private static List<String> ofBytes(String pattern, String text) {
    BytePattern.Search search = BytePattern.of(pattern).orElseThrow().search();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int found = search.find(MemorySegment.ofArray(bytes), 0, bytes.length, 0);
    if (found < 0) {
      return null;
    }
    List<String> groups = new ArrayList<>();
    for (int g = 0; found == 1 && g <= BytePattern.of(pattern).orElseThrow().groups(); g++) {
      long from = search.begin(g);
      groups.add(
          from < 0
              ? null
              : new String(
                  bytes, (int) from, (int) (search.end(g) - from), StandardCharsets.UTF_8));
    }
    return groups;
  }

  private static List<String> ofStrings(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    List<String> groups = new ArrayList<>();
    if (matcher.find()) {
      for (int g = 0; g <= matcher.groupCount(); g++) {
        groups.add(matcher.group(g));
      }
    }
    return groups;
  }

  @Test
  void findsTheHostOfAnAddress() {
    String pattern = "^https?://(?:www\\.)?([^/]+)/.*$";
    assertThat(ofBytes(pattern, "http://www.example.org/a?b=c"))
        .containsExactly("http://www.example.org/a?b=c", "example.org");
    assertThat(ofBytes(pattern, "https://www./x")).containsExactly("https://www./x", "www.");
    assertThat(ofBytes(pattern, "https://example.org")).isEmpty();
    assertThat(ofBytes(pattern, "http://пример.рф/я\nz")).isEmpty();
    assertThat(ofBytes(pattern, "http://пример.рф/я")).element(1).isEqualTo("пример.рф");
  }

  @Test
  void leavesWhatItDoesNotKnowToTheOther() {
    for (String pattern : List.of("(?i)a", "a*?", "(ab)*", "\\bx", "[[:alpha:]]", "a{2}", "[я]")) {
      assertThat(BytePattern.of(pattern)).as(pattern).isEmpty();
    }
  }

  @Test
  void givesUpRatherThanTryForEver() {
    BytePattern.Search search = BytePattern.of("a*a*a*a*a*a*b").orElseThrow().search();
    byte[] bytes = "a".repeat(2000).getBytes(StandardCharsets.UTF_8);
    assertThat(search.find(MemorySegment.ofArray(bytes), 0, bytes.length, 0)).isEqualTo(-1);
  }

  @Randomized(times = 4000)
  void findsWhatTheOtherFinds(RandomGenerator random) {
    String pattern = pattern(random, 3);
    try {
      Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      return;
    }
    if (BytePattern.of(pattern).isEmpty()) {
      return;
    }
    for (int i = 0; i < 5; i++) {
      String text = text(random);
      List<String> found = ofBytes(pattern, text);
      if (found != null) {
        assertThat(found).as("%s in \"%s\"", pattern, text).isEqualTo(ofStrings(pattern, text));
      }
    }
  }

  private static String text(RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.append("aab/ é\nя".charAt(random.nextInt(8)));
    }
    return text.toString();
  }

  private static String pattern(RandomGenerator random, int depth) {
    StringBuilder pattern = new StringBuilder(random.nextInt(5) == 0 ? "^" : "");
    for (int i = random.nextInt(4); i >= 0; i--) {
      String[] atoms = {"a", "b", "ab", ".", "[^/]", "[ab]", "\\w", "[^a-b]", "é", "/", "\\D"};
      String atom =
          depth > 0 && random.nextInt(4) == 0
              ? (random.nextBoolean() ? "(" : "(?:") + pattern(random, depth - 1) + ")"
              : atoms[random.nextInt(atoms.length)];
      pattern.append(atom).append(List.of("", "", "*", "+", "?").get(random.nextInt(5)));
      if (depth > 0 && random.nextInt(8) == 0) {
        pattern.append('|');
      }
    }
    return pattern.append(random.nextInt(5) == 0 ? "$" : "").toString();
  }
}
