// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/// Layout of a manifest file: a header, then records. All numbers little-endian.
///
/// | bytes of the header | field       | meaning                            |
/// |---------------------|-------------|------------------------------------|
/// | 0-7                 | magic       | `VARVEMAN` in ASCII                |
/// | 8-11                | version     | 1 to 3                             |
/// | 12-19               | file number | the number in the file's name      |
/// | 20-23               | checksum    | CRC32C of bytes 0 to 19            |
///
/// | bytes of a record | field    | meaning                                       |
/// |-------------------|----------|-----------------------------------------------|
/// | 0-3               | mark     | `VREC` in ASCII                               |
/// | 4-7               | length   | bytes of the payload                          |
/// | 8-15              | version  | of the catalog after this record              |
/// | 16-19             | checksum | CRC32C of bytes 4 to 15, then of the payload  |
/// | 20-               | payload  | a change                                      |
final class ManifestLayout {
  /// What is written; older ones are read.
  static final int VERSION = 4;

  static final int HEADER_BYTES = 24;
  static final int RECORD_HEADER_BYTES = 20;

  private static final long MAGIC = 0x4E414D4556524156L;
  private static final int MARK = 0x43455256;

  private ManifestLayout() {}

  static ByteBuffer header(long fileNumber) {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(MAGIC).putInt(VERSION).putLong(fileNumber);
    return header.putInt(checksum(header.slice(0, 20))).flip();
  }

  static boolean hasMagic(ByteBuffer file) {
    return file.limit() >= 8 && file.getLong(0) == MAGIC;
  }

  static int version(ByteBuffer file) {
    return file.getInt(8);
  }

  static boolean isReadable(int version) {
    return version >= 1 && version <= VERSION;
  }

  static long fileNumber(ByteBuffer file) {
    return file.getLong(12);
  }

  static boolean headerIsSound(ByteBuffer file) {
    return file.limit() >= HEADER_BYTES && file.getInt(20) == checksum(file.slice(0, 20));
  }

  static ByteBuffer record(long version, byte[] payload) {
    ByteBuffer record =
        ByteBuffer.allocate(RECORD_HEADER_BYTES + payload.length).order(ByteOrder.LITTLE_ENDIAN);
    record.putInt(MARK).putInt(payload.length).putLong(version);
    record.position(RECORD_HEADER_BYTES).put(payload).flip();
    return record.putInt(16, recordChecksum(record, 0, payload.length));
  }

  /// Whether a whole record with the right checksum stands here.
  static boolean recordIsSound(ByteBuffer file, int at) {
    if (file.limit() - at < RECORD_HEADER_BYTES || file.getInt(at) != MARK) {
      return false;
    }
    int length = payloadBytes(file, at);
    return length >= 0
        && length <= file.limit() - at - RECORD_HEADER_BYTES
        && file.getInt(at + 16) == recordChecksum(file, at, length);
  }

  static int payloadBytes(ByteBuffer file, int at) {
    return file.getInt(at + 4);
  }

  static long recordVersion(ByteBuffer file, int at) {
    return file.getLong(at + 8);
  }

  static ByteBuffer payload(ByteBuffer file, int at) {
    return file.slice(at + RECORD_HEADER_BYTES, payloadBytes(file, at));
  }

  private static int recordChecksum(ByteBuffer file, int at, int payloadBytes) {
    CRC32C crc = new CRC32C();
    crc.update(file.slice(at + 4, 12));
    crc.update(file.slice(at + RECORD_HEADER_BYTES, payloadBytes));
    return (int) crc.getValue();
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
