// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.rule.Collapser;
import dev.varve.merge.rule.RowLayout;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.part.PartLayout;
import dev.varve.storage.skip.SkipIndexes;
import dev.varve.storage.table.ExpressionCompiler;
import dev.varve.storage.table.ExpressionCompiler.Compiled;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A definition made ready to take rows: what is stored, how it is sorted, what is computed. Made
/// once for each schema version; safe for threads.
final class TableShape {
  private final TableDefinition definition;
  private final RowLayout layout;
  private final List<ColumnDefinition> insertColumns;
  private final List<Source> sources;
  private final List<Source> partitionKey;
  private final KeyEncoder keyEncoder;
  private final int[] keyIndexes;
  private final Collapser collapser;
  private final SkipIndexes skipIndexes;

  /// Where a value of a row comes from.
  private sealed interface Source {
    /// The column of this number that the insert brings.
    record Given(int index) implements Source {}

    /// A column stored before this one.
    record Stored(int index) implements Source {}

    /// An expression over all insert columns.
    record Computed(Compiled expression) implements Source {}
  }

  private TableShape(
      TableDefinition definition,
      RowLayout layout,
      List<ColumnDefinition> insertColumns,
      List<Source> sources,
      List<Source> partitionKey,
      SkipIndexes skipIndexes) {
    this.definition = definition;
    this.layout = layout;
    this.insertColumns = insertColumns;
    this.sources = sources;
    this.partitionKey = partitionKey;
    PartLayout part = new PartLayout(layout.columns(), layout.key());
    this.keyEncoder = part.keyEncoder();
    this.keyIndexes = part.keyIndexes();
    this.collapser = new Collapser(layout);
    this.skipIndexes = skipIndexes;
  }

  /// @param compiler may be null as long as every key is a plain column
  /// @throws VarveException what the compiler or the merge rule finds wrong with the definition
  static TableShape of(TableDefinition definition, ExpressionCompiler compiler) {
    return new Maker(definition, compiler).make();
  }

  private static final class Maker {
    private final TableDefinition definition;
    private final ExpressionCompiler compiler;
    private final List<ColumnDefinition> given;
    private final List<ColumnDefinition> known;
    private final Map<String, Compiled> compiled = new HashMap<>();

    Maker(TableDefinition definition, ExpressionCompiler compiler) {
      this.definition = definition;
      this.compiler = compiler;
      this.given = definition.columns().stream().filter(ColumnDefinition::isInsertable).toList();
      this.known = new ArrayList<>(given);
      known.addAll(Redefinition.computed(definition));
    }

    TableShape make() {
      RowLayout layout = RowLayout.of(definition, expression -> compile(expression).type());
      List<Source> sources = new ArrayList<>();
      for (ColumnDefinition column : layout.columns().subList(0, layout.columns().size() - 1)) {
        sources.add(source(column));
      }
      List<Source> partitionKey = new ArrayList<>();
      for (String expression : definition.partitionBy()) {
        partitionKey.add(partitionSource(layout, expression));
      }
      return new TableShape(definition, layout, given, sources, partitionKey, skipIndexes());
    }

    private SkipIndexes skipIndexes() {
      if (definition.indexes().isEmpty()) {
        return SkipIndexes.of(List.of(), List.of(), compiler);
      }
      return SkipIndexes.of(
          definition.indexes(),
          definition.columns().stream().filter(ColumnDefinition::isStored).toList(),
          this::compile);
    }

    private Compiled compile(String expression, List<ColumnDefinition> columns) {
      if (compiler == null) {
        throw noCompiler(expression);
      }
      return compiler.compile(expression, columns);
    }

    private Source source(ColumnDefinition stored) {
      int index = given.indexOf(stored);
      if (index >= 0) {
        return new Source.Given(index);
      }
      if (stored.kind() == ColumnDefinition.Kind.MATERIALIZED) {
        return new Source.Computed(
            compile("CAST((" + stored.expression() + ") AS " + stored.type().name() + ")"));
      }
      for (String expression : definition.orderBy()) {
        if (RowLayout.keyColumn(definition, expression).equals(stored.name())) {
          return new Source.Computed(compile(expression));
        }
      }
      throw new IllegalStateException("nothing fills the stored column " + stored.name());
    }

    private Source partitionSource(RowLayout layout, String expression) {
      String name = RowLayout.keyColumn(definition, expression);
      for (int i = 0; i < layout.columns().size(); i++) {
        if (layout.columns().get(i).name().equals(name)) {
          return new Source.Stored(i);
        }
      }
      return new Source.Computed(compile(expression));
    }

    private Compiled compile(String expression) {
      if (compiler == null) {
        throw noCompiler(expression);
      }
      return compiled.computeIfAbsent(expression, text -> compiler.compile(text, known));
    }

    private VarveException noCompiler(String expression) {
      return new VarveException(
          ErrorCode.NOT_IMPLEMENTED,
          "table "
              + definition.name()
              + ": \""
              + expression
              + "\" is an expression, and no compiler for expressions is plugged in");
    }
  }

  /// The skip indexes that parts of this table have.
  SkipIndexes skipIndexes() {
    return skipIndexes;
  }

