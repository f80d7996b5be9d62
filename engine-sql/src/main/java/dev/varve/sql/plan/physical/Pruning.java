// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.Expression;
import dev.varve.sql.expression.ExpressionText;
import dev.varve.sql.expression.Masks;
import dev.varve.sql.operator.GranuleFilter;
import dev.varve.sql.operator.TableScan;
import dev.varve.sql.plan.logical.ScanOptions;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.Part;
import dev.varve.storage.skip.SkipIndexes;
import dev.varve.storage.table.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;

/// Rules out granules by the bounds that parts keep for every column, then by skip indexes.
final class Pruning implements GranuleFilter {
  private final List<Step> steps;

  private Pruning(List<Step> steps) {
    this.steps = List.copyOf(steps);
  }

  /// @throws VarveException INDEX_NOT_USED where an option demands what the conditions do not give
  static GranuleFilter of(
      List<Expression> conjuncts,
      List<TableScan.Column> columns,
      TableDefinition table,
      SkipIndexes indexes,
      ScanOptions options,
      BufferAllocator allocator) {
    List<Step> steps = new ArrayList<>();
    for (Kind kind : List.of(Kind.PARTITION, Kind.PRIMARY_KEY, Kind.STATISTICS)) {
      bounds(kind, conjuncts, columns, table, allocator, steps);
    }
    if (options.useSkipIndexes() && !conjuncts.isEmpty()) {
      for (SkipIndexes.Index index : indexes.all()) {
        if (!options.ignored().contains(index.definition().name())) {
          SkipPruning.of(indexes, index, conjuncts, columns, allocator)
              .ifPresent(filter -> steps.add(step(filter)));
        }
      }
    }
    refuseUnused(steps, table, indexes, options);
    return steps.isEmpty() ? GranuleFilter.ALL : new Pruning(steps);
  }

  private static Step step(SkipPruning filter) {
    return new Step(Kind.SKIP, filter.name(), filter.description(), List.of(), "", filter);
  }

  private static void bounds(
      Kind kind,
      List<Expression> conjuncts,
      List<TableScan.Column> columns,
      TableDefinition table,
      BufferAllocator allocator,
      List<Step> steps) {
    List<Bound> bounds = new ArrayList<>();
    List<String> conditions = new ArrayList<>();
    for (Expression conjunct : conjuncts) {
      Bound bound = Bound.of(conjunct, columns, allocator).orElse(null);
      if (bound != null && kind(bound.columns(), table) == kind) {
        bounds.add(bound);
        conditions.add(ExpressionText.readable(conjunct, i -> columns.get(i).name()));
      }
    }
    if (!bounds.isEmpty()) {
      List<String> keys =
          bounds.stream().flatMap(bound -> bound.columns().stream()).distinct().sorted().toList();
      String condition = String.join(" and ", conditions);
      steps.add(new Step(kind, "", "", keys, condition, new OfBounds(List.copyOf(bounds))));
    }
  }

  private static Kind kind(Set<String> columns, TableDefinition table) {
    if (areOf(columns, table.partitionBy())) {
      return Kind.PARTITION;
    }
    return areOf(columns, table.primaryKey()) ? Kind.PRIMARY_KEY : Kind.STATISTICS;
  }

  /// Whether every column stands in one of the expressions of a key.
  private static boolean areOf(Set<String> columns, List<String> key) {
    return columns.stream()
        .allMatch(column ->
            key.stream()
                .anyMatch(e ->
                    e.matches(
                        "(?s)(.*\\W)?" + java.util.regex.Pattern.quote(column) + "(\\W.*)?")));
  }

  private static void refuseUnused(
      List<Step> steps, TableDefinition table, SkipIndexes indexes, ScanOptions options) {
    Set<Kind> used = steps.stream().map(Step::kind).collect(Collectors.toSet());
    if (options.forcePrimaryKey()
        && !table.primaryKey().isEmpty()
        && !used.contains(Kind.PRIMARY_KEY)) {
      throw notUsed("the primary key of table " + table.name(), "force_primary_key");
    }
    if (options.forcePartitionKey()
        && !table.partitionBy().isEmpty()
        && !used.contains(Kind.PARTITION)) {
      throw notUsed("the partition key of table " + table.name(), "force_index_by_date");
    }
    Set<String> names = steps.stream().map(Step::name).collect(Collectors.toSet());
    for (String forced : options.forced()) {
      boolean isHere = indexes.all().stream().anyMatch(i -> i.definition().name().equals(forced));
      if (!names.contains(forced) && (isHere || indexes.all().isEmpty())) {
        throw notUsed(
            "the skip index \"" + forced + "\" on table " + table.name(),
            "force_data_skipping_indices");
      }
    }
  }

  private static VarveException notUsed(String what, String setting) {
    return new VarveException(
        ErrorCode.INDEX_NOT_USED,
        what
            + " is not used by the conditions of the query, which the setting "
            + setting
            + " demands; add a condition or take the setting back");
  }

  @Override
  public boolean mayMatch(Part part) {
    return true;
  }

  @Override
  public List<Step> steps() {
    return steps;
  }

  @Override
  public long[] granules(Part part) {
    long[] wanted = null;
    for (Step step : steps) {
      long[] own = step.filter().granules(part);
      if (own == null) {
        continue;
      }
      if (wanted == null) {
        wanted = own;
      } else {
        Masks.and(wanted, own);
      }
      if (Masks.count(wanted) == 0) {
        break;
      }
    }
    return wanted;
  }

  /// All bounds must be possible.
  private record OfBounds(List<Bound> bounds) implements GranuleFilter {
    @Override
    public boolean mayMatch(Part part) {
      return true;
    }

    @Override
    public long[] granules(Part part) {
      long[] wanted = Masks.create(part.granules());
      for (int granule = 0; granule < part.granules(); granule++) {
        if (mayMatch(part, granule)) {
          wanted[granule >>> 6] |= 1L << granule;
        }
      }
      return wanted;
    }

    private boolean mayMatch(Part part, int granule) {
      for (Bound bound : bounds) {
        if (!bound.mayMatch(part, granule)) {
          return false;
        }
      }
      return true;
    }
  }
}
