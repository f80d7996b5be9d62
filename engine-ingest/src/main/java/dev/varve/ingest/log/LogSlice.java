// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import java.nio.channels.FileChannel;

/// Committed batches as they lie in a file, so that they can go to a client without being read. The
/// last may be cut off.
///
/// The file stays open a minute after its records were deleted, as long as a transfer may take that
/// has begun.
///
/// @param file null where there is nothing
/// @param endOffset no record of the slice has this offset or a later one
public record LogSlice(FileChannel file, long position, int size, long endOffset) {
  static LogSlice nothing(long offset) {
    return new LogSlice(null, 0, 0, offset);
  }
}
