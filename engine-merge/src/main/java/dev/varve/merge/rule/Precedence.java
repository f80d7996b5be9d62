// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rule;

import dev.varve.storage.part.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The order of rows of one key under the Replacing rule: by version, then by `_seq`; of equals,
/// the one further back is above. [ReplacingMerger] and the masks of exact reads both go by it, or
/// a merge would change answers.
public final class Precedence {
  private final Optional<String> version;

  public Precedence(MergeRule rule) {
    this.version =
        rule instanceof MergeRule.Replacing replacing ? replacing.version() : Optional.empty();
  }

  /// The column of the version, if there is one; else the `_seq` alone decides.
  public Optional<String> version() {
    return version;
  }

  /// The columns that decide.
  public List<String> columns() {
    List<String> columns = new ArrayList<>();
    version.ifPresent(columns::add);
    columns.add(Part.SEQ);
    return columns;
  }

  public Ranks ranks(SortedColumns rows) {
    return new Ranks(
        version.map(name -> LongValues.ordered(rows.column(name))).orElse(null),
        LongValues.of(rows.column(Part.SEQ)));
  }

  /// Versions as numbers whose signed order is theirs.
  public long[] versions(SortedColumns rows) {
    return LongValues.ordered(rows.column(version.orElseThrow()));
  }

  /// Ranks of some rows.
  public static final class Ranks {
    private final long[] versions;
    private final long[] sequences;

    private Ranks(long[] versions, long[] sequences) {
      this.versions = versions;
      this.sequences = sequences;
    }

    /// Whether row `a` beats row `b`, which stands behind it.
    public boolean isAbove(int a, int b) {
      if (versions != null && versions[a] != versions[b]) {
        return versions[a] > versions[b];
      }
      return sequences[a] > sequences[b];
    }
  }
}
