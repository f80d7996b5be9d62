// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.CRC32C;

/// Layout of a file of the journal: a header, then frames. All numbers little-endian.
///
/// | bytes of the header | field    | meaning                                   |
/// |---------------------|----------|-------------------------------------------|
/// | 0-7                 | magic    | `VARVEJNL` in ASCII                       |
/// | 8-11                | version  | 1                                         |
/// | 12-19               | first    | number of the first entry, as in the name |
/// | 20-23               | checksum | CRC32C of bytes 0 to 19                   |
///
/// | bytes of a frame | field    | meaning                                      |
/// |------------------|----------|----------------------------------------------|
/// | 0-3              | mark     | `VJFR` in ASCII                              |
/// | 4-7              | checksum | CRC32C of bytes 8 to the end of the frame    |
/// | 8-11             | length   | bytes of the entries                         |
/// | 12-15            | count    | entries                                      |
/// | 16-23            | first    | number of the first; they count up by one    |
/// | 24-              | entries  | each a `u32` of its length, and [JournalEntry] |
///
/// A frame is what one sync made durable. The next is written behind that sync, so a damaged frame
/// with a sound one behind it is damage, and not the torn end of a crash.
final class JournalLayout {
  static final int VERSION = 1;
  static final int HEADER_BYTES = 24;
  static final int FRAME_BYTES = 24;

  private static final long MAGIC = 0x4C4E4A4556524156L;
  private static final int MARK = 0x52464A56;

  private JournalLayout() {}

  static ByteBuffer header(long first) {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(MAGIC).putInt(VERSION).putLong(first);
    return header.putInt(checksum(header.slice(0, 20))).flip();
  }

  static boolean hasMagic(ByteBuffer file) {
    return file.limit() >= 8 && file.getLong(0) == MAGIC;
  }

  static int version(ByteBuffer file) {
    return file.getInt(8);
  }

  static long first(ByteBuffer file) {
    return file.getLong(12);
  }

  static boolean headerIsSound(ByteBuffer file) {
    return file.limit() >= HEADER_BYTES && file.getInt(20) == checksum(file.slice(0, 20));
  }

  /// @param number of the first entry
  static ByteBuffer frame(long number, List<byte[]> entries) {
    int length = 0;
    for (byte[] entry : entries) {
      length = Math.addExact(length, 4 + entry.length);
    }
    ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
    frame.putInt(MARK).putInt(0).putInt(length).putInt(entries.size()).putLong(number);
    for (byte[] entry : entries) {
      frame.putInt(entry.length).put(entry);
    }
    frame.flip();
    return frame.putInt(4, checksum(frame.slice(8, frame.limit() - 8)));
  }

  /// Whether a whole frame with the right checksum stands here.
  static boolean frameIsSound(ByteBuffer file, int at) {
    if (file.limit() - at < FRAME_BYTES || file.getInt(at) != MARK) {
      return false;
    }
    int length = entryBytes(file, at);
    return length >= 0
        && length <= file.limit() - at - FRAME_BYTES
        && file.getInt(at + 4) == checksum(file.slice(at + 8, FRAME_BYTES - 8 + length));
  }

  static int entryBytes(ByteBuffer file, int at) {
    return file.getInt(at + 8);
  }

  static int count(ByteBuffer file, int at) {
    return file.getInt(at + 12);
  }

  static long number(ByteBuffer file, int at) {
    return file.getLong(at + 16);
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
