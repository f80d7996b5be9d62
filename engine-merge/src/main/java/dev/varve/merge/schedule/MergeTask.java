// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.schedule;

/// One merge that was chosen, its parts reserved.
public interface MergeTask {
  /// Merges and commits; frees the parts whatever happens.
  void run();
}
