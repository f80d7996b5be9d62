// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import java.math.BigDecimal;
import java.util.List;

/// The values at which a filling stands, one for each key. They move in the order of the keys: the
/// first one that differs from where to go takes a step, and those behind it begin anew.
final class FillCursor {
  private final List<Fill.Key> keys;
  private final BigDecimal[] at;
  private final BigDecimal[] limits;

  FillCursor(List<Fill.Key> keys) {
    this.keys = keys;
    this.at = new BigDecimal[keys.size()];
    this.limits = new BigDecimal[keys.size()];
  }

  BigDecimal[] at() {
    return at;
  }

  /// Begins at the bounds given, from one key on.
  void start(int from) {
    for (int i = from; i < at.length; i++) {
      at[i] = keys.get(i).from();
    }
  }

  boolean isNull() {
    for (BigDecimal value : at) {
      if (value != null) {
        return false;
      }
    }
    return true;
  }

  /// A row was met here: with a staleness, new ones go no further than that from it.
  void met(BigDecimal[] row) {
    for (int i = 0; i < at.length; i++) {
      FillStep staleness = keys.get(i).staleness();
      if (staleness != null && row[i] != null) {
        limits[i] = staleness.after(row[i]);
        at[i] = row[i];
      }
    }
  }

  BigDecimal limit(int key) {
    return limits[key];
  }

  boolean isBefore(int key, BigDecimal a, BigDecimal b) {
    return keys.get(key).descending() ? a.compareTo(b) > 0 : a.compareTo(b) < 0;
  }

  /// The order of two rows of keys, values that are not known left out.
  boolean isBefore(BigDecimal[] a, BigDecimal[] b) {
    for (int i = 0; i < a.length; i++) {
      if (a[i] != null && b[i] != null && a[i].compareTo(b[i]) != 0) {
        return isBefore(i, a[i], b[i]);
      }
    }
    return false;
  }

  /// Takes a step towards a row; false where none is left before it.
  boolean next(BigDecimal[] goal) {
    int key = 0;
    while (key < at.length
        && (at[key] == null || goal[key] == null || at[key].compareTo(goal[key]) == 0)) {
      key++;
    }
    if (key == at.length) {
      return false;
    }
    BigDecimal to = keys.get(key).to();
    if (to != null && !isBefore(key, at[key], to)) {
      return false;
    }
    if (stepsInside(key)) {
      return true;
    }
    BigDecimal next = keys.get(key).step().after(at[key]);
    boolean stale = limits[key] != null && !isBefore(key, next, limits[key]);
    boolean past = isBefore(key, goal[key], next) || (to != null && next.compareTo(to) == 0);
    if (stale || past) {
      return false;
    }
    at[key] = next;
    if (next.compareTo(goal[key]) != 0) {
      start(key + 1);
      return true;
    }
    boolean before = false;
    for (int i = key + 1; i < at.length; i++) {
      at[i] = keys.get(i).from() != null ? keys.get(i).from() : goal[i];
      before |= at[i] != null && goal[i] != null && isBefore(i, at[i], goal[i]);
    }
    return before;
  }

  // Keys behind the one that differs run up to their own ends first.
  private boolean stepsInside(int key) {
    for (int i = at.length - 1; i > key; i--) {
      if (keys.get(i).to() == null || at[i] == null) {
        continue;
      }
      BigDecimal next = keys.get(i).step().after(at[i]);
      if (isBefore(i, next, keys.get(i).to())) {
        at[i] = next;
        start(i + 1);
        return true;
      }
    }
    return false;
  }
}
