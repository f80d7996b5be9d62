// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.part.Part;

/// Says from bounds and keys alone which granules cannot hold a row that the scan wants. Safe for
/// threads.
public interface GranuleFilter {
  /// Whether the part may hold a wanted row at all.
  boolean mayMatch(Part part);

  /// The wanted granules of a part for which [#mayMatch(Part)] was true, or null for all; bit `g`
  /// of word `g / 64`. Asked for once per part and scan.
  long[] granules(Part part);

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
