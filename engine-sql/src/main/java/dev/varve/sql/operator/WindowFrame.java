// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

/// Which rows around a row a window function sees.
///
/// @param rows whether distances count rows; else values of the one ordering column
/// @param start first row
/// @param end last row
public record WindowFrame(boolean rows, Edge start, Edge end) {
  /// One end of a frame.
  public sealed interface Edge {
    /// The first (as a start) or last (as an end) row of the partition.
    record Unbounded() implements Edge {}

    /// The row itself; of a frame of values, its first or last equal.
    record Current() implements Edge {}

    /// So far before the row, or behind it where negative.
    record Before(long distance) implements Edge {}
  }

  /// The whole partition.
  public static final WindowFrame WHOLE =
      new WindowFrame(true, new Edge.Unbounded(), new Edge.Unbounded());

  @Override
  public String toString() {
    return (rows ? "rows " : "range ") + start + " to " + end;
  }
}
