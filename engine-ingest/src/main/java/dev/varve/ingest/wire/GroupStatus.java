// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

/// What a consumer group has to do with a partition, as `system.consumer_groups` shows it.
///
/// @param type `classic` or `consumer`
/// @param protocol how partitions are assigned
/// @param members of the group
/// @param topic empty, and partition -1, for a group that has neither offsets nor partitions
/// @param committed offset that the group goes on from, or -1
/// @param end of the log, or -1 if the partition is not there any more
/// @param member who reads the partition now, or empty
public record GroupStatus(
    String group,
    String type,
    String protocol,
    String state,
    int members,
    String topic,
    int partition,
    long committed,
    long end,
    String member,
    String client,
    String host) {}
