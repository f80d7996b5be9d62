// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.demo;

/// Where an order is in its life.
enum Status {
  PLACED,
  PAID,
  SHIPPED,
  DELIVERED,
  CANCELLED;

  boolean isFinal() {
    return this == DELIVERED || this == CANCELLED;
  }

  String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
