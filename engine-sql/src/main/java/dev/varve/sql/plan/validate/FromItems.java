// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.merge.engine.MergeTable;
import dev.varve.sql.catalog.Relation;
import dev.varve.sql.operator.VirtualColumn;
import dev.varve.sql.parse.OrderMarks;
import dev.varve.sql.parse.PasteJoin;
import dev.varve.sql.parse.PlainSelect;
import dev.varve.sql.plan.PlanContext;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import dev.varve.storage.type.DataType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlTableRef;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/// Rewrites FROM and adds what it names to the names of its query.
final class FromItems {
  private final Queries queries;
  private final Expressions expressions;
  private final Relations relations;
  private final PlanContext context;
  private final TableFunctions tableFunctions;
  private final JoinItems joins;
  private final ArrayJoinItems arrayJoins;

  FromItems(
      Queries queries,
      Expressions expressions,
      Relations relations,
      Typing typing,
      PlanContext context) {
    this.queries = queries;
    this.expressions = expressions;
    this.relations = relations;
    this.context = context;
    this.tableFunctions = new TableFunctions(typing, relations, context.catalog());
    this.joins = new JoinItems(this, expressions);
    this.arrayJoins = new ArrayJoinItems(this, expressions);
  }

  SqlNode rewrite(SqlNode item, Names names, Queries.Environment environment) {
    return switch (item) {
      case SqlIdentifier table -> table(table, table.names.getLast(), true, names, environment);
      case PasteJoin paste -> joins.paste(paste, names, environment);
      case SqlJoin join -> joins.join(join, names, environment);
      case SqlTableRef reference -> rewrite(reference.operand(0), names, environment);
      case SqlCall call when call.getOperator() == OrderMarks.ARRAY_JOIN ->
          arrayJoins.arrayJoin(call, names, environment);
      case SqlCall call when call.getOperator() == OrderMarks.SAMPLE ->
          sampled(call, names, environment);
      case SqlCall call when call.getKind() == SqlKind.AS -> aliased(call, names, environment);
      case SqlCall call when call.getKind() == SqlKind.LATERAL ->
          SqlStdOperatorTable.LATERAL.createCall(
              call.getParserPosition(), rewrite(call.operand(0), names, environment));
      case SqlCall call when isTableFunction(call) -> {
        SqlCall function = call.getKind() == SqlKind.COLLECTION_TABLE ? call.operand(0) : call;
        yield function(function, function.getOperator().getName(), names, environment);
      }
      default ->
          subquery(item, "_subquery" + names.sources().size(), List.of(), names, environment);
    };
  }

  /// Finds the queries that have an alias among the items of FROM: `FROM (…) AS a, a AS b` reads
  /// one twice.
  static void collectSubqueries(SqlNode item, Names names) {
    if (item instanceof SqlJoin join) {
      collectSubqueries(join.getLeft(), names);
      collectSubqueries(join.getRight(), names);
    } else if (item.getKind() == SqlKind.AS
        && ((SqlCall) item).operandCount() == 2
        && ((SqlCall) item).operand(0).isA(SqlKind.QUERY)) {
      SqlCall as = (SqlCall) item;
      names.subquery(as.<SqlIdentifier>operand(1).getSimple(), as.operand(0));
    }
  }

  private static boolean isTableFunction(SqlCall call) {
    return call.getKind() == SqlKind.COLLECTION_TABLE || call.getKind() == SqlKind.OTHER_FUNCTION;
  }

  static SqlNode named(SqlNode value, String name) {
    SqlParserPos position = value.getParserPosition();
    return SqlStdOperatorTable.AS.createCall(position, value, new SqlIdentifier(name, position));
  }

