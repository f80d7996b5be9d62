// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

/// What a join gives. INNER, LEFT, RIGHT and FULL give the columns of both sides; SEMI and ANTI
/// those of the left side only.
public enum JoinKind {
  INNER,
  LEFT,
  RIGHT,
  FULL,
  /// Left rows with a partner, once.
  SEMI,
  /// Left rows without a partner: NOT EXISTS, not NOT IN.
  ANTI;

  /// Whether left rows without a partner are given, filled with NULL.
  boolean keepsLeft() {
    return this == LEFT || this == FULL;
  }

  boolean keepsRight() {
    return this == RIGHT || this == FULL;
  }

  boolean givesRight() {
    return this != SEMI && this != ANTI;
  }
}
