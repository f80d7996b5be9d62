// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

/// What a join gives. INNER, LEFT, RIGHT and FULL give columns of both sides; SEMI and ANTI those
/// of the left side only, RIGHT_SEMI and RIGHT_ANTI those of the right side only, which is the one
/// held in memory.
public enum JoinKind {
  INNER,
  LEFT,
  RIGHT,
  FULL,
  /// Left rows with a partner, once.
  SEMI,
  /// Left rows without a partner: NOT EXISTS, not NOT IN.
  ANTI,
  /// Right rows with a partner, once.
  RIGHT_SEMI,
  /// Right rows without a partner.
  RIGHT_ANTI;

  /// Whether left rows without a partner are given, filled with NULL.
  public boolean keepsLeft() {
    return this == LEFT || this == FULL;
  }

  /// Whether right rows without a partner are given, filled with NULL.
  public boolean keepsRight() {
    return this == RIGHT || this == FULL;
  }

  /// Whether left columns are given.
  public boolean givesLeft() {
    return this != RIGHT_SEMI && this != RIGHT_ANTI;
  }

  /// Whether right columns are given.
  public boolean givesRight() {
    return this != SEMI && this != ANTI;
  }

  /// Whether it must be known which right rows had a partner.
  boolean marksRight() {
    return keepsRight() || !givesLeft();
  }

  /// Whether a left row without a partner comes to nothing, so that it may be dropped early.
  public boolean dropsLeft() {
    return switch (this) {
      case INNER, RIGHT, SEMI, RIGHT_SEMI, RIGHT_ANTI -> true;
      case LEFT, FULL, ANTI -> false;
    };
  }
}
