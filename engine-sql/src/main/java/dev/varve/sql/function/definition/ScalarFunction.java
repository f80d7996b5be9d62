// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.definition;

import dev.varve.sql.expression.BoundFunction.Nulls;
import dev.varve.sql.expression.BoundFunction.Stability;
import dev.varve.sql.expression.Kernel;
import dev.varve.storage.type.DataType;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A scalar function as declared.
///
/// @param name as documentation spells it
/// @param aliases other spellings
/// @param anyCase whether the names match in any case (names of the SQL standard do)
/// @param signature for people: `substring(text, offset[, length])`
/// @param doc one sentence
/// @param lambda types of a lambda's parameters given the other arguments' types, for functions
///   that take one as their first argument
public record ScalarFunction(
    String name,
    List<String> aliases,
    boolean anyCase,
    String signature,
    String doc,
    Nulls nulls,
    Stability stability,
    Optional<Function<List<DataType>, List<DataType>>> lambda,
    Binder binder) {
  /// Settles types. Where NULL propagates, it sees the arguments without Nullable, and the registry
  /// makes the result nullable.
  @FunctionalInterface
  public interface Binder {
    /// @throws dev.varve.storage.error.VarveException where the arguments do not fit
    Binding bind(List<Argument> arguments);
  }

  /// What binding gives.
  public record Binding(DataType type, Kernel kernel) {}

  public ScalarFunction {
    aliases = List.copyOf(aliases);
  }

  /// An immutable function of which a NULL argument makes NULL.
  public static ScalarFunction of(String name, String signature, String doc, Binder binder) {
    return new ScalarFunction(
        name,
        List.of(),
        false,
        signature,
        doc,
        Nulls.PROPAGATE,
        Stability.IMMUTABLE,
        Optional.empty(),
        binder);
  }

  public ScalarFunction alias(String... names) {
    return new ScalarFunction(
        name, List.of(names), anyCase, signature, doc, nulls, stability, lambda, binder);
  }

  public ScalarFunction inAnyCase() {
    return new ScalarFunction(
        name, aliases, true, signature, doc, nulls, stability, lambda, binder);
  }

  public ScalarFunction handlingNulls() {
    return new ScalarFunction(
        name, aliases, anyCase, signature, doc, Nulls.HANDLE, stability, lambda, binder);
  }

  public ScalarFunction that(Stability is) {
    return new ScalarFunction(name, aliases, anyCase, signature, doc, nulls, is, lambda, binder);
  }

  public ScalarFunction withLambda(Function<List<DataType>, List<DataType>> parameters) {
    return new ScalarFunction(
        name, aliases, anyCase, signature, doc, nulls, stability, Optional.of(parameters), binder);
  }
}
