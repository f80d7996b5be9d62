// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.definition;

import dev.varve.sql.expression.BoundFunction.Nulls;
import dev.varve.sql.expression.BoundFunction.Stability;
import dev.varve.sql.expression.Kernel;
import dev.varve.storage.type.DataType;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// A scalar function as declared.
///
/// @param name as documentation spells it
/// @param aliases other spellings
/// @param anyCase whether the names match in any case (names of the SQL standard do)
/// @param signature for people: `substring(text, offset[, length])`
/// @param doc one sentence
/// @param category the family it belongs to, as documentation groups them
/// @param lambda types of a lambda's parameters given the other arguments' types, for functions
///   that take one as their first argument
public record ScalarFunction(
    String name,
    List<String> aliases,
    boolean anyCase,
    String signature,
    String doc,
    String category,
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
        "",
        Nulls.PROPAGATE,
        Stability.IMMUTABLE,
        Optional.empty(),
        binder);
  }

  public ScalarFunction alias(String... names) {
    return new ScalarFunction(
        name, List.of(names), anyCase, signature, doc, category, nulls, stability, lambda, binder);
  }

  public ScalarFunction inAnyCase() {
    return new ScalarFunction(
        name, aliases, true, signature, doc, category, nulls, stability, lambda, binder);
  }

  public ScalarFunction handlingNulls() {
    return new ScalarFunction(
        name, aliases, anyCase, signature, doc, category, Nulls.HANDLE, stability, lambda, binder);
  }

  public ScalarFunction that(Stability is) {
    return new ScalarFunction(
        name, aliases, anyCase, signature, doc, category, nulls, is, lambda, binder);
  }

  /// This function, or the other one for arguments that `taken` accepts: `reverse` of an array.
  /// Both treat NULL alike.
  public ScalarFunction or(Predicate<List<Argument>> taken, ScalarFunction other) {
    Binder own = binder;
    return new ScalarFunction(
        name,
        aliases,
        anyCase,
        signature,
        doc,
        category,
        nulls,
        stability,
        lambda,
        args -> (taken.test(args) ? other.binder() : own).bind(args));
  }

  /// The function as one of a family.
  public ScalarFunction in(String family) {
    return new ScalarFunction(
        name, aliases, anyCase, signature, doc, family, nulls, stability, lambda, binder);
  }

  public ScalarFunction withLambda(Function<List<DataType>, List<DataType>> parameters) {
    return new ScalarFunction(
        name,
        aliases,
        anyCase,
        signature,
        doc,
        category,
        nulls,
        stability,
        Optional.of(parameters),
        binder);
  }
}
