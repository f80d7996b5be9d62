// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Little-endian numbers and length-prefixed texts, as all payloads but Arrow's hold them.
final class WireBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(64);

  WireBytes u8(int value) {
    out.write(value);
    return this;
  }

  WireBytes i32(int value) {
    for (int shift = 0; shift < 32; shift += 8) {
      out.write(value >>> shift);
    }
    return this;
  }

  WireBytes i64(long value) {
    for (int shift = 0; shift < 64; shift += 8) {
      out.write((int) (value >>> shift));
    }
    return this;
  }

  WireBytes bytes(byte[] value) {
    i32(value.length);
    out.write(value, 0, value.length);
    return this;
  }

  WireBytes text(String value) {
    return bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  WireBytes integer(BigInteger value) {
    return bytes(value.toByteArray());
  }

  byte[] toByteArray() {
    return out.toByteArray();
  }

  static byte[] readBytes(ByteBuffer in) throws IOException {
    int length = in.remaining() < 4 ? -1 : in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new IOException(
          "malformed frame: a value of " + length + " bytes where " + in.remaining() + " are left");
    }
    byte[] value = new byte[length];
    in.get(value);
    return value;
  }

  static String readText(ByteBuffer in) throws IOException {
    return new String(readBytes(in), StandardCharsets.UTF_8);
  }
}
