// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// What a run of the parser gathers beside the tree: settings, the output format, aliases given
/// inside expressions.
final class ParseState {
  final SourceText source;
  ParameterValues values;
  int positionalSeen;

  /// Where each `?` stands, with its number from 0 on.
  final Map<SqlParserPos, Integer> places = new LinkedHashMap<>();

  Map<String, String> settings = new LinkedHashMap<>();
  Optional<String> format = Optional.empty();

  /// Whether rows of an INSERT stand behind the last token read.
  boolean rowsFollow;

  /// Aliases inside expressions, per SELECT being read, innermost first.
  private final Deque<Map<String, SqlNode>> scopes = new ArrayDeque<>();

  /// `WITH expression AS alias`, until the query behind it is whole.
  final Map<SqlNode, Map<String, SqlNode>> withAliases = new IdentityHashMap<>();

  ParseState(String text, ParameterValues values) {
    this.source = new SourceText(text);
    this.values = values;
  }

  /// Which of the SELECTs being read have WITH TOTALS, innermost first.
  private final Deque<Boolean> totals = new ArrayDeque<>();

  /// The SELECT of the totals of a query, while the query around it is read.
  final Map<SqlNode, SqlNode> totalsOf = new IdentityHashMap<>();

  private boolean keepsTotals = true;

  void openScope() {
    scopes.push(new HashMap<>());
    totals.push(false);
  }

  Map<String, SqlNode> closeScope() {
    return scopes.pop();
  }

  /// WITH TOTALS was read.
  void totals() {
    totals.pop();
    totals.push(true);
  }

  boolean closeTotals() {
    return totals.pop();
  }

  /// Rows of the query being read are kept, where a row of totals has no place.
  void withoutTotals() {
    keepsTotals = false;
  }

  boolean keepsTotals() {
    return keepsTotals;
  }

  /// What is read from here on is kept as text: parameters are open until it is used.
  void keepsParameters() {
    values = ParameterValues.UNKNOWN;
  }

  /// Whether no SELECT is being read.
  boolean isOutermost() {
    return scopes.isEmpty();
  }

  void alias(String name, SqlNode expression) {
    if (!scopes.isEmpty()) {
      scopes.peek().put(name, expression);
    }
  }
}
