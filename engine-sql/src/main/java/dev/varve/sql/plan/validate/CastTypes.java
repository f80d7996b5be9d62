// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import org.apache.calcite.sql.SqlDataTypeSpec;

/// Spellings of types as the grammar reads them.
final class CastTypes {
  private CastTypes() {}

  static String spelling(SqlDataTypeSpec spec) {
    String text = spec.toString().replace("`", "").replace("\"", "");
    return text;
  }
}
