// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan;

import dev.varve.sql.catalog.Catalog;
import dev.varve.sql.plan.logical.ScanOptions;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.calcite.sql.SqlNode;

/// What a plan depends on besides the query itself.
///
/// @param database where unqualified names are looked up
/// @param exact false shows raw rows (`final = 0`)
/// @param threads pipelines that one operator may run at once
/// @param positional values of `?` in order: the objects that `VectorValues` names
/// @param named values of `{name:Type}` as text
/// @param parser reads the query text of a view
/// @param skipQuarantined reads without the rows of damaged parts instead of failing
/// @param scans how scans may leave granules out
public record PlanContext(
    Catalog catalog,
    String database,
    boolean exact,
    int threads,
    List<Object> positional,
    Map<String, String> named,
    Function<String, SqlNode> parser,
    boolean skipQuarantined,
    ScanOptions scans) {
  public PlanContext(
      Catalog catalog,
      String database,
      boolean exact,
      int threads,
      List<Object> positional,
      Map<String, String> named,
      Function<String, SqlNode> parser) {
    this(catalog, database, exact, threads, positional, named, parser, false, ScanOptions.DEFAULT);
  }

  PlanContext withCatalog(Catalog other) {
    return new PlanContext(
        other, database, exact, threads, positional, named, parser, skipQuarantined, scans);
  }
}
