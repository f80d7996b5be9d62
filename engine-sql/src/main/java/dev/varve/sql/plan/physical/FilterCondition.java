// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.Expression;
import dev.varve.storage.skip.SkipHash;
import dev.varve.storage.skip.SkipIndexData.Filters;
import dev.varve.storage.skip.SkipIndexType;
import dev.varve.storage.skip.TextPieces;
import dev.varve.storage.type.DataType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What must be in a Bloom filter for a condition to be true of some row behind it.
sealed interface FilterCondition {
  boolean mayMatch(Filters filters, int entry);

  /// All of these hashes.
  record Holds(int expression, long[] hashes) implements FilterCondition {
    @Override
    public boolean mayMatch(Filters filters, int entry) {
      for (long hash : hashes) {
        if (!filters.mayHold(expression, entry, hash)) {
          return false;
        }
      }
      return true;
    }
  }

  record All(List<FilterCondition> conditions) implements FilterCondition {
    @Override
    public boolean mayMatch(Filters filters, int entry) {
      return conditions.stream().allMatch(c -> c.mayMatch(filters, entry));
    }
  }

  record Any(List<FilterCondition> conditions) implements FilterCondition {
    @Override
    public boolean mayMatch(Filters filters, int entry) {
      return conditions.stream().anyMatch(c -> c.mayMatch(filters, entry));
    }
  }

  /// What a condition demands of the index's filters, or nothing.
  static Optional<FilterCondition> of(Expression condition, IndexedValue values) {
    return new Reader(values).read(condition);
  }

  /// Turns conditions into demands. What it does not know demands nothing.
  final class Reader {
    private final IndexedValue values;
    private final SkipIndexType type;

    private Reader(IndexedValue values) {
      this.values = values;
      this.type = values.index().type();
    }

    private Optional<FilterCondition> read(Expression condition) {
      return switch (condition) {
        case Expression.And(List<Expression> operands) -> {
          List<FilterCondition> all = new ArrayList<>();
          operands.forEach(operand -> read(operand).ifPresent(all::add));
          yield all.isEmpty() ? Optional.empty() : Optional.of(new All(all));
        }
        case Expression.Or(List<Expression> operands) -> any(operands.stream().map(this::read));
        case Expression.InList in when values.find(in.operand()) >= 0 ->
            anyOf(values.find(in.operand()), List.copyOf(in.set().values()), in.operand().type());
        case Expression.Call call when isTruthOfToken(call) -> read(call.arguments().getFirst());
        case Expression.Call call when call.arguments().size() == 2 -> call(call);
        default -> Optional.empty();
      };
    }

    private static Optional<FilterCondition> any(
        java.util.stream.Stream<Optional<FilterCondition>> demands) {
      List<Optional<FilterCondition>> all = demands.toList();
      return all.isEmpty() || all.stream().anyMatch(Optional::isEmpty)
          ? Optional.empty()
          : Optional.of(new Any(all.stream().map(Optional::get).toList()));
    }

    /// `hasToken` gives a number, so a condition of it alone comes as `hasToken(…) <> 0`.
    private static boolean isTruthOfToken(Expression.Call call) {
      String name = call.function().name();
      return (name.equals("notEquals") || name.equals("equals"))
          && call.arguments().get(0) instanceof Expression.Call token
          && token.function().name().startsWith("hasToken")
          && call.arguments().get(1) instanceof Expression.Literal(Number number, DataType _)
          && number.doubleValue() == (name.equals("equals") ? 1 : 0);
    }

