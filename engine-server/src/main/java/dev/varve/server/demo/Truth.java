// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.demo;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// What the tables must say, counted by the generator itself as it goes. One thread.
final class Truth {
  private final long[] ordersByStatus = new long[Status.values().length];
  private final long[] centsByStatus = new long[Status.values().length];
  private long lines;
  private long quantity;
  private long lineCents;
  private final Map<String, Long> ordersByPriority = new TreeMap<>();
  private final Map<String, Long> centsByPriority = new TreeMap<>();
  private final Map<String, long[]> revenueKeys = new HashMap<>();

  void orderIsNow(Status before, Status after, long cents) {
    if (before != null) {
      ordersByStatus[before.ordinal()]--;
      centsByStatus[before.ordinal()] -= cents;
    }
    ordersByStatus[after.ordinal()]++;
    centsByStatus[after.ordinal()] += cents;
  }

  void line(int sign, long lineQuantity, long cents) {
    lines += sign;
    quantity += sign * lineQuantity;
    lineCents += sign * cents;
  }

  void revenue(String day, String priority, int orders, long cents) {
    ordersByPriority.merge(priority, (long) orders, Long::sum);
    centsByPriority.merge(priority, cents, Long::sum);
    long[] sums = revenueKeys.computeIfAbsent(day + priority, _ -> new long[2]);
    sums[0] += orders;
    sums[1] += cents;
  }

  /// Rows of [Checks#ORDERS]: status, orders, cents; in the order of the status' names.
  String orders() {
    Map<String, String> rows = new TreeMap<>();
    for (Status status : Status.values()) {
      if (ordersByStatus[status.ordinal()] > 0) {
        rows.put(
            status.label(),
            ordersByStatus[status.ordinal()] + " " + centsByStatus[status.ordinal()]);
      }
    }
    return rows.toString();
  }

  /// The row of [Checks#LINES].
  String lines() {
    return lines + " " + quantity + " " + lineCents;
  }

  /// Rows of [Checks#REVENUE].
  String revenue() {
    Map<String, String> rows = new TreeMap<>();
    ordersByPriority.forEach(
        (priority, orders) -> rows.put(priority, orders + " " + centsByPriority.get(priority)));
    return rows.toString();
  }

  /// Keys of the Summing table whose sums are not all zero.
  long revenueKeys() {
    return revenueKeys.values().stream().filter(sums -> sums[0] != 0 || sums[1] != 0).count();
  }

  long orderCount() {
    long count = 0;
    for (long orders : ordersByStatus) {
      count += orders;
    }
    return count;
  }

  long cancelled() {
    return ordersByStatus[Status.CANCELLED.ordinal()];
  }
}
