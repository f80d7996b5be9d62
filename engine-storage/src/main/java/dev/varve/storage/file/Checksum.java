// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.file;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// CRC32C, the checksum of all our files.
public final class Checksum {
  private Checksum() {}

  public static int of(MemorySegment bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.asByteBuffer());
    return (int) crc.getValue();
  }

  public static int of(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.wrap(bytes, from, length));
    return (int) crc.getValue();
  }

  /// As people read it: eight hexadecimal digits.
  public static String text(int checksum) {
    String digits = Integer.toHexString(checksum);
    return "0".repeat(8 - digits.length()) + digits;
  }
}
