// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.plan.PlanContext;
import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.runtime.CalciteException;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.validate.SqlValidatorException;
import org.apache.calcite.sql2rel.SqlToRelConverter;

/// A query whose names and types are settled, as a tree of relational operators.
///
/// @param names of the result's columns, as the user wrote them; the tree's own may differ
public record Validation(RelNode tree, List<String> names) {

  /// Settles a query.
  ///
  /// @throws dev.varve.storage.error.VarveException with the place of what is wrong
  public static Validation of(
      SqlNode query, PlanContext context, Typing typing, RelOptCluster cluster) {
    return of(query, context, typing, cluster, Queries.Environment.of(context.database()));
  }

  private static Validation of(
      SqlNode query,
      PlanContext context,
      Typing typing,
      RelOptCluster cluster,
      Queries.Environment environment) {
    Relations relations = new Relations(context, typing.types());
    Recursion recursion =
        new Recursion(typing, context, (own, inside) -> of(own, context, typing, cluster, inside));
    Queries queries = new Queries(typing, relations, context, recursion);
    Queries.Rewritten rewritten = queries.rewrite(query, null, environment);
    QueryCatalog catalog = new QueryCatalog(relations, typing.types());
    QueryValidator validator = new QueryValidator(catalog, typing.types());
    try {
      SqlNode valid = validator.validate(rewritten.node());
      SqlToRelConverter converter =
          new SqlToRelConverter(
              (_, _, _, _) -> {
                throw new IllegalStateException("views are queries before the validator runs");
              },
              validator,
              catalog,
              cluster,
              new Convertlets(typing, context.open()),
              SqlToRelConverter.config()
                  .withExpand(false)
                  .withInSubQueryThreshold(Integer.MAX_VALUE)
                  .withTrimUnusedFields(false)
                  .withRemoveSortInSubQuery(false)
                  // A projection that unnests arrays must not be merged away.
                  .withRelBuilderConfigTransform(config -> config.withBloat(-1)));
      RelNode tree =
          ConstantKeys.hidden(
              Marks.resolve(converter.convertQuery(valid, false, true).project()), typing);
      return new Validation(tree, rewritten.columns().stream().map(SelectItems::shown).toList());
    } catch (CalciteException e) {
      throw ValidationErrors.translate(e);
    } catch (RuntimeException e) {
      if (e.getCause() instanceof SqlValidatorException
          || e.getCause() instanceof CalciteException) {
        throw ValidationErrors.translate(e);
      }
      throw e;
    }
  }
}
