// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/// Layout of a record batch, format version 2, big-endian. The checksum covers everything from the
/// attributes on, so the log may stamp offset and leader epoch without touching the rest.
///
/// | bytes | field             | meaning                                               |
/// |-------|-------------------|-------------------------------------------------------|
/// | 0-7   | base offset       | offset of the first record, stamped by the log        |
/// | 8-11  | batch length      | bytes behind this field                               |
/// | 12-15 | leader epoch      | stamped by the log                                    |
/// | 16    | magic             | 2                                                     |
/// | 17-20 | checksum          | CRC32C of bytes 21 to the end                         |
/// | 21-22 | attributes        | codec (bits 0-2), timestamp type (3), transactional (4), control (5) |
/// | 23-26 | last offset delta | records - 1                                           |
/// | 27-34 | base timestamp    | milliseconds since the epoch                          |
/// | 35-42 | max timestamp     | milliseconds since the epoch                          |
/// | 43-50 | producer id       | -1 where the producer is not idempotent               |
/// | 51-52 | producer epoch    |                                                       |
/// | 53-56 | base sequence     | sequence number of the first record                   |
/// | 57-60 | records           | how many                                              |
/// | 61-   | payload           | the records, compressed as the attributes say         |
public final class BatchLayout {
  public static final int HEADER_BYTES = 61;

  /// Bytes in front of what the length counts.
  public static final int OVERHEAD_BYTES = 12;

  private static final int CHECKED_FROM = 21;
  private static final VarHandle I16 =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle I32 =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle I64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private BatchLayout() {}

  public static long baseOffset(byte[] bytes, int at) {
    return (long) I64.get(bytes, at);
  }

  /// Bytes of the whole batch.
  public static int size(byte[] bytes, int at) {
    return (int) I32.get(bytes, at + 8) + OVERHEAD_BYTES;
  }

  public static int leaderEpoch(byte[] bytes, int at) {
    return (int) I32.get(bytes, at + 12);
  }

  public static byte magic(byte[] bytes, int at) {
    return bytes[at + 16];
  }

  public static int checksum(byte[] bytes, int at) {
    return (int) I32.get(bytes, at + 17);
  }

  public static int attributes(byte[] bytes, int at) {
    return (short) I16.get(bytes, at + 21);
  }

  public static int codec(byte[] bytes, int at) {
    return attributes(bytes, at) & 7;
  }

  public static boolean isTransactional(byte[] bytes, int at) {
    return (attributes(bytes, at) & 16) != 0;
  }

  public static boolean isControl(byte[] bytes, int at) {
    return (attributes(bytes, at) & 32) != 0;
  }

  public static int lastOffsetDelta(byte[] bytes, int at) {
    return (int) I32.get(bytes, at + 23);
  }

  public static long baseTimestamp(byte[] bytes, int at) {
    return (long) I64.get(bytes, at + 27);
  }

  public static long maxTimestamp(byte[] bytes, int at) {
    return (long) I64.get(bytes, at + 35);
  }

  public static long producerId(byte[] bytes, int at) {
    return (long) I64.get(bytes, at + 43);
  }

  public static short producerEpoch(byte[] bytes, int at) {
    return (short) I16.get(bytes, at + 51);
  }

  public static int baseSequence(byte[] bytes, int at) {
    return (int) I32.get(bytes, at + 53);
  }

  public static int records(byte[] bytes, int at) {
    return (int) I32.get(bytes, at + 57);
  }

  /// Gives a batch its place in the log.
  public static void stamp(byte[] bytes, int at, long baseOffset, int leaderEpoch) {
    I64.set(bytes, at, baseOffset);
    I32.set(bytes, at + 12, leaderEpoch);
  }

  /// Makes a batch whole whose header was copied from another: uncompressed, of this size, with so
  /// many records.
  public static void reseal(byte[] bytes, int at, int size, int records) {
    I32.set(bytes, at + 8, size - OVERHEAD_BYTES);
    I16.set(bytes, at + 21, (short) (attributes(bytes, at) & ~7));
    I32.set(bytes, at + 57, records);
    seal(bytes, at);
  }

  /// Writes the header of a batch without records that stands for `offsets` offsets.
  public static void writeEmpty(
      byte[] bytes, int at, long baseOffset, int offsets, int leaderEpoch) {
    I64.set(bytes, at, baseOffset);
    I32.set(bytes, at + 8, HEADER_BYTES - OVERHEAD_BYTES);
    I32.set(bytes, at + 12, leaderEpoch);
    bytes[at + 16] = 2;
    I16.set(bytes, at + 21, (short) 0);
    I32.set(bytes, at + 23, offsets - 1);
    I64.set(bytes, at + 27, -1L);
    I64.set(bytes, at + 35, -1L);
    I64.set(bytes, at + 43, -1L);
    I16.set(bytes, at + 51, (short) -1);
    I32.set(bytes, at + 53, -1);
    I32.set(bytes, at + 57, 0);
    seal(bytes, at);
  }

  /// Writes the checksum that fits the bytes.
  public static void seal(byte[] bytes, int at) {
    I32.set(bytes, at + 17, checksumOf(bytes, at));
  }

  private static int checksumOf(byte[] bytes, int at) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, at + CHECKED_FROM, size(bytes, at) - CHECKED_FROM);
    return (int) crc.getValue();
  }

  /// Whether the bytes are those that the producer sent. The batch must lie wholly in the array.
  public static boolean isIntact(byte[] bytes, int at) {
    return checksumOf(bytes, at) == checksum(bytes, at);
  }
}
