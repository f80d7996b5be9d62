// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Reads what [FieldWriter] wrote. A field that does not fit the bytes left is an error that names
/// the file and the byte: the checksum was right, so the file was written wrong.
public final class FieldReader {
  private final Path path;
  private final ByteBuffer bytes;

  /// @param bytes the whole file
  /// @param from the first field
  /// @param to one past the last
  public FieldReader(Path path, byte[] bytes, int from, int to) {
    this.path = path;
    this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(from).limit(to);
  }

  public int getByte() {
    require(1);
    return bytes.get() & 0xFF;
  }

  public int getShort() {
    require(2);
    return bytes.getShort() & 0xFFFF;
  }

  public int getInt() {
    require(4);
    return bytes.getInt();
  }

  public long getLong() {
    require(8);
    return bytes.getLong();
  }

  public String getText() {
    return new String(getBytes(), StandardCharsets.UTF_8);
  }

  public byte[] getBytes() {
    return getRaw(getCount(1));
  }

  public byte[] getRaw(int length) {
    require(length);
    byte[] run = new byte[length];
    bytes.get(run);
    return run;
  }

  /// A number of things that take at least so many bytes each.
  public int getCount(int leastBytes) {
    int at = bytes.position();
    int count = getInt();
    if (count < 0 || (long) count * leastBytes > bytes.remaining()) {
      throw FileErrors.corrupt(
          path, at, "a count that fits the " + bytes.remaining() + " bytes left", "" + count);
    }
    return count;
  }

  public int remaining() {
    return bytes.remaining();
  }

  private void require(int count) {
    if (bytes.remaining() < count) {
      throw FileErrors.corrupt(
          path,
          bytes.position(),
          "a field of " + count + " bytes",
          "the end of the fields after " + bytes.remaining());
    }
  }
}
