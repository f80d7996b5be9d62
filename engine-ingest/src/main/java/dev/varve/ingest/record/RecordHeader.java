// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.record;

/// A header of a record.
///
/// @param value its bytes, or null; not to be changed
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record RecordHeader(String key, byte[] value) {}
