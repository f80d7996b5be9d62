// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Values for the places a statement leaves open.
///
/// @param positional values of `?` in order, as the objects that `VectorValues` names; absent while
///   a statement is only described: then each `?` is NULL
/// @param named values of `{name:Type}` as text; absent likewise
public record ParameterValues(
    Optional<List<Object>> positional, Optional<Map<String, String>> named) {
  /// A statement without open places.
  public static final ParameterValues NONE =
      new ParameterValues(Optional.of(List.of()), Optional.of(Map.of()));

  /// A statement that is not going to run.
  public static final ParameterValues UNKNOWN =
      new ParameterValues(Optional.empty(), Optional.empty());

  public static ParameterValues of(List<Object> positional, Map<String, String> named) {
    return new ParameterValues(Optional.of(positional), Optional.of(named));
  }
}