  /// Compiles what only inserts and reads evaluate.
  ///
  /// @throws VarveException what is wrong with an expression
  void checkExpressions(ExpressionCompiler compiler) {
    if (compiler == null) {
      return;
    }
    List<ColumnDefinition> known = new ArrayList<>(insertColumns);
    known.addAll(Redefinition.computed(definition));
    for (ColumnDefinition column : definition.columns()) {
      if (!column.expression().isEmpty()) {
        String cast = "CAST((" + column.expression() + ") AS " + column.type().name() + ")";
        compiler.compile(cast, known);
      }
    }
    definition.constraints().forEach(c -> compiler.compile(c.expression(), known));
    definition.ttls().forEach(rule -> DefinitionCheck.action(definition, rule));
    definition
        .ttls()
        .forEach(ttl -> DefinitionCheck.ttl(definition, ttl.expression(), known, compiler));
    for (ColumnDefinition column : definition.columns()) {
      if (!column.ttl().isEmpty()) {
        DefinitionCheck.columnTtl(definition, column, layout.fixedColumns(), known, compiler);
      }
    }
  }

  /// Whether rows have as many columns, of the types that an insert brings.
  boolean fits(Batch rows) {
    boolean fits = rows.columns().size() == insertColumns.size();
    for (int i = 0; fits && i < insertColumns.size(); i++) {
      DataType wanted = insertColumns.get(i).type();
      fits = rows.column(i).type().unwrapped().equals(wanted.unwrapped());
    }
    return fits;
  }

  TableDefinition definition() {
    return definition;
  }

  RowLayout layout() {
    return layout;
  }

  Collapser collapser() {
    return collapser;
  }

  List<ColumnDefinition> insertColumns() {
    return insertColumns;
  }

  KeyEncoder keyEncoder() {
    return keyEncoder;
  }

  /// The layout of a part that stores these columns of it.
  PartLayout partLayout(List<ColumnDefinition> columns) {
    return new PartLayout(columns, layout.key());
  }

  /// Positions of the sorting key's columns among the stored ones.
  int[] keyIndexes() {
    return keyIndexes.clone();
  }

  /// The key columns among the stored ones.
  List<Vector> keys(List<Vector> stored) {
    List<Vector> keys = new ArrayList<>(keyIndexes.length);
    for (int index : keyIndexes) {
      keys.add(stored.get(index));
    }
    return keys;
  }

  /// The types of the partition key's values.
  List<DataType> partitionTypes() {
    return partitionKey.stream().map(this::type).toList();
  }

  private DataType type(Source source) {
    return switch (source) {
      case Source.Given(int index) -> insertColumns.get(index).type();
      case Source.Stored(int index) -> layout.columns().get(index).type();
      case Source.Computed(Compiled expression) -> expression.type();
    };
  }

  boolean isPartitioned() {
    return !partitionKey.isEmpty();
  }

  /// The stored columns of rows as inserted, without `_seq`. Nothing is copied that need not be.
  List<Vector> stored(Batch rows, Scratch scratch) {
    checkColumns(rows);
    List<Vector> stored = new ArrayList<>(sources.size() + 1);
    for (int i = 0; i < sources.size(); i++) {
      Vector vector = evaluate(sources.get(i), rows, stored, scratch);
      DataType type = layout.columns().get(i).type();
      stored.add(vector.type().equals(type) ? vector : vector.as(type));
    }
    return stored;
  }

  /// The values of the partition key.
  List<Vector> partitionKey(Batch rows, List<Vector> stored, Scratch scratch) {
    return partitionKey.stream().map(s -> evaluate(s, rows, stored, scratch)).toList();
  }

  private static Vector evaluate(Source source, Batch rows, List<Vector> stored, Scratch scratch) {
    return switch (source) {
      case Source.Given(int index) -> rows.column(index);
      case Source.Stored(int index) -> stored.get(index);
      case Source.Computed(Compiled expression) -> expression.evaluate(rows, scratch);
    };
  }

  private void checkColumns(Batch rows) {
    if (rows.columns().size() != insertColumns.size()) {
      throw new VarveException(
          ErrorCode.NUMBER_OF_COLUMNS_DOESNT_MATCH,
          "table "
              + definition.name()
              + " takes "
              + insertColumns.size()
              + " columns "
              + insertColumns.stream().map(ColumnDefinition::name).toList()
              + ", found "
              + rows.columns().size());
    }
    for (int i = 0; i < insertColumns.size(); i++) {
      DataType wanted = insertColumns.get(i).type();
      Vector found = rows.column(i);
      boolean fits = found.type().unwrapped().equals(wanted.unwrapped());
      boolean nullFits = wanted.isNullable() || !found.mayHaveNulls() || hasNoNull(found);
      if (!fits || !nullFits) {
        throw new VarveException(
            ErrorCode.TYPE_MISMATCH,
            "column \""
                + insertColumns.get(i).name()
                + "\" of table "
                + definition.name()
                + " is "
                + wanted.name()
                + ", found "
                + (fits ? "a NULL" : found.type().name()));
      }
    }
  }

  private static boolean hasNoNull(Vector vector) {
    for (int row = 0; row < vector.rows(); row++) {
      if (vector.isNull(row)) {
        return false;
      }
    }
    return true;
  }

  /// A column whose values lie as its type says (narrow decimals widened), without a validity
  /// bitmap where the type has no NULL.
  static Vector asStored(Vector vector, DataType type, Scratch scratch) {
    Vector plain = vector;
    if (plain.physical() != type.physical()) {
      plain = VectorOps.widen(VectorOps.flatten(plain, scratch), type.physical(), scratch);
    }
    if (!type.isNullable() && plain.validity() != null) {
      plain = plain.withValidity(null);
    }
    return plain.type().equals(type) ? plain : plain.as(type);
  }
}