    private Optional<FilterCondition> call(Expression.Call call) {
      String name = call.function().name();
      Expression left = call.arguments().get(0);
      Expression right = call.arguments().get(1);
      if (name.equals("equals") && left instanceof Expression.Literal) {
        Expression swapped = left;
        left = right;
        right = swapped;
      }
      if (!(right instanceof Expression.Literal(Object value, DataType from)) || value == null) {
        return Optional.empty();
      }
      if (name.equals("equals")) {
        Optional<FilterCondition> ofKey = mapValue(left, value);
        if (ofKey.isPresent()) {
          return ofKey;
        }
        left = IndexedValue.unwidened(left);
      }
      if (name.equals("mapContains") || name.equals("mapContainsKey")) {
        int keys = mapKeys(left);
        return keys < 0 ? Optional.empty() : equal(keys, value, from);
      }
      if (name.startsWith("hasTokenCaseInsensitive")) {
        return lowerToken(left, value);
      }
      int expression = values.find(left);
      if (expression < 0) {
        return Optional.empty();
      }
      boolean isArray =
          values.index().types().get(expression).unwrapped() instanceof DataType.Array;
      return switch (name) {
        case "equals" -> isArray ? Optional.empty() : equal(expression, value, from);
        case "has" -> isArray ? equal(expression, value, from) : Optional.empty();
        case "hasAny", "hasAll" -> isArray ? many(name, expression, value, from) : Optional.empty();
        case "like", "startsWith", "endsWith", "hasToken", "hasTokenOrNull", "multiSearchAny" ->
            isArray ? Optional.empty() : text(name, expression, value);
        default -> Optional.empty();
      };
    }

    /// A word in any case, by an index over the text in lower case.
    private Optional<FilterCondition> lowerToken(Expression text, Object token) {
      int expression = values.find(text);
      if (!(text instanceof Expression.Call call && call.function().name().equals("lower"))) {
        expression = values.find("lower:String(" + values.text(text) + ")");
      }
      // lower() leaves letters beyond ASCII as they are.
      return expression >= 0
              && token instanceof String word
              && word.chars().allMatch(letter -> letter < 128)
          ? text("hasToken", expression, word.toLowerCase(Locale.ROOT))
          : Optional.empty();
    }

    private int mapKeys(Expression map) {
      if (!(map.type().unwrapped() instanceof DataType.MapOf(DataType key, DataType _))) {
        return -1;
      }
      return values.find("mapKeys:Array(" + key.name() + ")(" + values.text(map) + ")");
    }

    /// `m[k] = v`: a map without the key gives the default value, so another value needs the key.
    private Optional<FilterCondition> mapValue(Expression left, Object value) {
      if (left instanceof Expression.Call call
          && call.function().name().equals("arrayElement")
          && call.arguments().get(1) instanceof Expression.Literal(Object key, DataType keyType)
          && key != null
          && !isDefault(value)) {
        int keys = mapKeys(call.arguments().getFirst());
        return keys < 0 ? Optional.empty() : equal(keys, key, keyType);
      }
      return Optional.empty();
    }

    private static boolean isDefault(Object value) {
      return !(value instanceof String text && !text.isEmpty())
          && !(value instanceof Long number && number != 0)
          && !(value instanceof java.math.BigInteger big && big.signum() != 0);
    }

    private Optional<FilterCondition> many(
        String name, int expression, Object value, DataType from) {
      if (!(value instanceof List<?> list)
          || !(from.unwrapped() instanceof DataType.Array(DataType element))) {
        return Optional.empty();
      }
      if (name.equals("hasAny")) {
        return list.isEmpty()
            ? Optional.empty()
            : any(list.stream().map(v -> equal(expression, v, element)));
      }
      List<FilterCondition> all = new ArrayList<>();
      list.forEach(v -> equal(expression, v, element).ifPresent(all::add));
      return all.isEmpty() ? Optional.empty() : Optional.of(new All(all));
    }

    private Optional<FilterCondition> anyOf(int expression, List<Object> list, DataType from) {
      if (values.index().types().get(expression).unwrapped() instanceof DataType.Array
          || list.size() > 1000) {
        return Optional.empty();
      }
      return any(list.stream().filter(v -> v != null).map(v -> equal(expression, v, from)));
    }

