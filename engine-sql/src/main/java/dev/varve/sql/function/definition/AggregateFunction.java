// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.definition;

import dev.varve.storage.type.DataType;
import java.util.List;
import java.util.function.Supplier;

/// An aggregate function as declared.
///
/// @param skipsNulls whether rows with a NULL argument are left out (all but a few do)
/// @param nullWhenEmpty whether the result is NULL for a group without rows that count, where an
///   argument is nullable (`sum`, `max`); false for `count` and its like
public record AggregateFunction(
    String name,
    List<String> aliases,
    boolean anyCase,
    String signature,
    String doc,
    boolean skipsNulls,
    boolean nullWhenEmpty,
    Binder binder) {
  /// Settles types; sees the arguments without Nullable where NULLs are skipped.
  @FunctionalInterface
  public interface Binder {
    /// @throws dev.varve.storage.error.VarveException where parameters or arguments do not fit
    Binding bind(List<Object> parameters, List<DataType> arguments);
  }

  /// What binding gives.
  public record Binding(DataType type, Supplier<Accumulator> accumulators) {}

  public AggregateFunction {
    aliases = List.copyOf(aliases);
  }

  public static AggregateFunction of(String name, String signature, String doc, Binder binder) {
    return new AggregateFunction(name, List.of(), false, signature, doc, true, true, binder);
  }

  public AggregateFunction alias(String... names) {
    return new AggregateFunction(
        name, List.of(names), anyCase, signature, doc, skipsNulls, nullWhenEmpty, binder);
  }

  public AggregateFunction inAnyCase() {
    return new AggregateFunction(
        name, aliases, true, signature, doc, skipsNulls, nullWhenEmpty, binder);
  }

  public AggregateFunction neverNull() {
    return new AggregateFunction(name, aliases, anyCase, signature, doc, skipsNulls, false, binder);
  }

  public AggregateFunction seeingNulls() {
    return new AggregateFunction(name, aliases, anyCase, signature, doc, false, false, binder);
  }
}
