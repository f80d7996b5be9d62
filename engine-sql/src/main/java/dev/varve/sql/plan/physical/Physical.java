// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.Expression;
import dev.varve.sql.operator.Filter;
import dev.varve.sql.operator.HashAggregate;
import dev.varve.sql.operator.Limit;
import dev.varve.sql.operator.Operator;
import dev.varve.sql.operator.Project;
import dev.varve.sql.operator.RecursiveQuery;
import dev.varve.sql.operator.SetOperation;
import dev.varve.sql.operator.Sort;
import dev.varve.sql.operator.SortKey;
import dev.varve.sql.operator.UnionAll;
import dev.varve.sql.operator.Unnest;
import dev.varve.sql.operator.Values;
import dev.varve.sql.operator.WorkingTable;
import dev.varve.sql.plan.logical.Estimates;
import dev.varve.sql.plan.logical.ScanOptions;
import dev.varve.sql.plan.logical.Views;
import dev.varve.sql.plan.relation.ArrayJoin;
import dev.varve.sql.plan.relation.FillRows;
import dev.varve.sql.plan.relation.PickJoin;
import dev.varve.sql.plan.relation.RecursiveRows;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Intersect;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Minus;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;

/// Makes operators of an optimized tree, once for each run of a query.
public final class Physical {
  private final Calls calls;
  private final Views views;
  private final Estimates estimates;
  private final Scans scans;
  private final Joins joins;
  private final Aggregates aggregates;
  private final Fills fills;
  private final CommonSubplans common = new CommonSubplans();

  public Physical(Calls calls, Views views, Estimates estimates, ScanOptions options) {
    this.calls = calls;
    this.views = views;
    this.estimates = estimates;
    this.scans = new Scans(calls, views, options);
    this.joins = new Joins(this, calls, estimates);
    this.aggregates = new Aggregates(calls, estimates);
    this.fills = new Fills(calls);
  }

  Views views() {
    return views;
  }

  /// The operators of a whole query.
  public Operator plan(RelNode node) {
    common.count(node);
    return JoinKeyPushing.of(ColumnPruning.of(of(node)));
  }

  public Operator of(RelNode node) {
    return switch (node) {
      case TableScan scan -> scans.scan(scan);
      case org.apache.calcite.rel.core.Filter filter -> filter(filter);
      case org.apache.calcite.rel.core.Project project -> project(project);
      case Aggregate aggregate ->
          common.of(aggregate, () -> aggregates.of(aggregate, of(aggregate.getInput())));
      case Join join -> joins.of(join);
      case PickJoin join -> joins.of(join);
      case ArrayJoin join -> new Unnest(of(join.getInput()), join.arrays(), join.isOuter());
      case RecursiveRows recursive -> recursive(recursive);
      case FillRows fill -> fills.of(fill, of(fill.getInput()));
      case org.apache.calcite.rel.core.Sort sort -> sort(sort);
      case Union union -> union(union);
      case Intersect intersect -> setOperation(intersect, SetOperation.Kind.INTERSECT);
      case Minus minus -> setOperation(minus, SetOperation.Kind.EXCEPT);
      case org.apache.calcite.rel.core.Values values -> values(values);
      default ->
          throw new VarveException(
              ErrorCode.NOT_IMPLEMENTED,
              "the query needs " + node.getRelTypeName() + ", which is not supported");
    };
  }

  RowExpressions expressions(RelNode node, Operator input) {
    return new RowExpressions(
        calls, node.getCluster().getRexBuilder(), input.types(), IntUnaryOperator.identity());
  }

  private Operator filter(org.apache.calcite.rel.core.Filter filter) {
    List<RexNode> conjuncts = RelOptUtil.conjunctions(filter.getCondition());
    if (filter.getInput() instanceof TableScan scan && Scans.isStored(scan)) {
      return scans.filtered(scan, conjuncts);
    }
    Operator input = of(filter.getInput());
    return new Filter(input, expressions(filter, input).ofAll(conjuncts));
  }

  private Operator project(org.apache.calcite.rel.core.Project project) {
    RelNode below = project.getInput();
    if (project.containsOver()) {
      return new Windows(this, calls).of(project);
    }
    if (below instanceof TableScan scan && Scans.isStored(scan)) {
      return scans.projected(scan, List.of(), project.getProjects());
    }
    if (below instanceof org.apache.calcite.rel.core.Filter filter
        && filter.getInput() instanceof TableScan scan
        && Scans.isStored(scan)) {
      return scans.projected(
          scan, RelOptUtil.conjunctions(filter.getCondition()), project.getProjects());
    }
    Operator input = of(below);
    return projected(input, expressions(project, input).ofAll(project.getProjects()));
  }

  /// A projection, unless it would change nothing.
  static Operator projected(Operator input, List<Expression> expressions) {
    boolean same = expressions.size() == input.types().size();
    for (int i = 0; same && i < expressions.size(); i++) {
      same =
          expressions.get(i) instanceof Expression.InputColumn(int index, DataType _) && index == i;
    }
    return same ? input : new Project(input, expressions);
  }