    /// A value equal to this one.
    private Optional<FilterCondition> equal(int expression, Object value, DataType from) {
      if (type instanceof SkipIndexType.Bloom) {
        return values
            .key(value, from, values.elementType(expression))
            .map(key -> new Holds(expression, new long[] {SkipHash.of(key, 0, key.length, 0)}));
      }
      return value instanceof String text
          ? pieces(expression, literal(text), true, true)
          : Optional.empty();
    }

    private Optional<FilterCondition> text(String name, int expression, Object value) {
      if (type instanceof SkipIndexType.Bloom) {
        return Optional.empty();
      }
      if (name.equals("multiSearchAny")) {
        return value instanceof List<?> needles && !needles.isEmpty()
            ? any(
                needles.stream()
                    .map(needle ->
                        needle instanceof String text
                            ? pieces(expression, literal(text), false, false)
                            : Optional.<FilterCondition>empty()))
            : Optional.empty();
      }
      if (!(value instanceof String text)) {
        return Optional.empty();
      }
      return switch (name) {
        case "like" -> pieces(expression, pattern(text), true, true);
        case "startsWith" -> pieces(expression, literal(text), true, false);
        case "endsWith" -> pieces(expression, literal(text), false, true);
        case "hasToken", "hasTokenOrNull" -> pieces(expression, literal(text), true, true);
        default -> Optional.empty();
      };
    }

    /// Bytes of a text; what a pattern leaves open is -1.
    private static List<Integer> literal(String text) {
      List<Integer> bytes = new ArrayList<>();
      for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
        bytes.add(b & 0xFF);
      }
      return bytes;
    }

    private static List<Integer> pattern(String like) {
      List<Integer> bytes = new ArrayList<>();
      byte[] text = like.getBytes(StandardCharsets.UTF_8);
      for (int at = 0; at < text.length; at++) {
        if (text[at] == '%' || text[at] == '_') {
          bytes.add(-1);
        } else {
          at += text[at] == '\\' && at + 1 < text.length ? 1 : 0;
          bytes.add(text[at] & 0xFF);
        }
      }
      return bytes;
    }

    /// The words or n-grams that a text must have to look like this.
    ///
    /// @param fromStart whether the first byte begins the text, else anything may stand before it
    private Optional<FilterCondition> pieces(
        int expression, List<Integer> bytes, boolean fromStart, boolean toEnd) {
      List<Long> hashes = new ArrayList<>();
      byte[] text = new byte[bytes.size()];
      for (int i = 0; i < text.length; i++) {
        text[i] = (byte) (int) bytes.get(i);
      }
      int from = 0;
      for (int at = 0; at <= text.length; at++) {
        if (at == text.length || bytes.get(at) < 0) {
          boolean begins = from == 0 && fromStart;
          boolean ends = at == text.length && toEnd;
          stretch(text, from, at, begins, ends, hashes);
          from = at + 1;
        }
      }
      return hashes.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new Holds(expression, hashes.stream().mapToLong(Long::longValue).toArray()));
    }

    private void stretch(
        byte[] text, int from, int to, boolean begins, boolean ends, List<Long> hashes) {
      switch (type) {
        case SkipIndexType.Ngrams ngrams ->
            TextPieces.ngrams(
                text,
                from,
                to,
                ngrams.length(),
                (t, a, b) -> hashes.add(SkipHash.of(t, a, b, ngrams.seed())));
        case SkipIndexType.Tokens tokens ->
            TextPieces.words(
                text,
                from,
                to,
                (t, a, b) -> {
                  // A word at an open end may be a part of a longer one.
                  if ((a > from || begins) && (b < to || ends)) {
                    hashes.add(SkipHash.of(t, a, b, tokens.seed()));
                  }
                });
        case SkipIndexType.Bloom _,
            SkipIndexType.MinMax _,
            SkipIndexType.ValueSet _,
            SkipIndexType.Bitmap _ -> {}
      }
    }
  }
}