  private SqlNode aliased(SqlCall as, Names names, Queries.Environment environment) {
    SqlNode item = as.operand(0);
    String alias = as.<SqlIdentifier>operand(1).getSimple();
    List<SqlNode> columns = as.getOperandList().subList(2, as.operandCount());
    if (item instanceof SqlTableRef reference) {
      item = reference.operand(0);
    }
    if (columns.isEmpty()
        && item instanceof SqlIdentifier table
        && table.isSimple()
        && !table.getSimple().equals(alias)
        && names.subquery(table.getSimple()).isPresent()) {
      SqlNode query = names.subquery(table.getSimple()).get();
      return subquery(query, alias, List.of(), names, environment);
    }
    if (columns.isEmpty() && item instanceof SqlIdentifier table) {
      return table(table, alias, false, names, environment);
    }
    if (columns.isEmpty() && item instanceof SqlCall call && isTableFunction(call)) {
      SqlCall function = call.getKind() == SqlKind.COLLECTION_TABLE ? call.operand(0) : call;
      return function(function, alias, names, environment);
    }
    boolean named =
        item instanceof SqlIdentifier || item instanceof SqlCall c && isTableFunction(c);
    SqlNode query =
        named
            ? PlainSelect.of(
                List.of(SqlIdentifier.star(item.getParserPosition())),
                item,
                item.getParserPosition())
            : item;
    return subquery(query, alias, columns, names, environment);
  }

  /// `t SAMPLE k OFFSET m`: a query of the rows whose sampling key lies in a range.
  private SqlNode sampled(SqlCall call, Names names, Queries.Environment environment) {
    SqlNode item = call.operand(0);
    SqlNode table = item.getKind() == SqlKind.AS ? ((SqlCall) item).operand(0) : item;
    SqlParserPos position = call.getParserPosition();
    if (!(table instanceof SqlIdentifier name)) {
      throw Place.error(ErrorCode.SAMPLING_NOT_SUPPORTED, position, "SAMPLE is of a table only");
    }
    SqlNode from = rewrite(item, names, environment);
    Names.Source source = names.sources().getLast();
    Sampling sampling = Sampling.of(name, relations, environment.database(), call);
    Names inside = new Names(null);
    inside.add(Names.Source.of(source.alias(), source.columns()));
    queries.enter(inside, environment);
    SqlNode key = expressions.rewrite(expressionOf(sampling.key()), inside);
    List<SqlNode> items = new ArrayList<>();
    List<String> columns = new ArrayList<>(source.columns());
    columns.remove(Sampling.FACTOR);
    for (String column : columns) {
      items.add(named(new SqlIdentifier(List.of(source.alias(), column), position), column));
    }
    items.add(named(sampling.factor(expressions.operators(), position), Sampling.FACTOR));
    columns.add(Sampling.FACTOR);
    names.replaceLast(
        new Names.Source(source.alias(), source.database(), columns, source.starred()));
    SqlNode condition = sampling.condition(key, expressions.operators(), position);
    return as(PlainSelect.of(items, from, condition, position), source.alias(), List.of());
  }

  static SqlNode as(SqlNode item, String alias, List<SqlNode> columns) {
    List<SqlNode> operands = new ArrayList<>();
    operands.add(item);
    operands.add(new SqlIdentifier(alias, item.getParserPosition()));
    operands.addAll(columns);
    return SqlStdOperatorTable.AS.createCall(item.getParserPosition(), operands);
  }

  SqlNode subquery(
      SqlNode query,
      String alias,
      List<SqlNode> columns,
      Names names,
      Queries.Environment environment) {
    boolean lateral = query.getKind() == SqlKind.LATERAL;
    SqlNode inner = lateral ? ((SqlCall) query).operand(0) : query;
    Queries.Rewritten rewritten =
        queries.rewrite(inner, lateral ? names : names.outer(), environment);
    List<String> columnNames =
        columns.isEmpty()
            ? rewritten.columns()
            : columns.stream().map(column -> ((SqlIdentifier) column).getSimple()).toList();
    names.add(Names.Source.of(alias, columnNames));
    SqlNode node =
        lateral
            ? SqlStdOperatorTable.LATERAL.createCall(query.getParserPosition(), rewritten.node())
            : rewritten.node();
    return as(node, alias, columns);
  }

