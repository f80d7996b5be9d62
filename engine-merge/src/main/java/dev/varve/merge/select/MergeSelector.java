// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.select;

import java.util.List;

/// Chooses parts of one partition to merge, so that parts stay few and a row is rewritten about
/// log(table / insert) times. Size-tiered: it merges parts of similar size, the sooner the more of
/// their rows are dead. Pure; safe for threads.
public final class MergeSelector {
  private final long maxPartBytes;
  private final int maxFanIn;

  /// @param maxPartBytes a chosen set is never larger in sum
  /// @param maxFanIn parts merged at once at most
  public MergeSelector(long maxPartBytes, int maxFanIn) {
    this.maxPartBytes = maxPartBytes;
    this.maxFanIn = maxFanIn;
  }

  /// The parts to merge next, all of one partition, or none where nothing is worth it.
  public List<Candidate> select(List<Candidate> free) {
    throw new UnsupportedOperationException("not built yet " + maxPartBytes + maxFanIn);
  }
}
