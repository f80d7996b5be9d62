// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

/// A producer as a partition knows it.
///
/// @param lastSequence of what it sent last, or -1 for a marker of its transaction
/// @param lastTimestamp of that, or -1
/// @param openSince the first offset of its open transaction, or -1
public record KnownProducer(
    long id, short epoch, int lastSequence, long lastTimestamp, long openSince) {}
