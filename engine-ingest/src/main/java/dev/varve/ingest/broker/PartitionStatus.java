// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import dev.varve.ingest.replica.PartitionState;

/// A partition that several servers keep, as one of them sees it.
///
/// @param state what all agree on
/// @param endOffset of this server's log
/// @param highWatermark what this server knows to be committed
/// @param lastError why this server cannot do its share, or empty
public record PartitionStatus(
    String topic,
    int partition,
    PartitionState state,
    long endOffset,
    long highWatermark,
    String lastError) {}
