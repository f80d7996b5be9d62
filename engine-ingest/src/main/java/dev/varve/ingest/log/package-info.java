// SPDX-License-Identifier: Apache-2.0
/// The log on disk: topics, their partitions as segments of record batches, offset and time index,
/// idempotent producers, and recovery after a crash.
package dev.varve.ingest.log;
