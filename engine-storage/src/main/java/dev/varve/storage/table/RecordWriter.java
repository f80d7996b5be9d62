// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Little-endian bytes of a manifest record, growing as it is written.
final class RecordWriter {
  private ByteBuffer bytes = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);

  RecordWriter u8(int value) {
    room(1).put((byte) value);
    return this;
  }

  RecordWriter i32(int value) {
    room(4).putInt(value);
    return this;
  }

  RecordWriter i64(long value) {
    room(8).putLong(value);
    return this;
  }

  RecordWriter text(String value) {
    byte[] utf8 = value.getBytes(UTF_8);
    i32(utf8.length);
    room(utf8.length).put(utf8);
    return this;
  }

  <T> RecordWriter list(List<T> values, Consumer<T> each) {
    i32(values.size());
    values.forEach(each);
    return this;
  }

  /// Entries in the order of their keys, so that equal maps have equal bytes.
  RecordWriter texts(Map<String, String> values) {
    i32(values.size());
    new TreeMap<>(values).forEach((key, value) -> text(key).text(value));
    return this;
  }

  private ByteBuffer room(int count) {
    if (bytes.remaining() < count) {
      int capacity = Math.max(bytes.capacity() * 2, bytes.position() + count);
      bytes = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN).put(bytes.flip());
    }
    return bytes;
  }

  byte[] toBytes() {
    byte[] all = new byte[bytes.position()];
    bytes.get(0, all);
    return all;
  }
}
