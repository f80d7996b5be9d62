// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

/// Where the records of a leader end.
///
/// @param epoch of the leader, -1 where it is not known
/// @param offset behind its last record, -1 where it is not known
public record EpochEnd(int epoch, long offset) {}
