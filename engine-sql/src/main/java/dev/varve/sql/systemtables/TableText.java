// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.systemtables;

import dev.varve.sql.parse.DictionaryKeys;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.table.Constraint;
import dev.varve.storage.table.Projection;
import dev.varve.storage.table.SkipIndex;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import dev.varve.storage.table.TtlRule;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A definition as the statement that makes it.
public final class TableText {
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private TableText() {}

  /// @param inner the own table of a materialized view that has one
  public static String createStatement(
      TableDefinition definition, Optional<TableDefinition> inner) {
    if (definition.isMaterializedView()) {
      return createMaterializedView(definition, inner);
    }
    StringBuilder text = new StringBuilder(definition.isView() ? "CREATE VIEW " : "CREATE TABLE ");
    text.append(full(definition.name()));
    if (definition.settings().containsKey(DictionaryKeys.KEY)) {
      return "CREATE DICTIONARY "
          + full(definition.name())
          + "\n"
          + definition.settings().get(DictionaryKeys.STATEMENT);
    }
    if (definition.isView()) {
      return text.append("\nAS ").append(definition.query()).toString();
    }
    columns(definition, text);
    text.append("\nENGINE = ").append(engine(definition));
    if (!definition.comment().isEmpty()) {
      text.append("\nCOMMENT ").append(string(definition.comment()));
    }
    return text.toString();
  }

  private static String createMaterializedView(
      TableDefinition view, Optional<TableDefinition> inner) {
    StringBuilder text = new StringBuilder("CREATE MATERIALIZED VIEW ").append(full(view.name()));
    if (inner.isEmpty()) {
      text.append(" TO ").append(full(view.target().orElseThrow()));
    }
    columns(inner.orElse(view), text);
    inner.ifPresent(own -> text.append("\nENGINE = ").append(engine(own)));
    text.append("\nAS ").append(view.query());
    if (!view.comment().isEmpty()) {
      text.append("\nCOMMENT ").append(string(view.comment()));
    }
    return text.toString();
  }

  private static String ttl(TtlRule rule) {
    return switch (rule.action()) {
      case DELETE -> rule.expression() + (rule.where().isEmpty() ? "" : " WHERE " + rule.where());
      case RECOMPRESS -> rule.expression() + " RECOMPRESS CODEC(" + rule.codec() + ")";
      case GROUP_BY ->
          rule.expression()
              + " GROUP BY "
              + String.join(", ", rule.groupBy())
              + (rule.assignments().isEmpty()
                  ? ""
                  : " SET " + String.join(", ", rule.assignments()));
    };
  }

  private static String full(TableName table) {
    return name(table.database()) + "." + name(table.table());
  }

  private static void columns(TableDefinition definition, StringBuilder text) {
    text.append("\n(");
    String separator = "\n    ";
    for (ColumnDefinition column : definition.columns()) {
      text.append(separator).append(column(column));
      separator = ",\n    ";
    }
    for (Constraint constraint : definition.constraints()) {
      text.append(separator).append("CONSTRAINT ").append(name(constraint.name()));
      text.append(constraint.checked() ? " CHECK " : " ASSUME ").append(constraint.expression());
    }
    for (Projection projection : definition.projections()) {
      text.append(separator).append("PROJECTION ").append(name(projection.name()));
      text.append(" (").append(projection.query()).append(')');
    }
    for (SkipIndex index : definition.indexes()) {
      text.append(separator).append("INDEX ").append(name(index.name())).append(' ');
      text.append(index.expression()).append(" TYPE ").append(index.type());
      text.append(" GRANULARITY ").append(index.granularity());
    }
    text.append("\n)");
  }

  private static String column(ColumnDefinition column) {
    StringBuilder text = new StringBuilder("`" + column.name() + "` ").append(column.type().name());
    if (!column.expression().isEmpty()) {
      text.append(' ').append(column.kind()).append(' ').append(column.expression());
    }
    if (!column.codec().isEmpty()) {
      text.append(" CODEC(").append(column.codec()).append(')');
    }
    if (!column.ttl().isEmpty()) {
      text.append(" TTL ").append(column.ttl());
    }
    if (!column.comment().isEmpty()) {
      text.append(" COMMENT ").append(string(column.comment()));
    }
    return text.toString();
  }

  /// The engine and all clauses behind it.
  static String engine(TableDefinition definition) {
    if (definition.forgetsRows()) {
      return engineName(definition) + (definition.readsOutside() ? settings(definition) : "");
    }
    StringBuilder text = new StringBuilder(definition.engine());
    if (!definition.engineArguments().isEmpty()) {
      text.append('(').append(String.join(", ", definition.engineArguments())).append(')');
    }
    if (!definition.partitionBy().isEmpty()) {
      text.append("\nPARTITION BY ").append(key(definition.partitionBy()));
    }
    if (!definition.primaryKey().isEmpty()
        && !definition.primaryKey().equals(definition.orderBy())) {
      text.append("\nPRIMARY KEY ").append(key(definition.primaryKey()));
    }
    text.append("\nORDER BY ").append(key(definition.orderBy()));
    String sample = definition.settings().get(TableDefinition.SAMPLE_BY);
    if (sample != null) {
      text.append("\nSAMPLE BY ").append(sample);
    }
    if (!definition.ttls().isEmpty()) {
      text.append("\nTTL ")
          .append(definition.ttls().stream().map(TableText::ttl).collect(Collectors.joining(", ")));
    }
    return text.append(settings(definition)).toString();
  }

  /// The engine as CREATE TABLE names it.
  static String engineName(TableDefinition definition) {
    if (definition.readsOutside()) {
      return "Kafka";
    }
    return definition.forgetsRows() ? "Null" : definition.engine();
  }

  private static String settings(TableDefinition definition) {
    TreeMap<String, String> settings = new TreeMap<>(definition.settings());
    settings.keySet().removeAll(TableDefinition.OF_CLAUSES);
    StringBuilder text = new StringBuilder();
    for (var setting : settings.entrySet()) {
      text.append(text.isEmpty() ? "\nSETTINGS " : ", ").append(setting.getKey()).append(" = ");
      boolean isSecret = setting.getKey().endsWith("_password");
      text.append(
          isSecret
              ? "'[HIDDEN]'"
              : setting.getValue().matches("-?[0-9]+(\\.[0-9]+)?")
                  ? setting.getValue()
                  : string(setting.getValue()));
    }
    return text.toString();
  }

  private static String key(List<String> expressions) {
    return switch (expressions.size()) {
      case 0 -> "tuple()";
      case 1 -> expressions.getFirst();
      default -> "(" + String.join(", ", expressions) + ")";
    };
  }

  /// A name, quoted where it must be.
  public static String name(String name) {
    return PLAIN_NAME.matcher(name).matches() ? name : "`" + name.replace("`", "``") + "`";
  }

  private static String string(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
