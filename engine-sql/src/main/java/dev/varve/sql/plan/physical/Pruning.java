// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.Expression;
import dev.varve.sql.operator.GranuleFilter;
import dev.varve.sql.operator.TableScan;
import dev.varve.storage.part.Part;
import java.util.ArrayList;
import java.util.List;

/// Rules out granules by the bounds that parts keep for every column.
final class Pruning implements GranuleFilter {
  private final List<Bound> bounds;

  private Pruning(List<Bound> bounds) {
    this.bounds = List.copyOf(bounds);
  }

  static GranuleFilter of(List<Expression> conjuncts, List<TableScan.Column> columns) {
    List<Bound> bounds = new ArrayList<>();
    for (Expression conjunct : conjuncts) {
      Bound.of(conjunct, columns).ifPresent(bounds::add);
    }
    return bounds.isEmpty() ? GranuleFilter.ALL : new Pruning(bounds);
  }

  @Override
  public boolean mayMatch(Part part) {
    return true;
  }

  @Override
  public long[] granules(Part part) {
    int count = part.granules();
    long[] wanted = new long[(count + 63) >>> 6];
    for (int granule = 0; granule < count; granule++) {
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
