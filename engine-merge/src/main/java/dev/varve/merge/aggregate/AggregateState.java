// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// The state of one aggregate function over some rows. One thread.
///
/// Merging is associative, and its order does not show, so that no merge schedule changes a result;
/// but for `any`, `anyLast` and the elements of `groupArray`, which come in the order given, and
/// the last bits of sums of floats.
public interface AggregateState {
  /// Takes a row; one vector for each argument.
  void update(List<Vector> arguments, int row);

  /// Takes the rows of another state, serialized. Zero bytes are the state of no rows.
  ///
  /// @throws dev.varve.storage.error.VarveException INCORRECT_DATA if the bytes are no such state
  void merge(MemorySegment serialized);

  /// The state as bytes, first of which is the version of the form; no bytes for no rows.
  byte[] serialize();

  /// Appends the result to a column of the function's result type.
  void result(VectorBuilder to);
}
