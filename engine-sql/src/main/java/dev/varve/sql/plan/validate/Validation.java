// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.plan.PlanContext;
import dev.varve.storage.type.DataType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.runtime.CalciteException;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
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

  /// The types that a query wants for its `?`, by their numbers; absent where any will do.
  ///
  /// @param places where they stand
  public static List<Optional<DataType>> wanted(
      SqlNode query,
      PlanContext context,
      Typing typing,
      RelOptCluster cluster,
      Map<SqlParserPos, Integer> places) {
    Draft draft =
        Draft.of(query, context, typing, cluster, Queries.Environment.of(context.database()));
    return translated(() -> {
      SqlNode valid = draft.validator().validate(draft.rewritten().node());
      return new WantedTypes(places, draft.validator(), typing).of(valid);
    });
  }

  /// A query in the standard's words, and who knows its names and types.
  private record Draft(
      Queries.Rewritten rewritten, QueryCatalog catalog, QueryValidator validator) {
    static Draft of(
        SqlNode query,
        PlanContext context,
        Typing typing,
        RelOptCluster cluster,
        Queries.Environment environment) {
      Relations relations = new Relations(context, typing.types());
      Recursion recursion =
          new Recursion(
              typing,
              context,
              (own, inside) -> Validation.of(own, context, typing, cluster, inside));
      Queries queries = new Queries(typing, relations, context, recursion);
      Queries.Rewritten rewritten = queries.rewrite(query, null, environment);
      QueryCatalog catalog = new QueryCatalog(relations, typing.types());
      return new Draft(rewritten, catalog, new QueryValidator(catalog, typing.types()));
    }
  }

  private static Validation of(
      SqlNode query,
      PlanContext context,
      Typing typing,
      RelOptCluster cluster,
      Queries.Environment environment) {
    Draft draft = Draft.of(query, context, typing, cluster, environment);
    return translated(() -> {
      SqlNode valid = draft.validator().validate(draft.rewritten().node());
      SqlToRelConverter converter =
          new SqlToRelConverter(
              (_, _, _, _) -> {
                throw new IllegalStateException("views are queries before the validator runs");
              },
              draft.validator(),
              draft.catalog(),
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
      return new Validation(
          tree, draft.rewritten().columns().stream().map(SelectItems::shown).toList());
    });
  }

  /// What the validator does, with its errors as ours.
  private static <T> T translated(Supplier<T> work) {
    try {
      return work.get();
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
