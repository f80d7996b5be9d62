// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.record;

/// What a batch must be before it may enter the log.
public final class BatchCheck {
  private BatchCheck() {}

  /// Checks that `bytes[from, to)` is exactly one whole, undamaged batch that we can keep.
  ///
  /// @throws RefusedException with what is wrong
  public static void check(byte[] bytes, int from, int to, int maxBytes) {
    int length = to - from;
    if (length < BatchLayout.HEADER_BYTES) {
      throw corrupt("a batch has at least 61 bytes, found " + length);
    }
    byte magic = BatchLayout.magic(bytes, from);
    if (magic != 2) {
      throw new RefusedException(
          Refusal.UNSUPPORTED_FOR_MESSAGE_FORMAT,
          "record batches must have format version 2, found " + magic);
    }
    int size = BatchLayout.size(bytes, from);
    if (size != length) {
      throw size > BatchLayout.HEADER_BYTES && size < length
          ? new RefusedException(
              Refusal.INVALID_RECORD, "a partition of a request must hold exactly one batch")
          : corrupt("the batch says it has " + size + " bytes, found " + length);
    }
    if (size > maxBytes) {
      throw new RefusedException(
          Refusal.MESSAGE_TOO_LARGE,
          "a batch of "
              + size
              + " bytes, at most "
              + maxBytes
              + " are taken (max.message.bytes of the topic)");
    }
    if (!BatchLayout.isIntact(bytes, from)) {
      throw corrupt("the checksum of the batch does not match its bytes");
    }
    checkHeader(bytes, from);
  }

  private static void checkHeader(byte[] bytes, int from) {
    int records = BatchLayout.records(bytes, from);
    if (records < 1 || BatchLayout.lastOffsetDelta(bytes, from) != records - 1) {
      throw new RefusedException(
          Refusal.INVALID_RECORD,
          "a batch of "
              + records
              + " records whose last has offset delta "
              + BatchLayout.lastOffsetDelta(bytes, from));
    }
    if (BatchLayout.isControl(bytes, from)) {
      throw new RefusedException(Refusal.INVALID_RECORD, "clients may not write control batches");
    }
    if (BatchLayout.codec(bytes, from) > 4) {
      throw new RefusedException(
          Refusal.UNSUPPORTED_COMPRESSION_TYPE,
          "there is no compression codec " + BatchLayout.codec(bytes, from));
    }
    boolean idempotent = BatchLayout.producerId(bytes, from) >= 0;
    boolean numbered =
        BatchLayout.producerEpoch(bytes, from) >= 0 && BatchLayout.baseSequence(bytes, from) >= 0;
    if ((idempotent || BatchLayout.isTransactional(bytes, from)) && !numbered) {
      throw new RefusedException(
          Refusal.INVALID_RECORD,
          "a batch of a transaction or with a producer id, but without epoch or sequence");
    }
  }

  private static RefusedException corrupt(String message) {
    return new RefusedException(Refusal.CORRUPT_MESSAGE, message);
  }
}
