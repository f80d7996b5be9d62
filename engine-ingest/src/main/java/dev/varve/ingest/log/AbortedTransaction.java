// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

/// Records of a producer that count as never sent: its transactional batches between two offsets.
///
/// @param lastOffset that of the marker that ended it
public record AbortedTransaction(long producerId, long firstOffset, long lastOffset) {
  /// Whether a transactional batch of this producer at this offset was aborted.
  public boolean covers(long producer, long offset) {
    return producer == producerId && offset >= firstOffset && offset <= lastOffset;
  }
}