  private SqlNode function(
      SqlCall call, String alias, Names names, Queries.Environment environment) {
    try {
      switch (call.getOperator().getName().toLowerCase(Locale.ROOT)) {
        case "values" -> {
          ValueLists rows = ValueLists.of(call);
          return subquery(rows.query(), alias, rows.columns(), names, environment);
        }
        case "merge" -> {
          SqlNode merged = MergedTables.of(call, context, environment.database());
          SqlNode item = subquery(merged, alias, List.of(), names, environment);
          names.replaceLast(MergedTables.source(alias, names.sources().getLast().columns()));
          return item;
        }
        case "dictionary" -> {
          TableName name = Dictionaries.nameOf(call.operand(0), context);
          return table(
              new SqlIdentifier(List.of(name.database(), name.table()), call.getParserPosition()),
              alias,
              false,
              names,
              environment);
        }
        default -> {}
      }
      Optional<ViewParameters> view =
          ViewParameters.of(call, context.catalog(), environment.database());
      if (view.isPresent()) {
        return view(view.get().view(), view.get().query(), alias, names);
      }
      String name = call.getOperator().getName();
      TableFunctions.Leaf leaf =
          TableFunctions.takesNames(name)
              ? tableFunctions.find(name, call.getOperandList())
              : tableFunctions.find(name, expressions.rewriteAll(call.getOperandList(), names));
      names.add(Names.Source.of(alias, leaf.columns()));
      return as(new SqlIdentifier(leaf.key(), call.getParserPosition()), alias, List.of());
    } catch (VarveException e) {
      throw Place.at(call.getParserPosition(), e);
    }
  }

  private SqlNode table(
      SqlIdentifier table,
      String alias,
      boolean bare,
      Names names,
      Queries.Environment environment) {
    SqlParserPos position = table.getParserPosition();
    if (table.isSimple()) {
      Optional<String> recursive = Names.match(table.getSimple(), environment.recursive().keySet());
      if (recursive.isPresent()) {
        Recursion.Leaf leaf = environment.recursive().get(recursive.get());
        names.add(Names.Source.of(alias, leaf.columns()));
        return as(new SqlIdentifier(relations.add(leaf), position), alias, List.of());
      }
      Optional<String> with = Names.match(table.getSimple(), environment.withs().keySet());
      if (with.isPresent()) {
        names.add(Names.Source.of(alias, environment.withs().get(with.get())));
        return as(new SqlIdentifier(with.get(), position), alias, List.of());
      }
    }
    if (TableFunctions.isEndless(table.names)) {
      TableFunctions.Leaf leaf = tableFunctions.find(table.names.getLast(), List.of());
      names.add(Names.Source.of(alias, leaf.columns()));
      return as(new SqlIdentifier(leaf.key(), position), alias, List.of());
    }
    try {
      Relations.Found found = relations.find(table.names, environment.database());
      String database = bare ? found.name().database() : "";
      String known = bare ? found.name().table() : alias;
      if (!bare) {
        names.original(found.name().database() + "." + found.name().table(), alias);
      }
      return switch (found.relation()) {
        case Relation.View(TableDefinition view) -> view(view, known, names);
        case Relation.Rows rows -> {
          List<String> columns = rows.columns().stream().map(ColumnDefinition::name).toList();
          names.add(new Names.Source(known, database, columns, columns));
          SqlIdentifier leaf = new SqlIdentifier(relations.add(found.name(), rows), position);
          yield rows.columns().stream().anyMatch(this::isMoved)
              ? as(inZone(leaf, rows.columns()), known, List.of())
              : as(leaf, known, List.of());
        }
        case Relation.Stored stored ->
            stored(
                stored.table().definition(),
                virtualColumns(stored.table()),
                (columns, types) -> relations.add(found, stored, columns, types),
                known,
                database,
                position,
                names,
                environment);
        case Relation.Block block ->
            stored(
                block.definition(),
                Map.of(),
                (columns, types) -> relations.add(found.name(), block, columns, types),
                known,
                database,
                position,
                names,
                environment);
      };
    } catch (VarveException e) {
      throw Place.at(position, e);
    }
  }

  private SqlNode view(TableDefinition view, String alias, Names names) {
    return view(view, context.parser().apply(view.query()), alias, names);
  }

  private SqlNode view(TableDefinition view, SqlNode query, String alias, Names names) {
    Queries.Rewritten rewritten =
        queries.rewrite(query, null, Queries.Environment.of(view.name().database()));
    names.add(Names.Source.of(alias, rewritten.columns()));
    return as(rewritten.node(), alias, List.of());
  }

