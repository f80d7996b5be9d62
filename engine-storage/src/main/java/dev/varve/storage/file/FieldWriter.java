// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.file;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Fields of a small metadata file one after another, little-endian. A text is its length in bytes
/// (`u32`) and its UTF-8.
public final class FieldWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  public void putByte(int value) {
    bytes.write(value);
  }

  public void putShort(int value) {
    putNumber(value, 2);
  }

  public void putInt(int value) {
    putNumber(value, 4);
  }

  public void putLong(long value) {
    putNumber(value, 8);
  }

  private void putNumber(long value, int width) {
    for (int i = 0; i < width; i++) {
      bytes.write((int) (value >>> (8 * i)));
    }
  }

  public void putText(String text) {
    putBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /// The length (`u32`) and the bytes.
  public void putBytes(byte[] run) {
    putInt(run.length);
    putRaw(run);
  }

  public void putRaw(byte[] run) {
    bytes.writeBytes(run);
  }

  public int position() {
    return bytes.size();
  }

  public byte[] toByteArray() {
    return bytes.toByteArray();
  }
}
