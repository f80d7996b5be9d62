// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.catalog.Relation;
import dev.varve.sql.operator.VirtualColumn;
import dev.varve.sql.parse.OrderMarks;
import dev.varve.sql.parse.PasteJoin;
import dev.varve.sql.parse.PickedJoin;
import dev.varve.sql.parse.PlainSelect;
import dev.varve.sql.plan.PlanContext;
import dev.varve.sql.plan.relation.PickJoin;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import dev.varve.storage.type.DataType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlAsofJoin;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
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
  private int clauses;

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
  }

  SqlNode rewrite(SqlNode item, Names names, Queries.Environment environment) {
    return switch (item) {
      case SqlIdentifier table -> table(table, table.names.getLast(), true, names, environment);
      case PasteJoin paste -> paste(paste, names, environment);
      case SqlJoin join -> join(join, names, environment);
      case SqlTableRef reference -> rewrite(reference.operand(0), names, environment);
      case SqlCall call when call.getOperator() == OrderMarks.ARRAY_JOIN ->
          arrayJoin(call, names, environment);
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

  private SqlNode paste(PasteJoin join, Names names, Queries.Environment environment) {
    SqlParserPos position = join.getParserPosition();
    SqlNode left = numbered(join.getLeft(), names, environment);
    SqlIdentifier leftNumber = numberOf(names, position);
    SqlNode right = numbered(join.getRight(), names, environment);
    names.hideSources();
    return new SqlJoin(
        position,
        left,
        SqlLiteral.createBoolean(false, position),
        JoinType.INNER.symbol(position),
        right,
        JoinConditionType.ON.symbol(position),
        SqlStdOperatorTable.EQUALS.createCall(position, leftNumber, numberOf(names, position)));
  }

  private static SqlIdentifier numberOf(Names names, SqlParserPos position) {
    return new SqlIdentifier(
        List.of(names.sources().getLast().alias(), PasteJoin.NUMBER), position);
  }

  private SqlNode numbered(SqlNode item, Names names, Queries.Environment environment) {
    SqlNode plain = item.getKind() == SqlKind.AS ? ((SqlCall) item).operand(0) : item;
    if (plain instanceof SqlJoin
        || item.getKind() == SqlKind.AS && ((SqlCall) item).operandCount() > 2) {
      throw Place.error(
          ErrorCode.NOT_IMPLEMENTED,
          item.getParserPosition(),
          "PASTE JOIN takes two tables or subqueries; put what is joined into a subquery");
    }
    String alias =
        switch (item) {
          case SqlCall as when as.getKind() == SqlKind.AS ->
              as.<SqlIdentifier>operand(1).getSimple();
          case SqlIdentifier table -> table.names.getLast();
          default -> "_subquery" + names.sources().size();
        };
    SqlNode query = subquery(PasteJoin.numbered(plain), alias, List.of(), names, environment);
    Names.Source source = names.sources().getLast();
    List<String> shown = new ArrayList<>(source.columns());
    shown.remove(PasteJoin.NUMBER);
    names.replaceLast(new Names.Source(alias, source.database(), shown, shown));
    return query;
  }

  private SqlNode join(SqlJoin join, Names names, Queries.Environment environment) {
    SqlNode left = rewrite(join.getLeft(), names, environment);
    int leftSources = names.sources().size();
    SqlNode right = rewrite(join.getRight(), names, environment);
    if (join instanceof PickedJoin picked) {
      return picked(picked, left, right, names, leftSources);
    }
    if (join.isNatural()) {
      return natural(join, left, right, names, leftSources);
    }
    SqlNode condition =
        switch (join.getConditionType()) {
          case ON -> expressions.condition(join.getCondition(), names);
          case USING -> using((SqlNodeList) join.getCondition(), names);
          case NONE -> null;
        };
    if (join instanceof SqlAsofJoin asof) {
      return new SqlAsofJoin(
          join.getParserPosition(),
          left,
          join.isNaturalNode(),
          join.getJoinTypeNode(),
          right,
          join.getConditionTypeNode(),
          condition,
          expressions.condition(asof.getMatchCondition(), names));
    }
    return new SqlJoin(
        join.getParserPosition(),
        left,
        join.isNaturalNode(),
        join.getJoinTypeNode(),
        right,
        join.getConditionTypeNode(),
        condition);
  }

  /// A join by the columns that `*` shows of both sides; without any, of every row with every row.
  private static SqlNode natural(
      SqlJoin join, SqlNode left, SqlNode right, Names names, int leftSources) {
    SqlParserPos position = join.getParserPosition();
    List<Names.Source> sources = names.sources();
    List<SqlNode> shared = new ArrayList<>();
    for (Names.Source source : sources.subList(leftSources, sources.size())) {
      for (String column : source.starred()) {
        if (sources.subList(0, leftSources).stream().anyMatch(s -> s.starred().contains(column))) {
          shared.add(new SqlIdentifier(column, position));
        }
      }
    }
    return new SqlJoin(
        position,
        left,
        SqlLiteral.createBoolean(false, position),
        shared.isEmpty() ? JoinType.CROSS.symbol(position) : join.getJoinTypeNode(),
        right,
        (shared.isEmpty() ? JoinConditionType.NONE : JoinConditionType.USING).symbol(position),
        shared.isEmpty() ? null : using(new SqlNodeList(shared, position), names));
  }

  // The converter knows no join that picks a partner: it goes through as another with a mark in its
  // condition.
  private SqlNode picked(
      PickedJoin join, SqlNode left, SqlNode right, Names names, int leftSources) {
    SqlParserPos position = join.getParserPosition();
    boolean rightSide = join.getJoinType() == JoinType.RIGHT;
    boolean outer = join.getJoinType() != JoinType.INNER;
    PickJoin.Pick pick =
        switch (join.strictness()) {
          case ANY -> new PickJoin.Pick(false, outer, true, !outer);
          case SEMI -> new PickJoin.Pick(false, false, true, false);
          case ANTI -> new PickJoin.Pick(false, true, false, false);
          case ASOF -> new PickJoin.Pick(true, outer, true, false);
        };
    SqlNode condition =
        switch (join.getConditionType()) {
          case ON -> expressions.condition(join.getCondition(), names);
          case USING -> byColumns(join, names, leftSources, rightSide);
          case NONE ->
              throw Place.error(
                  ErrorCode.SYNTAX_ERROR,
                  position,
                  "a join that picks a partner needs ON or USING");
        };
    JoinType type =
        pick.keepsUnmatched()
            ? rightSide ? JoinType.RIGHT : JoinType.LEFT
            : rightSide ? JoinType.RIGHT : JoinType.INNER;
    return new SqlJoin(
        position,
        left,
        join.isNaturalNode(),
        type.symbol(position),
        right,
        JoinConditionType.ON.symbol(position),
        SqlStdOperatorTable.AND.createCall(
            position, new PickMark(pick).createCall(position), condition));
  }

  // Equalities say what USING says; of an ASOF JOIN the last column is the one to be near. The
  // column of the side that stays is the one that its bare name means.
  private SqlNode byColumns(PickedJoin join, Names names, int leftSources, boolean rightSide) {
    SqlParserPos position = join.getParserPosition();
    SqlNodeList using = (SqlNodeList) join.getCondition();
    List<Names.Source> all = List.copyOf(names.sources());
    List<Names.Source> left = all.subList(0, leftSources);
    List<Names.Source> right = all.subList(leftSources, all.size());
    List<SqlNode> conditions = new ArrayList<>();
    List<String> shared = new ArrayList<>();
    for (int i = 0; i < using.size(); i++) {
      String name = ((SqlIdentifier) using.get(i)).getSimple();
      SqlParserPos at = using.get(i).getParserPosition();
      boolean nearest = join.strictness() == PickedJoin.Strictness.ASOF && i == using.size() - 1;
      conditions.add(
          (nearest ? SqlStdOperatorTable.GREATER_THAN_OR_EQUAL : SqlStdOperatorTable.EQUALS)
              .createCall(position, qualified(left, name, at), qualified(right, name, at)));
      shared.add(name);
    }
    SqlNode condition =
        conditions.size() == 1
            ? conditions.getFirst()
            : SqlStdOperatorTable.AND.createCall(position, conditions);
    SqlNode rewritten = expressions.condition(condition, names);
    List<Names.Source> once = new ArrayList<>();
    for (Names.Source source : right) {
      List<String> starred = new ArrayList<>(source.starred());
      starred.removeAll(shared);
      once.add(new Names.Source(source.alias(), source.database(), source.columns(), starred));
    }
    Map<String, Names.Source> meant = new LinkedHashMap<>();
    for (String column : shared) {
      for (Names.Source source : (rightSide ? right : left).reversed()) {
        if (source.columns().contains(column)) {
          meant.put(column, source);
        }
      }
    }
    names.share(once, meant);
    return rewritten;
  }

  /// `FROM t ARRAY JOIN a, b AS c`: a query of the columns, in which marks stand for the arrays.
  private SqlNode arrayJoin(SqlCall call, Names names, Queries.Environment environment) {
    SqlNode from = rewrite(call.operand(0), names, environment);
    SqlParserPos position = call.getParserPosition();
    boolean outer = call.<SqlLiteral>operand(2).booleanValue();
    int clause = clauses++;
    Map<String, SqlNode> elements = new LinkedHashMap<>();
    List<String> added = new ArrayList<>();
    for (SqlNode item : (SqlNodeList) call.operand(1)) {
      unnested(item, names)
          .forEach((name, array) -> {
            elements.put(name, operators(array, clause, outer));
            added.add(name);
          });
    }
    List<SqlNode> items = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    List<String> starred = new ArrayList<>();
    Map<String, String> moved = new LinkedHashMap<>();
    List<Names.Source> sources = names.sources();
    for (Names.Source source : sources) {
      for (String column : source.columns()) {
        String name = columns.contains(column) ? source.alias() + "." + column : column;
        SqlNode value = elements.remove(name);
        items.add(
            named(
                value == null
                    ? new SqlIdentifier(List.of(source.alias(), column), position)
                    : value,
                name));
        columns.add(name);
        if (source.starred().contains(column)) {
          starred.add(name);
        }
        moved.put(source.alias() + "." + column, name);
      }
    }
    elements.forEach((name, value) -> {
      items.add(named(value, name));
      columns.add(name);
    });
    Names.Source first = sources.getFirst();
    Names.Source joined = new Names.Source(first.alias(), first.database(), columns, starred);
    names.replaceSources(joined, sources.size() > 1 ? moved : Map.of());
    return as(PlainSelect.of(items, from, position), joined.alias(), List.of());
  }

  private SqlNode operators(SqlNode array, int clause, boolean outer) {
    return expressions.operators().unnest(array.getParserPosition(), array, clause, outer);
  }

  private static SqlNode named(SqlNode value, String name) {
    SqlParserPos position = value.getParserPosition();
    return SqlStdOperatorTable.AS.createCall(position, value, new SqlIdentifier(name, position));
  }

  /// What an item of ARRAY JOIN names: an array, or the arrays of a Nested column.
  private Map<String, SqlNode> unnested(SqlNode item, Names names) {
    boolean aliased = item.getKind() == SqlKind.AS;
    SqlNode array = aliased ? ((SqlCall) item).operand(0) : item;
    String alias = aliased ? ((SqlCall) item).<SqlIdentifier>operand(1).getSimple() : null;
    Map<String, SqlNode> unnested = new LinkedHashMap<>();
    if (array instanceof SqlIdentifier id) {
      String name = String.join(".", id.names);
      if (id.isSimple() && names.column(name).isEmpty()) {
        for (Names.Source source : names.sources()) {
          for (String column : source.columns()) {
            if (column.startsWith(name + ".")) {
              String field = column.substring(name.length());
              unnested.put(
                  (alias == null ? name : alias) + field,
                  new SqlIdentifier(List.of(source.alias(), column), item.getParserPosition()));
            }
          }
        }
        if (!unnested.isEmpty()) {
          return unnested;
        }
      }
      String own = id.names.size() > 1 && names.column(name).isEmpty() ? id.names.getLast() : name;
      unnested.put(
          alias != null ? alias : names.column(own).orElse(own), expressions.rewrite(array, names));
      return unnested;
    }
    unnested.put(alias != null ? alias : ItemText.of(array), expressions.rewrite(array, names));
    return unnested;
  }

  private static SqlNode qualified(
      List<Names.Source> sources, String column, SqlParserPos position) {
    for (Names.Source source : sources) {
      Optional<String> spelled = Names.match(column, source.columns());
      if (spelled.isPresent()) {
        return new SqlIdentifier(List.of(source.alias(), spelled.get()), position);
      }
    }
    throw Place.error(
        ErrorCode.UNKNOWN_IDENTIFIER, position, "no column \"" + column + "\" to join by");
  }

  private static SqlNodeList using(SqlNodeList columns, Names names) {
    List<SqlNode> spelled = new ArrayList<>();
    for (SqlNode column : columns) {
      String name = ((SqlIdentifier) column).getSimple();
      names.column(name).ifPresent(names::using);
      spelled.add(new SqlIdentifier(names.column(name).orElse(name), column.getParserPosition()));
    }
    return new SqlNodeList(spelled, columns.getParserPosition());
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
    for (String column : source.columns()) {
      items.add(named(new SqlIdentifier(List.of(source.alias(), column), position), column));
    }
    items.add(named(sampling.factor(expressions.operators(), position), Sampling.FACTOR));
    List<String> columns = new ArrayList<>(source.columns());
    columns.add(Sampling.FACTOR);
    names.replaceLast(
        new Names.Source(source.alias(), source.database(), columns, source.starred()));
    SqlNode condition = sampling.condition(key, expressions.operators(), position);
    return as(PlainSelect.of(items, from, condition, position), source.alias(), List.of());
  }

  private static SqlNode as(SqlNode item, String alias, List<SqlNode> columns) {
    List<SqlNode> operands = new ArrayList<>();
    operands.add(item);
    operands.add(new SqlIdentifier(alias, item.getParserPosition()));
    operands.addAll(columns);
    return SqlStdOperatorTable.AS.createCall(item.getParserPosition(), operands);
  }

  private SqlNode subquery(
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
          return subquery(
              MergedTables.of(call, context, environment.database()),
              alias,
              List.of(),
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
      TableFunctions.Leaf leaf = tableFunctions.find("numbers", List.of());
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
          String key = relations.add(found.name(), rows);
          yield as(new SqlIdentifier(key, position), known, List.of());
        }
        case Relation.Stored stored ->
            stored(
                stored.table().definition(),
                virtualColumns(stored.table().definition()),
                (columns, types) -> relations.add(found, stored, columns, types),
                known,
                database,
                position,
                names,
                environment);
        case Relation.Block block ->
            stored(
                block.definition(),
                List.of(),
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

  /// @param virtual columns that tell where a row lies
  /// @param leafOf adds the leaf of these stored columns and gives its key
  private SqlNode stored(
      TableDefinition definition,
      List<String> virtual,
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
    for (String column : virtual) {
      all.add(column);
      columns.add(column);
      types.add(VirtualColumn.of(column).orElseThrow().type());
    }
    String key = leafOf.apply(columns, types);
    names.add(new Names.Source(alias, database, all, starred));
    SqlIdentifier leaf = new SqlIdentifier(key, position);
    return definition.columns().stream().allMatch(ColumnDefinition::isStored)
        ? as(leaf, alias, List.of())
        : as(withAliasColumns(leaf, definition, virtual, environment), alias, List.of());
  }

  private static List<String> virtualColumns(TableDefinition definition) {
    List<String> names = new ArrayList<>();
    for (VirtualColumn virtual : VirtualColumn.values()) {
      if (definition.column(virtual.columnName()).isEmpty()) {
        names.add(virtual.columnName());
      }
    }
    return names;
  }

  // A table with ALIAS columns is a query that computes them.
  private SqlNode withAliasColumns(
      SqlIdentifier leaf,
      TableDefinition definition,
      List<String> virtual,
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
      SqlNode value = expressions.rewrite(new SqlIdentifier(column, position), inside);
      items.add(
          SqlStdOperatorTable.AS.createCall(position, value, new SqlIdentifier(column, position)));
    }
    return PlainSelect.of(items, as(leaf, name.table(), List.of()), position);
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
