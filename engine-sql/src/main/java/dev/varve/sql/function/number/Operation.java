// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.number;

import java.math.BigInteger;

/// The three operations that are exact in every number type.
enum Operation {
  PLUS,
  MINUS,
  MULTIPLY;

  BigInteger apply(BigInteger a, BigInteger b) {
    return switch (this) {
      case PLUS -> a.add(b);
      case MINUS -> a.subtract(b);
      case MULTIPLY -> a.multiply(b);
    };
  }
}