  /// @param virtual columns that tell where a row lies, with their types
  /// @param leafOf adds the leaf of these stored columns and gives its key
  private SqlNode stored(
      TableDefinition definition,
      Map<String, DataType> virtual,
      BiFunction<List<String>, List<DataType>, String> leafOf,
      String alias,
      String database,
      SqlParserPos position,
      Names names,
      Queries.Environment environment) {
    List<String> columns = new ArrayList<>();
    List<DataType> types = new ArrayList<>();
    List<String> all = new ArrayList<>();
    List<String> starred = new ArrayList<>();
    for (ColumnDefinition column : definition.columns()) {
      if (column.kind() == ColumnDefinition.Kind.EPHEMERAL) {
        continue;
      }
      all.add(column.name());
      if (column.kind() == ColumnDefinition.Kind.DEFAULT) {
        starred.add(column.name());
      }
      if (column.isStored()) {
        columns.add(column.name());
        types.add(column.type());
      }
    }
    all.addAll(virtual.keySet());
    columns.addAll(virtual.keySet());
    types.addAll(virtual.values());
    String key = leafOf.apply(columns, types);
    names.add(new Names.Source(alias, database, all, starred));
    SqlIdentifier leaf = new SqlIdentifier(key, position);
    return definition.columns().stream().allMatch(c -> c.isStored() && !isMoved(c))
        ? as(leaf, alias, List.of())
        : as(withAliasColumns(leaf, definition, virtual.keySet(), environment), alias, List.of());
  }

  private static Map<String, DataType> virtualColumns(MergeTable table) {
    List<DataType> partition = table.partitionTypes();
    Map<String, DataType> types = new LinkedHashMap<>();
    for (VirtualColumn virtual : VirtualColumn.values()) {
      boolean isThere = virtual != VirtualColumn.PARTITION_VALUE || !partition.isEmpty();
      if (isThere && table.definition().column(virtual.columnName()).isEmpty()) {
        types.put(virtual.columnName(), virtual.type(partition));
      }
    }
    return types;
  }

  // A table with ALIAS columns is a query that computes them.
  private SqlNode withAliasColumns(
      SqlIdentifier leaf,
      TableDefinition definition,
      Collection<String> virtual,
      Queries.Environment environment) {
    SqlParserPos position = leaf.getParserPosition();
    TableName name = definition.name();
    Names inside = new Names(null);
    List<String> readable = new ArrayList<>();
    definition.columns().stream()
        .filter(ColumnDefinition::isStored)
        .forEach(column -> readable.add(column.name()));
    readable.addAll(virtual);
    inside.add(Names.Source.of(name.table(), readable));
    queries.enter(inside, environment);
    List<SqlNode> items = new ArrayList<>();
    for (ColumnDefinition column : definition.columns()) {
      if (column.kind() == ColumnDefinition.Kind.ALIAS) {
        inside.alias(column.name(), expressionOf(column.expression()));
      }
    }
    List<String> given = new ArrayList<>();
    definition.columns().stream()
        .filter(column -> column.kind() != ColumnDefinition.Kind.EPHEMERAL)
        .forEach(column -> given.add(column.name()));
    given.addAll(virtual);
    for (String column : given) {
      SqlNode plain = expressions.rewrite(new SqlIdentifier(column, position), inside);
      SqlNode value =
          definition
              .column(column)
              .filter(this::isMoved)
              .map(moved -> expressions.inZone(moved.type(), plain))
              .orElse(plain);
      items.add(
          SqlStdOperatorTable.AS.createCall(position, value, new SqlIdentifier(column, position)));
    }
    return PlainSelect.of(items, as(leaf, name.table(), List.of()), position);
  }

  /// Whether a column holds times that are in the session's zone.
  private boolean isMoved(ColumnDefinition column) {
    return !expressions.zone().of(column.type()).equals(column.type());
  }

  private SqlNode inZone(SqlIdentifier leaf, List<ColumnDefinition> columns) {
    SqlParserPos position = leaf.getParserPosition();
    List<SqlNode> items = new ArrayList<>();
    for (ColumnDefinition column : columns) {
      SqlIdentifier name = new SqlIdentifier(column.name(), position);
      SqlNode value = isMoved(column) ? expressions.inZone(column.type(), name) : name;
      items.add(SqlStdOperatorTable.AS.createCall(position, value, name));
    }
    return PlainSelect.of(items, leaf, position);
  }

  private SqlNode expressionOf(String text) {
    SqlNode parsed = context.parser().apply("SELECT " + text);
    if (parsed instanceof SqlSelect select && select.getSelectList().size() == 1) {
      return select.getSelectList().get(0);
    }
    throw new VarveException(
        ErrorCode.SYNTAX_ERROR, "an ALIAS column holds one expression, found " + text);
  }
}
