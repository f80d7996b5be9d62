// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.record;

/// Undoes the compression of a batch's payload.
@FunctionalInterface
public interface Decompressor {
  /// The records of `bytes[from, to)`, written with this codec (1 gzip, 2 snappy, 3 lz4, 4 zstd).
  ///
  /// @throws RefusedException CORRUPT_MESSAGE if they cannot be read, MESSAGE_TOO_LARGE if there
  ///   are more than `maxBytes`
  byte[] decompress(int codec, byte[] bytes, int from, int to, int maxBytes);
}
