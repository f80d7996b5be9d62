// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.engine.MergeTable;
import dev.varve.sql.plan.type.ZonedTypes;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.NestedColumns;
import dev.varve.storage.format.RowConstraints;
import dev.varve.storage.table.ExpressionCompiler;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;

/// Makes whole rows of a table from rows that hold the columns an INSERT names: the others get
/// their DEFAULT expression's value, or their type's.
final class InsertColumns {
  private final List<ColumnDefinition> all;
  private final List<ColumnDefinition> given = new ArrayList<>();
  private final int[] source;
  private final ExpressionCompiler.Compiled[] defaults;
  private final int[] order;
  private final RowConstraints constraints;

  /// @param names empty for all columns
  /// @throws VarveException UNKNOWN_IDENTIFIER with a near name, DUPLICATE_COLUMN, or BAD_ARGUMENTS
  ///   for a column that is always computed
  InsertColumns(MergeTable table, List<String> names, ExpressionCompiler compiler) {
    this.all = table.insertColumns();
    List<String> known = all.stream().map(ColumnDefinition::name).toList();
    Set<String> seen = new HashSet<>();
    List<String> plain =
        all.stream()
            .filter(column -> column.kind() == ColumnDefinition.Kind.DEFAULT)
            .map(ColumnDefinition::name)
            .toList();
    for (String name : names.isEmpty() ? plain : names) {
      int index = index(table, name, known);
      if (!seen.add(known.get(index))) {
        throw new VarveException(
            ErrorCode.DUPLICATE_COLUMN, "the INSERT names column \"" + name + "\" twice");
      }
      given.add(all.get(index));
    }
    this.source = new int[all.size()];
    this.defaults = new ExpressionCompiler.Compiled[all.size()];
    List<ColumnDefinition> nameable = new ArrayList<>(all);
    nameable.addAll(table.definition().columns().stream().filter(c -> !c.isInsertable()).toList());
    for (int i = 0; i < source.length; i++) {
      ColumnDefinition column = all.get(i);
      source[i] = given.indexOf(column);
      String expression = NestedColumns.defaultOf(column, all);
      if (!expression.isEmpty()) {
        String cast = "CAST((" + expression + ") AS " + column.type().name() + ")";
        defaults[i] = compiler.compile(cast, nameable);
      }
    }
    this.constraints = new RowConstraints(table.definition(), all, compiler);
    this.order = DefaultOrder.of(all, table.definition());
  }

  private static int index(MergeTable table, String name, List<String> known) {
    int exact = known.indexOf(name);
    if (exact >= 0) {
      return exact;
    }
    List<String> near = known.stream().filter(name::equalsIgnoreCase).toList();
    if (near.size() == 1) {
      return known.indexOf(near.getFirst());
    }
    if (table.definition().column(name).isPresent()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "column \"" + name + "\" is always computed; leave it out of the INSERT");
    }
    throw new VarveException(
        ErrorCode.UNKNOWN_IDENTIFIER,
        "table "
            + table.definition().name()
            + " has no column \""
            + name
            + "\""
            + NearNames.suggest(name, known));
  }

  /// The columns in which rows come, in order.
  List<ColumnDefinition> given() {
    return given;
  }

  /// Lets times that have no zone be read in one from here on.
  ///
  /// @param zone empty for none
  InsertColumns in(String zone) {
    if (!zone.isEmpty()) {
      given.replaceAll(column -> column.withType(ZonedTypes.of(column.type(), zone)));
    }
    return this;
  }

  /// The rows with all columns of the table.
  Batch complete(Batch rows, Scratch scratch) {
    return complete(rows, _ -> null, scratch);
  }

  /// As the other, where rows left out some of the columns they were to bring.
  ///
  /// @param omitted for each given column the rows that have none, or null for none
  Batch complete(Batch rows, IntFunction<BitSet> omitted, Scratch scratch) {
    List<Vector> columns = new ArrayList<>(source.length);
    for (int i = 0; i < source.length; i++) {
      columns.add(
          source[i] >= 0
              ? typed(rows.column(source[i]), all.get(i).type())
              : defaultOf(all.get(i), rows.rows(), scratch));
    }
    for (int i : order) {
      BitSet missing = source[i] < 0 ? null : omitted.apply(source[i]);
      if (defaults[i] != null && (source[i] < 0 || missing != null)) {
        // One by one: a DEFAULT may use the value of a column that has one itself.
        Vector values = defaults[i].evaluate(new Batch(rows.rows(), columns), scratch);
        columns.set(
            i, missing == null ? values : patched(columns.get(i), values, missing, scratch));
      }
    }
    Batch whole = new Batch(rows.rows(), columns);
    check(whole, scratch);
    return whole;
  }

  // What was read in a zone lies in memory as what has none.
  private static Vector typed(Vector vector, DataType type) {
    return vector.type().equals(type) ? vector : vector.as(type);
  }

  private void check(Batch whole, Scratch scratch) {
    for (RowConstraints.Violation violation : constraints.violations(whole, scratch, 1)) {
      throw new VarveException(
          ErrorCode.VIOLATED_CONSTRAINT,
          "row " + (violation.row() + 1) + " of the block " + constraints.text(violation));
    }
  }

  private static Vector patched(Vector given, Vector computed, BitSet missing, Scratch scratch) {
    VectorBuilder patched = new VectorBuilder(given.type(), scratch);
    for (int row = 0; row < given.rows(); row++) {
      patched.append(missing.get(row) ? computed : given, row);
    }
    return patched.build();
  }

  static Vector defaultOf(ColumnDefinition column, int rows, Scratch scratch) {
    VectorBuilder single = new VectorBuilder(column.type(), scratch);
    single.appendDefault();
    return Vector.constant(column.type(), rows, single.build());
  }
}
