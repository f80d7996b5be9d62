// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.plan.relation.ArrayJoin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexVisitorImpl;

/// Makes operators of the marks of arrays to unnest, where projections and filters have them. A
/// call that a filter and the projection above it share is unnested once, below both.
final class ArrayJoins extends RelHomogeneousShuttle {
  @Override
  public RelNode visit(RelNode other) {
    return switch (other) {
      case LogicalProject project -> project(project);
      case LogicalFilter filter -> {
        RelNode input = filter.getInput().accept(this);
        if (marks(List.of(filter.getCondition())).isEmpty()) {
          yield filter.copy(filter.getTraitSet(), List.of(input));
        }
        Stage stage = new Stage(input);
        RelNode filtered = filter(filter, stage);
        yield LogicalProject.create(
            filtered,
            List.of(),
            fields(filtered, filter.getRowType().getFieldCount()),
            filter.getRowType().getFieldNames(),
            Set.of());
      }
      default -> super.visit(other);
    };
  }

  private static List<RexNode> fields(RelNode node, int count) {
    List<RexNode> fields = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      fields.add(RexInputRef.of(i, node.getRowType()));
    }
    return fields;
  }

  private static RelNode filter(LogicalFilter filter, Stage stage) {
    RexNode condition = stage.unnest(List.of(filter.getCondition())).getFirst();
    return filter.copy(filter.getTraitSet(), stage.node, condition);
  }

  private RelNode project(LogicalProject project) {
    Stage stage;
    if (project.getInput() instanceof LogicalFilter filter
        && !marks(List.of(filter.getCondition())).isEmpty()) {
      stage = new Stage(filter.getInput().accept(this));
      stage.node = filter(filter, stage);
    } else {
      RelNode input = project.getInput().accept(this);
      if (marks(project.getProjects()).isEmpty()) {
        return project.copy(project.getTraitSet(), List.of(input));
      }
      stage = new Stage(input);
    }
    List<RexNode> expressions = stage.unnest(project.getProjects());
    return LogicalProject.create(
        stage.node, List.of(), expressions, project.getRowType().getFieldNames(), Set.of());
  }

  /// The calls whose arrays hold no mark themselves.
  private static List<RexCall> marks(List<RexNode> nodes) {
    Set<RexCall> found = new java.util.LinkedHashSet<>();
    for (RexNode node : nodes) {
      node.accept(
          new RexVisitorImpl<Void>(true) {
            @Override
            public Void visitCall(RexCall call) {
              int before = found.size();
              super.visitCall(call);
              boolean inner = found.size() == before && !holdsKnown(call);
              if (call.getOperator() instanceof ArrayJoinMark && inner) {
                found.add(call);
              }
              return null;
            }

            private boolean holdsKnown(RexCall call) {
              return call.getOperands().stream()
                  .anyMatch(o -> found.stream().anyMatch(f -> contains(o, f)));
            }
          });
    }
    return List.copyOf(found);
  }

  private static boolean contains(RexNode in, RexNode wanted) {
    boolean[] found = new boolean[1];
    in.accept(
        new RexShuttle() {
          @Override
          public RexNode visitCall(RexCall call) {
            found[0] |= call.equals(wanted);
            return super.visitCall(call);
          }
        });
    return found[0];
  }

  /// A tree under way, and the columns that calls became.
  private static final class Stage {
    private RelNode node;
    private final Map<RexNode, RexNode> known = new HashMap<>();

    Stage(RelNode node) {
      this.node = node;
    }

    List<RexNode> unnest(List<RexNode> expressions) {
      List<RexNode> current = replaced(expressions);
      for (List<RexCall> calls = marks(current); !calls.isEmpty(); calls = marks(current)) {
        Map<Object, List<RexCall>> groups = new LinkedHashMap<>();
        for (RexCall call : calls) {
          ArrayJoinMark mark = (ArrayJoinMark) call.getOperator();
          groups.computeIfAbsent(mark.groupOf(call), _ -> new ArrayList<>()).add(call);
        }
        groups.values().forEach(this::add);
        current = replaced(current);
      }
      return current;
    }

    private void add(List<RexCall> calls) {
      int width = node.getRowType().getFieldCount();
      List<RexNode> columns = fields(node, width);
      List<String> names = new ArrayList<>(node.getRowType().getFieldNames());
      RelDataTypeFactory.Builder row =
          node.getCluster().getTypeFactory().builder().addAll(node.getRowType().getFieldList());
      for (RexCall call : calls) {
        columns.add(call.getOperands().getFirst());
        names.add("_element" + names.size());
        row.add(names.getLast(), call.getType());
      }
      RelNode arrays = LogicalProject.create(node, List.of(), columns, names, Set.of());
      boolean outer = ((ArrayJoinMark) calls.getFirst().getOperator()).isOuter();
      RelDataType type = row.build();
      node =
          new ArrayJoin(node.getCluster(), node.getTraitSet(), arrays, calls.size(), outer, type);
      for (int i = 0; i < calls.size(); i++) {
        known.put(calls.get(i), RexInputRef.of(width + i, type));
      }
    }

    private List<RexNode> replaced(List<RexNode> expressions) {
      RexShuttle shuttle =
          new RexShuttle() {
            @Override
            public RexNode visitCall(RexCall call) {
              RexNode column = known.get(call);
              if (column != null) {
                return column;
              }
              RexNode inside = super.visitCall(call);
              return known.getOrDefault(inside, inside);
            }
          };
      return expressions.stream().map(e -> e.accept(shuttle)).toList();
    }
  }
}
