// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

/// Where a batch came to lie.
///
/// @param endOffset the offset behind its last record
/// @param segment base offset of its segment
/// @param endPosition the byte behind it in the segment
/// @param isDuplicate whether the producer had sent it before; then only the offsets are set
public record Appended(
    long baseOffset, long endOffset, long segment, int endPosition, boolean isDuplicate) {}
