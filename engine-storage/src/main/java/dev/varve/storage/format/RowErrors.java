// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.error.VarveException;
import java.util.function.Consumer;

/// Which rows of an input may be left out because they do not fit. One thread.
///
/// A row that is left out is told to whoever asked; the first one too many ends the reading with
/// its own error. Readers of lines can go on behind a row that does not fit (see
/// [RowsReader#tolerating]); those of binary formats and whole documents cannot, and fail with the
/// first.
public final class RowErrors {
  /// A row that was left out.
  ///
  /// @param row its number in the input, from 1, without the header
  /// @param line where it begins, from 1
  public record Refused(long row, long line, VarveException why) {}

  private final long most;
  private final double share;
  private final Consumer<Refused> told;
  private long refused;

  /// @param most rows that may be left out
  /// @param share of all rows up to there that may be left out, where those are more
  public RowErrors(long most, double share, Consumer<Refused> told) {
    this.most = most;
    this.share = share;
    this.told = told;
  }

  /// Rows left out so far.
  public long refused() {
    return refused;
  }

  /// Leaves a row out.
  ///
  /// @throws VarveException its error, naming the row, where no more may be left out
  void refuse(long row, long line, VarveException why) {
    if (refused >= Math.max(most, (long) (share * row))) {
      throw FieldOrder.inRow(row, why);
    }
    refused++;
    told.accept(new Refused(row, line, why));
  }
}
