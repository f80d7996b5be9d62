// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.schedule;

import java.util.Optional;

/// A table as the scheduler sees it: something that may have a merge to run.
public interface MergeSource {
  /// Takes the merge that should run next, if any. What is taken is run or given up soon.
  Optional<MergeTask> nextMerge();
}