  private Operator sort(org.apache.calcite.rel.core.Sort sort) {
    Operator input = of(sort.getInput());
    long offset = number(sort.offset, 0);
    long limit = number(sort.fetch, -1);
    if (limit == 0) {
      return Values.empty(input.types());
    }
    List<SortKey> keys = new ArrayList<>();
    for (RelFieldCollation field : sort.getCollation().getFieldCollations()) {
      keys.add(
          new SortKey(
              field.getFieldIndex(),
              field.getDirection().isDescending(),
              field.nullDirection == RelFieldCollation.NullDirection.FIRST));
    }
    return keys.isEmpty()
        ? new Limit(input, offset, limit)
        : LateSort.of(input, keys, offset, limit)
            .orElseGet(() -> LateTexts.of(new Sort(input, keys, offset, limit), calls, estimates));
  }

  private static long number(RexNode node, long otherwise) {
    return switch (node) {
      case null -> otherwise;
      case RexLiteral literal -> literal.getValueAs(java.math.BigDecimal.class).longValue();
      default ->
          throw new VarveException(
              ErrorCode.ILLEGAL_TYPE_OF_ARGUMENT, "LIMIT and OFFSET are constant numbers");
    };
  }

  private Operator union(Union union) {
    List<Operator> inputs = sameTypes(union);
    Operator all = inputs.size() == 1 ? inputs.getFirst() : new UnionAll(inputs);
    return union.all ? all : distinct(all);
  }

  static Operator distinct(Operator input) {
    List<Integer> keys = new ArrayList<>();
    for (int i = 0; i < input.types().size(); i++) {
      keys.add(i);
    }
    return HashAggregate.of(input, keys, List.of());
  }

  private Operator setOperation(SetOp operation, SetOperation.Kind kind) {
    List<Operator> inputs = sameTypes(operation);
    Operator result = inputs.getFirst();
    for (Operator input : inputs.subList(1, inputs.size())) {
      result = new SetOperation(result, input, kind, operation.all);
    }
    return result;
  }

  private Operator recursive(RecursiveRows rows) {
    List<DataType> types = rows.working().types();
    Operator first = cast(of(rows.getLeft()), types);
    Operator step = cast(of(rows.getRight()), types);
    WorkingTable seen = null;
    if (rows.isDistinct()) {
      seen = new WorkingTable(rows.name(), types);
      first = distinct(first);
      step = new SetOperation(distinct(step), seen, SetOperation.Kind.EXCEPT, false);
    }
    return new RecursiveQuery(
        rows.name(),
        JoinKeyPushing.of(ColumnPruning.of(first)),
        JoinKeyPushing.of(ColumnPruning.of(step)),
        rows.working(),
        seen,
        rows.maxSteps());
  }

  private List<Operator> sameTypes(SetOp operation) {
    List<Operator> inputs = new ArrayList<>();
    operation.getInputs().forEach(input -> inputs.add(of(input)));
    List<DataType> common = new ArrayList<>();
    for (int c = 0; c < operation.getRowType().getFieldCount(); c++) {
      List<DataType> types = new ArrayList<>();
      for (Operator input : inputs) {
        types.add(input.types().get(c));
      }
      DataType type = calls.functions().commonType(types);
      boolean nullable = types.stream().anyMatch(DataType::isNullable);
      common.add(nullable ? DataTypes.nullable(type) : type);
    }
    return inputs.stream().map(input -> cast(input, common)).toList();
  }

  private Operator cast(Operator input, List<DataType> types) {
    List<Expression> expressions = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      expressions.add(
          calls.cast(new Expression.InputColumn(i, input.types().get(i)), types.get(i)));
    }
    return projected(input, expressions);
  }

  private Operator values(org.apache.calcite.rel.core.Values values) {
    List<DataType> types = new ArrayList<>();
    dev.varve.sql.plan.type.RelTypeFactory factory =
        (dev.varve.sql.plan.type.RelTypeFactory) values.getCluster().getTypeFactory();
    values
        .getRowType()
        .getFieldList()
        .forEach(field -> types.add(factory.dataType(field.getType())));
    List<List<Object>> rows = new ArrayList<>();
    for (List<RexLiteral> tuple : values.getTuples()) {
      List<Object> row = new ArrayList<>();
      for (int c = 0; c < tuple.size(); c++) {
        row.add(value(tuple.get(c), factory, types.get(c)));
      }
      rows.add(row);
    }
    return new Values(types, rows);
  }

  private Object value(
      RexLiteral literal, dev.varve.sql.plan.type.RelTypeFactory factory, DataType type) {
    Expression own = Literals.of(literal, factory.dataType(literal.getType()));
    return calls.value(calls.cast(own, type));
  }
}
