// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.catalog.Catalog;
import dev.varve.sql.catalog.Relation;
import dev.varve.sql.operator.BlockScan;
import dev.varve.sql.operator.Operator;
import dev.varve.sql.operator.Values;
import dev.varve.sql.plan.PlanContext;
import dev.varve.sql.plan.type.RelTypeFactory;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableName;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.calcite.rel.type.RelDataType;

/// The leaves of one query: every table it names, found once.
///
/// A leaf goes by a key of its own in the rewritten query, so that the validator finds it without
/// looking into databases.
final class Relations {
  private final PlanContext context;
  private final RelTypeFactory types;
  private final Map<String, ScanTable> leaves = new HashMap<>();

  Relations(PlanContext context, RelTypeFactory types) {
    this.context = context;
    this.types = types;
  }

  Map<String, ScanTable> leaves() {
    return leaves;
  }

  /// Called before files of the server are read; refuses who may not.
  void requireFiles(String function) {
    context.catalog().requireFiles(function);
  }

  Optional<ScanTable> leaf(String key) {
    return Optional.ofNullable(leaves.get(key));
  }

  /// What a name in FROM means, in the query's database if it gives none.
  ///
  /// @throws VarveException UNKNOWN_DATABASE or UNKNOWN_TABLE, with a near name
  Found find(List<String> parts, String database) {
    String wantedDatabase = parts.size() > 1 ? parts.getFirst() : database;
    String wanted = parts.getLast();
    Catalog catalog = context.catalog();
    Optional<Relation> exact = catalog.find(new TableName(wantedDatabase, wanted));
    if (exact.isPresent()) {
      return new Found(new TableName(wantedDatabase, wanted), exact.get());
    }
    String spelled =
        Names.match(wantedDatabase, catalog.databases())
            .orElseThrow(() ->
                new VarveException(
                    ErrorCode.UNKNOWN_DATABASE,
                    "no database \""
                        + wantedDatabase
                        + "\""
                        + NearNames.suggest(wantedDatabase, catalog.databases())));
    Optional<TableName> near =
        Names.match(wanted, catalog.tables(spelled)).map(t -> new TableName(spelled, t));
    return near.flatMap(name -> catalog.find(name).map(relation -> new Found(name, relation)))
        .orElseThrow(() ->
            new VarveException(
                ErrorCode.UNKNOWN_TABLE,
                "no table \""
                    + wanted
                    + "\" in database \""
                    + spelled
                    + "\""
                    + NearNames.suggest(wanted, catalog.tables(spelled))));
  }

  record Found(TableName name, Relation relation) {}

  /// Adds a table with parts; gives its key. `columns` are the stored ones.
  String add(
      Found found, Relation.Stored stored, List<String> columns, List<DataType> columnTypes) {
    String key = found.name().toString();
    leaves.computeIfAbsent(
        key,
        _ -> leaf(key, columns, columnTypes, new ScanTable.Origin.Stored(stored.table()), 1e6));
    return key;
  }

  /// Adds rows on their way into a table. `columns` are the stored ones.
  String add(
      TableName name, Relation.Block block, List<String> columns, List<DataType> columnTypes) {
    List<String> known = block.columns().stream().map(ColumnDefinition::name).toList();
    List<Integer> positions = columns.stream().map(known::indexOf).toList();
    long rows = block.batches().get().stream().mapToLong(Batch::rows).sum();
    Supplier<Operator> scan = () -> new BlockScan(columnTypes, positions, block.batches().get());
    return add(name.toString(), columns, columnTypes, new ScanTable.Origin.Made(scan, true), rows);
  }

  /// Adds rows that are made when read.
  String add(TableName name, Relation.Rows rows) {
    List<String> columns = rows.columns().stream().map(c -> c.name()).toList();
    List<DataType> columnTypes = rows.columns().stream().map(c -> c.type()).toList();
    return add(
        name.toString(),
        columns,
        columnTypes,
        () -> new Values(columnTypes, rows.rows().get()),
        100);
  }

  /// Adds what an operator gives.
  String add(
      String name,
      List<String> columns,
      List<DataType> columnTypes,
      Supplier<Operator> operator,
      double rowCount) {
    return add(name, columns, columnTypes, new ScanTable.Origin.Made(operator, false), rowCount);
  }

  private String add(
      String name,
      List<String> columns,
      List<DataType> columnTypes,
      ScanTable.Origin origin,
      double rowCount) {
    String key = leaves.containsKey(name) ? name + "#" + leaves.size() : name;
    leaves.put(key, leaf(key, columns, columnTypes, origin, rowCount));
    return key;
  }

  /// Adds what stands for a query that names itself.
  String add(Recursion.Leaf leaf) {
    String key = leaf.name() + "#" + leaves.size();
    double rows = Recursion.estimatedRows();
    leaves.put(key, leaf(key, leaf.columns(), leaf.types(), leaf.origin(), rows));
    return key;
  }

  private ScanTable leaf(
      String key,
      List<String> columns,
      List<DataType> columnTypes,
      ScanTable.Origin origin,
      double rowCount) {
    List<RelDataType> relTypes = new ArrayList<>();
    columnTypes.forEach(type -> relTypes.add(types.of(type)));
    return new ScanTable(
        key, columns, columnTypes, types.createStructType(relTypes, columns), origin, rowCount);
  }
}
