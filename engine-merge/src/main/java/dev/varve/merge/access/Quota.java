// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.access;

import java.util.EnumMap;
import java.util.Map;

/// How much each user of an audience may use within an interval.
///
/// @param limits what is not named is not limited
public record Quota(String name, long seconds, Map<Resource, Long> limits, Audience to) {
  public Quota {
    limits = limits.isEmpty() ? Map.of() : new EnumMap<>(limits);
  }

  /// What is counted.
  public enum Resource {
    QUERIES,
    ERRORS,
    RESULT_ROWS,
    READ_ROWS,
    READ_BYTES,
    WRITTEN_ROWS,
    /// In milliseconds; SQL says it in seconds.
    EXECUTION_TIME
  }
}
