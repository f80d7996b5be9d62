// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// A join of which a row meets at most one partner.
public final class PickedJoin extends SqlJoin {
  /// Which partner, and which rows stay.
  public enum Strictness {
    /// Any partner; of an inner join, one row for each key.
    ANY,
    /// Rows with a partner, and any one of those.
    SEMI,
    /// Rows without a partner.
    ANTI,
    /// The partner that is nearest by an inequality.
    ASOF
  }

  private final Strictness strictness;

  PickedJoin(
      SqlParserPos pos,
      SqlNode left,
      SqlLiteral natural,
      SqlLiteral type,
      SqlNode right,
      SqlLiteral conditionType,
      SqlNode condition,
      Strictness strictness) {
    super(pos, left, natural, type, right, conditionType, condition);
    this.strictness = strictness;
  }

  public Strictness strictness() {
    return strictness;
  }
}
