// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan;

import dev.varve.sql.catalog.Catalog;
import dev.varve.sql.plan.logical.ScanOptions;
import java.util.function.Function;
import org.apache.calcite.sql.SqlNode;

/// What a plan depends on besides the query itself.
///
/// @param user who asks, for `currentUser()`
/// @param database where unqualified names are looked up
/// @param exact false shows raw rows (`final = 0`)
/// @param threads pipelines that one operator may run at once
/// @param parser reads the query text of a view
/// @param skipQuarantined reads without the rows of damaged parts instead of failing
/// @param scans how scans may leave granules out
/// @param dialect what settings say of meanings that differ between databases
/// @param open literals that the next run of the plan may have other values for
public record PlanContext(
    Catalog catalog,
    String user,
    String database,
    boolean exact,
    int threads,
    Function<String, SqlNode> parser,
    boolean skipQuarantined,
    ScanOptions scans,
    Dialect dialect,
    OpenValues open) {
  /// Who asks where nobody does: definitions, views over inserted blocks, work in the background.
  public static final String NO_SESSION = "default";

  public PlanContext(
      Catalog catalog,
      String database,
      boolean exact,
      int threads,
      Function<String, SqlNode> parser) {
    this(
        catalog,
        NO_SESSION,
        database,
        exact,
        threads,
        parser,
        false,
        ScanOptions.DEFAULT,
        Dialect.DEFAULT,
        OpenValues.NONE);
  }

  /// Meanings that differ between databases.
  ///
  /// @param nullForEmpty an aggregate of no rows is NULL, whatever its argument
  /// @param nullsInSets NULL is in a list that has NULL
  /// @param nullableColumns columns of CREATE TABLE are Nullable unless they say NOT NULL
  /// @param groupOfConstants a GROUP BY of constants gives one row over no rows
  /// @param maxRecursion steps that a recursive query may take
  /// @param zone of times that have none, empty for UTC
  public record Dialect(
      boolean nullForEmpty,
      boolean nullsInSets,
      boolean nullableColumns,
      boolean groupOfConstants,
      long maxRecursion,
      String zone) {
    /// Steps of a recursive query where nothing else is said.
    public static final long RECURSION = 1000;

    public static final Dialect DEFAULT = new Dialect(false, false, false, false, RECURSION, "");
  }

  PlanContext withCatalog(Catalog other) {
    return new PlanContext(
        other, user, database, exact, threads, parser, skipQuarantined, scans, dialect, open);
  }
}
