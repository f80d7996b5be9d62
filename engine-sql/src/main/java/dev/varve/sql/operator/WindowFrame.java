// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

/// Which rows around a row a window function sees.
///
/// @param rows whether distances count rows; else values of the one ordering column
/// @param start first row
/// @param end last row
/// @param exclude which rows around the row itself are left out
public record WindowFrame(boolean rows, Edge start, Edge end, Exclude exclude) {
  public WindowFrame(boolean rows, Edge start, Edge end) {
    this(rows, start, end, Exclude.NONE);
  }

  /// Rows of a frame that do not count.
  public enum Exclude {
    NONE,
    /// The row itself.
    ROW,
    /// The row and its equals.
    GROUP,
    /// The equals of the row, but not the row.
    TIES
  }

  /// One end of a frame.
  public sealed interface Edge {
    /// The first (as a start) or last (as an end) row of the partition.
    record Unbounded() implements Edge {}

    /// The row itself; of a frame of values, its first or last equal.
    record Current() implements Edge {}

    /// So far before the row, or behind it where negative: in rows, or in what the ordering column
    /// counts (days, seconds, ticks).
    record Before(long distance) implements Edge {}

    /// So far before the row's value of a floating-point ordering column.
    record BeforeBy(double distance) implements Edge {}

    /// So many months before the row's date or time.
    record MonthsBefore(long months) implements Edge {}
  }

  /// The whole partition.
  public static final WindowFrame WHOLE =
      new WindowFrame(true, new Edge.Unbounded(), new Edge.Unbounded());

  @Override
  public String toString() {
    return (rows ? "rows " : "range ")
        + start
        + " to "
        + end
        + (exclude == Exclude.NONE ? "" : " without " + exclude);
  }
}
