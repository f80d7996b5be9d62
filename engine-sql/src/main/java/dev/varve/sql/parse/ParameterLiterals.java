// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/// Puts the values of parameters into the tree as literals, so that nothing behind the parser knows
/// of parameters. A value never becomes SQL text.
final class ParameterLiterals {
  private static final Pattern NULLABLE =
      Pattern.compile("\\s*(LowCardinality\\s*\\(\\s*)?Nullable\\b");
  private static final Pattern CONTAINER = Pattern.compile("\\s*(Array|Map|Tuple|Nested)\\b");

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter NANOS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.nnnnnnnnn", Locale.ROOT);

  private ParameterLiterals() {}

  static SqlNode positional(ParseState state, int index, SqlParserPos pos) {
    state.positionalSeen = Math.max(state.positionalSeen, index + 1);
    state.places.put(pos, index);
    if (state.values.positional().isEmpty()) {
      return SqlLiteral.createNull(pos);
    }
    List<Object> given = state.values.positional().get();
    if (index >= given.size()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          place(pos)
              + "no value is set for parameter "
              + (index + 1)
              + "; "
              + given.size()
              + " were given");
    }
    return literal(given.get(index), pos);
  }

  static SqlNode named(ParseState state, String image, SqlParserPos pos) {
    String type = type(image);
    SqlNode value =
        state.values.named().isEmpty()
            ? SqlLiteral.createNull(pos)
            : text(value(state, image, pos), type, pos);
    return SqlStdOperatorTable.CAST.createCall(pos, value, DataTypeSpec.of(type, pos));
  }

  /// A value as tab-separated text has it: with backslash escapes, but for containers, whose
  /// strings have their own; `\N` is NULL.
  private static SqlNode text(String value, String type, SqlParserPos pos) {
    if (value.equals("\\N") && NULLABLE.matcher(type).lookingAt()) {
      return SqlLiteral.createNull(pos);
    }
    boolean isPlain = value.indexOf('\\') < 0 || CONTAINER.matcher(type).lookingAt();
    return SqlLiteral.createCharString(isPlain ? value : Lexis.plain(value), "UTF8", pos);
  }

  /// The name that `{name:Identifier}` stands for.
  static String name(ParseState state, String image, SqlParserPos pos) {
    return state.values.named().isEmpty() ? key(image) : value(state, image, pos);
  }

  static boolean isName(String image) {
    return type(image).equals("Identifier");
  }

  private static String value(ParseState state, String image, SqlParserPos pos) {
    Map<String, String> given = state.values.named().orElseThrow();
    String value = given.get(key(image));
    if (value == null) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          place(pos)
              + "no value is set for parameter "
              + image
              + "; pass it as param_"
              + key(image)
              + NearNames.suggest(key(image), given.keySet()));
    }
    return value;
  }

  private static String key(String image) {
    return image.substring(1, image.indexOf(':')).strip();
  }

  private static String type(String image) {
    return image.substring(image.indexOf(':') + 1, image.length() - 1).strip();
  }

  static SqlNode literal(Object value, SqlParserPos pos) {
    return switch (value) {
      case null -> SqlLiteral.createNull(pos);
      case Boolean b -> SqlLiteral.createBoolean(b, pos);
      case Float f -> cast(f.toString(), "Float32", pos);
      case Double d -> cast(d.toString(), "Float64", pos);
      case BigDecimal d -> SqlLiteral.createExactNumeric(d.toPlainString(), pos);
      case BigInteger i -> SqlLiteral.createExactNumeric(i.toString(), pos);
      case Number n -> SqlLiteral.createExactNumeric(Long.toString(n.longValue()), pos);
      case java.time.LocalDate d -> cast(d.toString(), "Date32", pos);
      case LocalDateTime t ->
          t.getNano() == 0
              ? cast(SECONDS.format(t), "DateTime64(0)", pos)
              : cast(NANOS.format(t), "DateTime64(9)", pos);
      case java.util.UUID u -> cast(u.toString(), "UUID", pos);
      case byte[] raw ->
          Trees.call("unhex", pos, SqlLiteral.createCharString(HexFormat.of().formatHex(raw), pos));
      case List<?> list -> {
        List<SqlNode> elements = new ArrayList<>();
        for (Object element : list) {
          elements.add(literal(element, pos));
        }
        yield Trees.call("array", pos, elements);
      }
      case Map<?, ?> map -> {
        List<SqlNode> entries = new ArrayList<>();
        map.forEach((key, element) -> {
          entries.add(literal(key, pos));
          entries.add(literal(element, pos));
        });
        yield Trees.call("map", pos, entries);
      }
      default -> SqlLiteral.createCharString(value.toString(), "UTF8", pos);
    };
  }

  private static SqlNode cast(String text, String type, SqlParserPos pos) {
    return SqlStdOperatorTable.CAST.createCall(
        pos, SqlLiteral.createCharString(text, pos), DataTypeSpec.of(type, pos));
  }

  private static String place(SqlParserPos pos) {
    return "line " + pos.getLineNum() + ", column " + pos.getColumnNum() + ": ";
  }
}
