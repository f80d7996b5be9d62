// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import dev.varve.sql.function.text.BytePattern.Chars;
import dev.varve.sql.function.text.BytePattern.Step;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the regular expressions that [BytePattern] can match; for any other it says so, and never
/// guesses. Whether a pattern is one at all is asked of the other engine before.
final class BytePatternParser {

  /// A piece of the tree that a pattern is.
  private sealed interface Node {
    record Text(byte[] bytes) implements Node {}

    record One(Chars chars) implements Node {}

    record Many(Chars chars, int least, int most) implements Node {}

    record Maybe(Node inner) implements Node {}

    record Group(int number, Node inner) implements Node {}

    record All(List<Node> inner) implements Node {}

    record Any(List<Node> inner) implements Node {}

    record Edge(boolean start) implements Node {}
  }

  /// The pattern has something this parser does not know.
  private static final class UnknownSyntax extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnknownSyntax() {
      super("unknown syntax", null, false, false);
    }
  }

  private final String pattern;
  private int at;
  private int groups;
  private final List<Step> steps = new ArrayList<>();

  BytePatternParser(String pattern) {
    this.pattern = pattern;
  }

  Optional<BytePattern> parse() {
    try {
      Node tree = alternatives();
      if (at < pattern.length()) {
        return Optional.empty();
      }
      int match = add(new Step.Match());
      int first = compile(tree, match);
      return Optional.of(new BytePattern(steps.toArray(Step[]::new), first, groups));
    } catch (UnknownSyntax e) {
      return Optional.empty();
    }
  }

  private Node alternatives() {
    List<Node> ways = new ArrayList<>();
    ways.add(sequence());
    while (at < pattern.length() && pattern.charAt(at) == '|') {
      at++;
      ways.add(sequence());
    }
    return ways.size() == 1 ? ways.getFirst() : new Node.Any(ways);
  }

  private Node sequence() {
    List<Node> nodes = new ArrayList<>();
    while (at < pattern.length() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
      nodes.add(repeated(atom()));
    }
    return new Node.All(nodes);
  }

  private Node atom() {
    char c = pattern.charAt(at++);
    return switch (c) {
      case '(' -> group();
      case '[' -> new Node.One(bracket());
      case '.' -> new Node.One(not(only('\n')));
      case '^' -> new Node.Edge(true);
      case '$' -> new Node.Edge(false);
      case '\\' -> escape();
      case '*', '+', '?', '{', '}', ']' -> throw new UnknownSyntax();
      default -> literal(c);
    };
  }

  private Node literal(char c) {
    if (c < 128) {
      return new Node.One(only(c));
    }
    int codePoint = pattern.codePointAt(at - 1);
    at += Character.charCount(codePoint) - 1;
    return new Node.Text(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
  }

  private Node group() {
    int number = 0;
    if (pattern.startsWith("?:", at)) {
      at += 2;
    } else if (pattern.startsWith("?", at)) {
      throw new UnknownSyntax();
    } else {
      number = ++groups;
    }
    Node inner = alternatives();
    if (at == pattern.length()) {
      throw new UnknownSyntax();
    }
    at++;
    return number == 0 ? inner : new Node.Group(number, inner);
  }

  private Node escape() {
    if (at == pattern.length()) {
      throw new UnknownSyntax();
    }
    return new Node.One(escaped(pattern.charAt(at++)));
  }

  private static Chars escaped(char c) {
    return switch (c) {
      case 'd' -> range('0', '9');
      case 'D' -> not(range('0', '9'));
      case 'w' -> word();
      case 'W' -> not(word());
      case 's' -> space();
      case 'S' -> not(space());
      case 'n' -> only('\n');
      case 't' -> only('\t');
      case 'r' -> only('\r');
      default -> {
        if (c >= 128 || Character.isLetterOrDigit(c)) {
          throw new UnknownSyntax();
        }
        yield only(c);
      }
    };
  }

  private Chars bracket() {
    boolean negated = at < pattern.length() && pattern.charAt(at) == '^';
    at += negated ? 1 : 0;
    Chars all = new Chars(0, 0, false);
    boolean first = true;
    while (true) {
      char c = inBracket();
      if (c == ']' && !first) {
        return negated ? not(all) : all;
      }
      first = false;
      if (c == '[' || c >= 128) {
        throw new UnknownSyntax();
      }
      if (c == '\\') {
        all = or(all, escaped(inBracket()));
      } else if (at + 1 < pattern.length()
          && pattern.charAt(at) == '-'
          && pattern.charAt(at + 1) != ']') {
        at++;
        char end = inBracket();
        if (end >= 128 || end == '\\' || end == '[' || end < c) {
          throw new UnknownSyntax();
        }
        all = or(all, range(c, end));
      } else {
        all = or(all, only(c));
      }
    }
  }

  private char inBracket() {
    if (at == pattern.length()) {
      throw new UnknownSyntax();
    }
    return pattern.charAt(at++);
  }

  private Node repeated(Node node) {
    if (at == pattern.length()) {
      return node;
    }
    int least = 0;
    int most = Integer.MAX_VALUE;
    switch (pattern.charAt(at)) {
      case '*' -> at++;
      case '+' -> {
        least = 1;
        at++;
      }
      case '?' -> {
        most = 1;
        at++;
      }
      case '{' -> throw new UnknownSyntax();
      default -> {
        return node;
      }
    }
    // A second mark would make it lazy, or repeat what is repeated.
    if (at < pattern.length() && "*+?{".indexOf(pattern.charAt(at)) >= 0) {
      throw new UnknownSyntax();
    }
    return switch (node) {
      case Node.One(Chars chars) -> new Node.Many(chars, least, most);
      case Node.Edge _ -> throw new UnknownSyntax();
      default -> {
        if (most != 1) {
          throw new UnknownSyntax();
        }
        yield new Node.Maybe(node);
      }
    };
  }

  private static Chars only(char c) {
    return range(c, c);
  }

  private static Chars range(char from, char to) {
    long low = 0;
    long high = 0;
    for (int c = from; c <= to; c++) {
      if (c < 64) {
        low |= 1L << c;
      } else {
        high |= 1L << c;
      }
    }
    return new Chars(low, high, false);
  }

  private static Chars word() {
    return or(or(range('a', 'z'), range('A', 'Z')), or(range('0', '9'), only('_')));
  }

  private static Chars space() {
    return or(or(only('\t'), only('\n')), or(range('\f', '\r'), only(' ')));
  }

  private static Chars or(Chars a, Chars b) {
    return new Chars(a.low() | b.low(), a.high() | b.high(), a.others() | b.others());
  }

  private static Chars not(Chars a) {
    return new Chars(~a.low(), ~a.high(), !a.others());
  }

  private int add(Step step) {
    steps.add(step);
    return steps.size() - 1;
  }

  /// Adds the steps of a node, last first, so that each knows what comes behind it.
  private int compile(Node node, int next) {
    return switch (node) {
      case Node.Text(byte[] bytes) -> add(new Step.Literal(bytes, next));
      case Node.One(Chars chars) -> one(chars, next);
      case Node.Many(Chars chars, int least, int most) ->
          add(
              new Step.Many(
                  chars, least, most, isPossessive(chars, next), chars.onlyMissing(), next));
      case Node.Maybe(Node inner) -> add(new Step.Either(compile(inner, next), next));
      case Node.Group(int number, Node inner) -> {
        int end = add(new Step.Save(2 * number + 1, next));
        yield add(new Step.Save(2 * number, compile(inner, end)));
      }
      case Node.All(List<Node> inner) -> {
        int step = next;
        for (Node last : inner.reversed()) {
          step = compile(last, step);
        }
        yield step;
      }
      case Node.Any(List<Node> inner) -> {
        int step = compile(inner.getLast(), next);
        for (Node way : inner.subList(0, inner.size() - 1).reversed()) {
          step = add(new Step.Either(compile(way, next), step));
        }
        yield step;
      }
      case Node.Edge(boolean start) -> add(start ? new Step.Start(next) : new Step.End(next));
    };
  }

  /// A single character joins the text behind it.
  private int one(Chars chars, int next) {
    int c = single(chars);
    if (c < 0) {
      return add(new Step.One(chars, next));
    }
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    text.write(c);
    int behind = next;
    if (steps.get(next) instanceof Step.Literal(byte[] bytes, int after)) {
      text.write(bytes, 0, bytes.length);
      behind = after;
    }
    return add(new Step.Literal(text.toByteArray(), behind));
  }

  private static int single(Chars chars) {
    if (chars.others() || Long.bitCount(chars.low()) + Long.bitCount(chars.high()) != 1) {
      return -1;
    }
    return chars.low() != 0
        ? Long.numberOfTrailingZeros(chars.low())
        : 64 + Long.numberOfTrailingZeros(chars.high());
  }

  /// Whether giving back characters of a run never helps: what comes behind cannot begin with one.
  private boolean isPossessive(Chars chars, int next) {
    return switch (steps.get(next)) {
      case Step.Literal(byte[] bytes, int _) -> bytes[0] >= 0 && !chars.has(bytes[0]);
      case Step.Save(int _, int behind) -> isPossessive(chars, behind);
      case Step.End _ -> true;
      case Step.Match _ -> true;
      default -> false;
    };
  }
}
