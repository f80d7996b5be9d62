// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.part.Part;
import java.util.List;

/// Says from bounds, keys and skip indexes alone which granules cannot hold a row that the scan
/// wants. Safe for threads.
public interface GranuleFilter {
  /// Whether the part may hold a wanted row at all.
  boolean mayMatch(Part part);

  /// The wanted granules of a part for which [#mayMatch(Part)] was true, or null for all; bit `g`
  /// of word `g / 64`. Asked for once per part and scan.
  long[] granules(Part part);

  /// The filters that this one is made of, in the order in which they are asked.
  default List<Step> steps() {
    return List.of();
  }

  /// A filter of its own, for EXPLAIN.
  ///
  /// @param name of a skip index, else empty
  /// @param keys columns it knows
  /// @param condition what the query demands of them
  record Step(
      Kind kind,
      String name,
      String description,
      List<String> keys,
      String condition,
      GranuleFilter filter) {
    public Step {
      keys = List.copyOf(keys);
    }
  }

  /// What a step knows of a granule.
  enum Kind {
    /// Bounds of the columns of the partition key.
    PARTITION,
    /// Bounds of the columns of the primary key.
    PRIMARY_KEY,
    /// Bounds of other columns.
    STATISTICS,
    /// A skip index.
    SKIP
  }

  /// All granules.
  GranuleFilter ALL =
      new GranuleFilter() {
        @Override
        public boolean mayMatch(Part part) {
          return true;
        }

        @Override
        public long[] granules(Part part) {
          return null;
        }
      };
}
