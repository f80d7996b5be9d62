// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.definition;

import dev.varve.storage.type.DataType;
import java.util.List;
import java.util.function.Function;

/// Functions declared by their signature, in which each argument's kind stands beside its name:
/// `repeat(text String, n Int)`. The check of arguments follows from it.
///
/// Kinds: `String`, `Int`, `Number`, `Array`, `Strings` (an array of them), `Map`, `Tuple`, `Time`,
/// `Any`, each also after `const`.
public final class Declared {
  private Declared() {}

  /// A function of one result type, row by row.
  public static ScalarFunction rows(
      String signature, String doc, DataType type, RowBinding.Row row) {
    return bound(signature, doc, _ -> RowBinding.of(type, row));
  }

  /// A function whose result type follows from the arguments', row by row.
  public static ScalarFunction rows(
      String signature, String doc, Function<List<Argument>, DataType> type, RowBinding.Row row) {
    return bound(signature, doc, args -> RowBinding.of(type.apply(args), row));
  }

  /// A function with a binder of its own, which sees arguments of the right kinds.
  public static ScalarFunction bound(String signature, String doc, ScalarFunction.Binder binder) {
    Signature parsed = Signature.parse(signature);
    return ScalarFunction.of(
        parsed.name(),
        signature,
        doc,
        args -> {
          parsed.check(args);
          return binder.bind(args);
        });
  }
}
