// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rule;

import java.util.List;
import java.util.Optional;

/// What a merge does with the rows that share a sorting key. Chosen once, in `CREATE TABLE`.
public sealed interface MergeRule {
  /// `MergeTree`: keeps every row.
  record Plain() implements MergeRule {}

  /// `ReplacingMergeTree([version[, is_deleted]])`: the row with the greatest (version, `_seq`).
  record Replacing(Optional<String> version, Optional<String> isDeleted) implements MergeRule {}

  /// `CollapsingMergeTree(sign)`: rows of sign 1 and -1 cancel each other.
  record Collapsing(String sign) implements MergeRule {}

  /// `VersionedCollapsingMergeTree(sign, version)`: cancels within (key, version), in any order.
  record VersionedCollapsing(String sign, String version) implements MergeRule {}

  /// `SummingMergeTree([columns])`: adds; without names, every number outside the sorting key.
  record Summing(List<String> columns) implements MergeRule {}

  /// `AggregatingMergeTree`: merges aggregate states.
  record Aggregating() implements MergeRule {}

  /// Whether a key stands at most once in a part.
  default boolean collapsesKeys() {
    return !(this instanceof Plain);
  }

  /// Whether what counts of a key may be a row that no part holds.
  default boolean combinesRows() {
    return switch (this) {
      case Summing _, Aggregating _ -> true;
      case Plain _, Replacing _, Collapsing _, VersionedCollapsing _ -> false;
    };
  }

  /// Whether a row that a DELETE hides goes on to beat older rows of its key, so that none of them
  /// comes back. Under the other rules rows stand alone or add up, and a deleted one adds nothing:
  /// a DELETE marks all rows of a key, so a state of Collapsing begins anew with what comes after.
  default boolean deletedRowsDominate() {
    return switch (this) {
      case Replacing _ -> true;
      case Plain _, Collapsing _, VersionedCollapsing _, Summing _, Aggregating _ -> false;
    };
  }

  /// Whether a deleted row that stands for its key can go once no other part holds the key: what
  /// comes later beats it anyway.
  default boolean deletedRowsMayGo() {
    return this instanceof Replacing(Optional<String> version, Optional<String> _)
        && version.isEmpty();
  }
}
