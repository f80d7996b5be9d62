// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.plan.type.RelTypeFactory;
import org.apache.calcite.config.NullCollation;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.validate.SqlValidatorImpl;

/// The validator over one query's leaves. Types are never coerced here: whoever makes operators
/// inserts the casts.
final class QueryValidator extends SqlValidatorImpl {
  private static final SqlOperatorTable OPERATORS = SqlStdOperatorTable.instance();

  QueryValidator(QueryCatalog catalog, RelTypeFactory types) {
    super(
        OPERATORS,
        catalog,
        types,
        Config.DEFAULT
            .withConformance(new Conformance())
            .withTypeCoercionEnabled(true)
            .withTypeCoercionFactory((factory, _) -> new NoCoercion(factory))
            .withIdentifierExpansion(true)
            .withDefaultNullCollation(NullCollation.LAST));
  }
}
