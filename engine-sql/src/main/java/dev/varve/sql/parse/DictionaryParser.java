// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import dev.varve.sql.parse.AccessTokens.Kind;
import dev.varve.sql.parse.AccessTokens.Token;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Reads statements about dictionaries, which are told from others by their first words. A
/// dictionary is a view of its source, with settings that say how `dictGet` looks rows up in it; so
/// it is never older than the source.
final class DictionaryParser {
  private static final Pattern FIRST =
      Pattern.compile(
          "\\A(?:\\s|--[^\\n]*\\n|/\\*.*?\\*/)*(?:"
              + "CREATE\\s+(?:OR\\s+REPLACE\\s+)?DICTIONARY|DROP\\s+DICTIONARY"
              + "|EXISTS\\s+DICTIONARY|SHOW\\s+(?:CREATE\\s+DICTIONARY|DICTIONARIES)"
              + "|SYSTEM\\s+RELOAD\\s+DICTIONAR(?:Y|IES))\\b.*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final List<String> WORDS_OF_COLUMNS =
      List.of(
          "DEFAULT", "EXPRESSION", "HIERARCHICAL", "INJECTIVE", "IS_OBJECT_ID", "BIDIRECTIONAL");

  private final String text;
  private final AccessTokens in;
  private final Map<String, String> types = new LinkedHashMap<>();
  private final Map<String, String> expressions = new LinkedHashMap<>();
  private final Map<String, String> settings = new LinkedHashMap<>();
  private List<String> key = List.of();
  private String source = "";
  private String comment = "";

  private DictionaryParser(String text) {
    this.text = text;
    this.in = new AccessTokens(text);
  }

  static boolean isDictionary(String text) {
    return FIRST.matcher(text).matches();
  }

  static StatementParser.Parsed parse(String text) {
    DictionaryParser parser = new DictionaryParser(text);
    Statement statement = parser.statement();
    Optional<String> format =
        parser.in.take("FORMAT") ? Optional.of(parser.in.name()) : Optional.empty();
    parser.in.end();
    return new StatementParser.Parsed(statement, format);
  }

  private Statement statement() {
    if (in.take("CREATE")) {
      boolean replace = in.take("OR", "REPLACE");
      in.expect("DICTIONARY");
      return create(replace);
    }
    if (in.take("DROP", "DICTIONARY")) {
      boolean ifExists = in.take("IF", "EXISTS");
      Statement.Name name = name();
      in.take("SYNC");
      return new Statement.Drop(List.of(name), ifExists, true);
    }
    if (in.take("EXISTS", "DICTIONARY")) {
      return new Statement.ExistsTable(name());
    }
    if (in.take("SHOW", "CREATE", "DICTIONARY")) {
      return new Statement.ShowCreate(name());
    }
    if (in.take("SHOW", "DICTIONARIES")) {
      String database =
          in.take("FROM") || in.take("IN") ? StringLiteral.of(in.name()) : "currentDatabase()";
      String like = in.take("LIKE") ? " AND name LIKE " + StringLiteral.of(in.string()) : "";
      return StatementParser.parse(
          "SELECT name FROM system.dictionaries WHERE database = "
              + database
              + like
              + " ORDER BY name");
    }
    in.expect("SYSTEM", "RELOAD");
    if (!in.take("DICTIONARIES")) {
      in.expect("DICTIONARY");
      name();
    }
    return new Statement.SystemNothing();
  }

  private Statement.Name name() {
    String first = in.name();
    return in.take(".")
        ? new Statement.Name(Optional.of(first), in.name())
        : new Statement.Name(Optional.empty(), first);
  }

  private Statement create(boolean replace) {
    boolean ifNotExists = in.take("IF", "NOT", "EXISTS");
    Statement.Name name = name();
    if (in.take("ON", "CLUSTER")) {
      in.name();
    }
    int from = in.peek().from();
    in.expect("(");
    do {
      column();
    } while (in.take(","));
    in.expect(")");
    int to = from;
    while (clause()) {
      to = in.peek().from();
    }
    if (key.isEmpty() || source.isEmpty()) {
      throw in.unexpected(key.isEmpty() ? "PRIMARY KEY" : "SOURCE");
    }
    for (String column : key) {
      if (!types.containsKey(column)) {
        throw new VarveException(
            ErrorCode.UNKNOWN_IDENTIFIER, "the dictionary has no column \"" + column + "\"");
      }
    }
    settings.put(DictionaryKeys.KEY, String.join("\n", key));
    settings.put(DictionaryKeys.STATEMENT, in.source(from, to));
    Statement.Query query = (Statement.Query) StatementParser.parse(query());
    return new Statement.CreateView(name, ifNotExists, replace, query, comment, settings);
  }

  private String query() {
    String items =
        types.entrySet().stream()
            .map(column ->
                "CAST("
                    + expressions.getOrDefault(column.getKey(), quoted(column.getKey()))
                    + ", "
                    + StringLiteral.of(column.getValue())
                    + ") AS "
                    + quoted(column.getKey()))
            .collect(Collectors.joining(", "));
    return "SELECT " + items + " FROM " + source;
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  private void column() {
    String name = in.name();
    types.put(name, textUntil());
    while (true) {
      if (in.take("DEFAULT")) {
        settings.put(DictionaryKeys.DEFAULT + name, textUntil());
      } else if (in.take("EXPRESSION")) {
        expressions.put(name, textUntil());
      } else if (in.take("HIERARCHICAL")) {
        settings.put(DictionaryKeys.PARENT, name);
      } else if (!in.take("INJECTIVE") && !in.take("IS_OBJECT_ID") && !in.take("BIDIRECTIONAL")) {
        return;
      }
    }
  }

  /// What stands before the next comma, closing parenthesis or word of a column.
  private String textUntil() {
    int from = in.peek().from();
    int to = from;
    int depth = 0;
    for (Token token = in.peek(); token.kind() != Kind.END; token = in.peek()) {
      boolean sign = token.kind() == Kind.SIGN;
      boolean ends = sign && (token.text().equals(",") || token.text().equals(")"));
      boolean isWord =
          token.kind() == Kind.WORD
              && WORDS_OF_COLUMNS.stream().anyMatch(token.text()::equalsIgnoreCase);
      if (depth == 0 && to > from && (ends || isWord)) {
        break;
      }
      depth += sign && token.text().equals("(") ? 1 : sign && token.text().equals(")") ? -1 : 0;
      to = in.next().to();
    }
    return text.substring(from, to).strip();
  }

  private boolean clause() {
    if (in.take("PRIMARY", "KEY")) {
      key = keys();
    } else if (in.take("SOURCE")) {
      in.expect("(");
      source();
      in.expect(")");
    } else if (in.take("LAYOUT")) {
      in.expect("(");
      settings.put(DictionaryKeys.LAYOUT, in.name());
      skip();
      in.expect(")");
    } else if (in.take("LIFETIME") || in.take("SETTINGS")) {
      skip();
    } else if (in.take("RANGE")) {
      in.expect("(", "MIN");
      String least = in.name();
      in.expect("MAX");
      settings.put(DictionaryKeys.RANGE, least + "\n" + in.name());
      in.expect(")");
    } else if (in.take("COMMENT")) {
      comment = in.string();
    } else {
      return false;
    }
    return true;
  }

  private List<String> keys() {
    List<String> keys = new ArrayList<>();
    boolean open = in.take("(");
    do {
      keys.add(in.name());
    } while (in.take(","));
    if (open) {
      in.expect(")");
    }
    return keys;
  }

  /// Whatever stands between parentheses, if they come next.
  private void skip() {
    if (!in.take("(")) {
      return;
    }
    for (int depth = 1; depth > 0; ) {
      if (in.peek().kind() == Kind.END) {
        throw in.unexpected(")");
      }
      depth += in.take("(") ? 1 : in.take(")") ? -1 : 0;
      if (depth > 0 && !in.isNext("(") && !in.isNext(")")) {
        in.next();
      }
    }
  }

  private void source() {
    String kind = in.name();
    if (kind.equalsIgnoreCase("NULL")) {
      in.expect("(", ")");
      throw new VarveException(
          ErrorCode.NOT_IMPLEMENTED, "a dictionary reads a table: SOURCE(CLICKHOUSE(TABLE 't'))");
    }
    if (!kind.equalsIgnoreCase("CLICKHOUSE")) {
      throw new VarveException(
          ErrorCode.NOT_IMPLEMENTED,
          "a dictionary cannot read "
              + kind.toUpperCase(java.util.Locale.ROOT)
              + "; put the rows into a table and name it: SOURCE(CLICKHOUSE(TABLE 't'))");
    }
    in.expect("(");
    Map<String, String> given = new LinkedHashMap<>();
    while (!in.take(")")) {
      String word = in.name().toUpperCase(java.util.Locale.ROOT);
      if (in.take("(")) {
        in.expect(")");
        given.put(word, "");
      } else {
        given.put(word, in.value());
      }
    }
    if (given.containsKey("QUERY")) {
      source = "(" + given.get("QUERY") + ")";
    } else if (given.containsKey("TABLE")) {
      String database = given.getOrDefault("DB", "");
      source =
          (database.isEmpty() ? "" : quoted(database) + ".")
              + quoted(given.get("TABLE"))
              + (given.containsKey("WHERE") ? " WHERE " + given.get("WHERE") : "");
    } else {
      throw in.unexpected("TABLE or QUERY");
    }
    settings.put(
        DictionaryKeys.SOURCE,
        given.containsKey("QUERY")
            ? "ClickHouse: query"
            : "ClickHouse: " + new TableName(given.getOrDefault("DB", ""), given.get("TABLE")));
  }
}
