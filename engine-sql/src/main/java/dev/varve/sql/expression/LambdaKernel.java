// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.expression;

import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.List;

/// A kernel whose first argument is a lambda.
@SuppressWarnings(
    "FunctionalInterfaceMethodChanged") // a kernel of one kind among kernels; no caller casts
@FunctionalInterface
public interface LambdaKernel extends Kernel {
  Vector evaluate(LambdaCall lambda, List<Vector> arguments, int rows, Scratch scratch);

  @Override
  default Vector evaluate(List<Vector> arguments, int rows, Scratch scratch) {
    throw new IllegalStateException("a lambda kernel was called without its lambda");
  }
}
