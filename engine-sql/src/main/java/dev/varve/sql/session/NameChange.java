// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.table.Constraint;
import dev.varve.storage.table.SkipIndex;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TtlRule;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A column's new name, put into the expressions of a definition.
record NameChange(String from, String to) {
  private static final Pattern TOKEN =
      Pattern.compile("'(?:[^'\\\\]|\\\\.|'')*'|`[^`]*`|\"[^\"]*\"|[A-Za-z_][A-Za-z0-9_]*");

  ColumnDefinition in(ColumnDefinition column) {
    return column
        .withDefault(column.kind(), in(column.expression()))
        .withTtl(in(column.ttl()))
        .withHistory(column.namings(), in(column.fill()));
  }

  TableDefinition in(TableDefinition table) {
    return table
        .change()
        .ttls(table.ttls().stream().map(this::in).toList())
        .constraints(
            table.constraints().stream()
                .map(c -> new Constraint(c.name(), c.checked(), in(c.expression())))
                .toList())
        .indexes(
            table.indexes().stream()
                .map(i -> new SkipIndex(i.name(), in(i.expression()), i.type(), i.granularity()))
                .toList())
        .done();
  }

  private TtlRule in(TtlRule rule) {
    return new TtlRule(
        in(rule.expression()),
        rule.action(),
        in(rule.where()),
        inAll(rule.groupBy()),
        inAll(rule.assignments()),
        rule.codec());
  }

  private List<String> inAll(List<String> expressions) {
    return expressions.stream().map(this::in).toList();
  }

  private String in(String expression) {
    String spelled = to.matches("[A-Za-z_][A-Za-z0-9_]*") ? to : "`" + to + "`";
    Matcher tokens = TOKEN.matcher(expression);
    StringBuilder changed = new StringBuilder();
    while (tokens.find()) {
      String token = tokens.group();
      boolean isCall = expression.startsWith("(", tokens.end());
      boolean same = !token.startsWith("'") && token.replaceAll("[`\"]", "").equals(from);
      tokens.appendReplacement(
          changed, Matcher.quoteReplacement(same && !isCall ? spelled : token));
    }
    return tokens.appendTail(changed).toString();
  }
}
