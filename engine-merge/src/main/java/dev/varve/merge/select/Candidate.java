// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.select;

/// A part as the selector sees it. Parts that a merge already holds are not given to it.
///
/// @param bytes bytes on disk (or held, for a run in memory)
/// @param rows rows stored
/// @param deadRows rows that an exact read hides, as far as known, else 0
/// @param overlap the share of the other parts of its partition whose ranges of keys meet its own
/// @param ageMillis time since the part was committed
public record Candidate(
    long id,
    String partition,
    long bytes,
    long rows,
    int level,
    long deadRows,
    double overlap,
    long ageMillis) {}
