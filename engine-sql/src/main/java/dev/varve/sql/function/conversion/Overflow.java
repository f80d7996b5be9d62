// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.conversion;

/// What a conversion does with a value that does not fit.
enum Overflow {
  /// The query fails: CAST.
  FAIL,
  /// Integers keep their low bits, as `toInt8(300)` does; what cannot be read fails.
  WRAP,
  /// NULL: `…OrNull`.
  NULL,
  /// The type's default: `…OrZero`, `…OrDefault`.
  DEFAULT
}
