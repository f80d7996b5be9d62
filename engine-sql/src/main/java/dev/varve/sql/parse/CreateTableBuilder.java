// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.Constraint;
import dev.varve.storage.table.Projection;
import dev.varve.storage.table.SkipIndex;
import dev.varve.storage.table.TtlRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A CREATE TABLE while it is read.
final class CreateTableBuilder {
  final List<Statement.Column> columns = new ArrayList<>();
  final Map<String, String> settings = new LinkedHashMap<>();
  Optional<Statement.Engine> engine = Optional.empty();
  Optional<List<String>> orderBy = Optional.empty();
  Optional<List<String>> primaryKey = Optional.empty();
  Optional<List<String>> partitionBy = Optional.empty();
  Optional<String> sampleBy = Optional.empty();
  final List<TtlRule> ttls = new ArrayList<>();
  final List<SkipIndex> indexes = new ArrayList<>();
  final List<Constraint> constraints = new ArrayList<>();
  final List<Projection> projections = new ArrayList<>();
  Optional<Statement.Name> asTable = Optional.empty();
  Optional<Statement.Query> asQuery = Optional.empty();
  String comment = "";

  /// Whether the rows of the other table are taken too.
  boolean clones;

  /// Whether its column changes one that is there, and so needs no type.
  boolean isChange;

  private String name;
  private Optional<String> type = Optional.empty();
  private Optional<Boolean> nullable = Optional.empty();
  private ColumnDefinition.Kind kind = ColumnDefinition.Kind.DEFAULT;
  private String expression = "";
  private String codec = "";
  private Optional<String> columnTtl = Optional.empty();
  private boolean key;
  private String columnComment = "";

  void startColumn() {
    name = null;
    type = Optional.empty();
    nullable = Optional.empty();
    kind = ColumnDefinition.Kind.DEFAULT;
    expression = "";
    codec = "";
    columnTtl = Optional.empty();
    key = false;
    columnComment = "";
  }

  void columnName(String value) {
    name = value;
  }

  void columnType(String spelling) {
    type = Optional.of(spelling);
  }

  void nullable(boolean value) {
    nullable = Optional.of(value);
  }

  void kind(String word) {
    kind = ColumnDefinition.Kind.valueOf(word.toUpperCase(Locale.ROOT));
  }

  void expression(String text) {
    expression = text;
  }

  void codec(String text) {
    codec = text;
  }

  void columnTtl(String text) {
    columnTtl = Optional.of(text);
  }

  void columnComment(String text) {
    columnComment = text;
  }

  void columnIsKey() {
    key = true;
  }

  void endColumn() {
    if (kind == ColumnDefinition.Kind.EPHEMERAL && type.isEmpty() && expression.isEmpty()) {
      type = Optional.of("String");
    }
    if (type.isEmpty() && expression.isEmpty() && !isChange) {
      throw new VarveException(
          ErrorCode.SYNTAX_ERROR,
          "column \"" + name + "\" needs a type, or a DEFAULT expression that gives one");
    }
    columns.add(
        new Statement.Column(
            name, type, nullable, kind, expression, codec, columnTtl, key, columnComment));
  }

  Statement build(Statement.Name table, boolean ifNotExists, boolean replace) {
    return new Statement.CreateTable(
        table,
        ifNotExists,
        replace,
        List.copyOf(columns),
        engine,
        orderBy,
        primaryKey,
        partitionBy.orElse(List.of()),
        sampleBy,
        List.copyOf(ttls),
        List.copyOf(indexes),
        List.copyOf(constraints),
        List.copyOf(projections),
        Map.copyOf(settings),
        comment,
        asTable,
        asQuery,
        clones);
  }
}
