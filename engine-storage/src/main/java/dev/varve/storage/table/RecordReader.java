// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Reads what a [RecordWriter] wrote. Bytes that end too early or hold an impossible length throw
/// `BufferUnderflowException`.
final class RecordReader {
  private final ByteBuffer bytes;

  RecordReader(ByteBuffer bytes) {
    this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  int u8() {
    return bytes.get() & 0xFF;
  }

  int i32() {
    return bytes.getInt();
  }

  long i64() {
    return bytes.getLong();
  }

  String text() {
    byte[] utf8 = new byte[length()];
    bytes.get(utf8);
    return new String(utf8, UTF_8);
  }

  <T> List<T> list(Supplier<T> each) {
    int count = length();
    List<T> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(each.get());
    }
    return values;
  }

  Map<String, String> texts() {
    int count = length();
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      values.put(text(), text());
    }
    return values;
  }

  boolean atEnd() {
    return !bytes.hasRemaining();
  }

  private int length() {
    int length = bytes.getInt();
    if (length < 0 || length > bytes.remaining()) {
      throw new BufferUnderflowException();
    }
    return length;
  }
}
