// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format.parquet;

import dev.varve.storage.format.ByteSink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/// Writes structs in Thrift's compact protocol: a field is the distance to the number of the one
/// before it, its type, and its value. One thread.
final class ThriftWriter {
  private static final int TRUE = 1;
  private static final int FALSE = 2;
  private static final int BYTE = 3;
  private static final int I32 = 5;
  private static final int I64 = 6;
  private static final int BINARY = 8;
  private static final int LIST = 9;
  private static final int STRUCT = 12;
  private static final int SHORT_LIST = 15;

  private final ByteSink out;
  private final Deque<Integer> outer = new ArrayDeque<>();
  private int last;

  ThriftWriter(ByteSink out) {
    this.out = out;
  }

  private ThriftWriter head(int field, int type) {
    out.put(field - last << 4 | type);
    last = field;
    return this;
  }

  private static long zigzag(long value) {
    return value << 1 ^ value >> 63;
  }

  ThriftWriter i32(int field, int value) {
    head(field, I32);
    out.putVarint(zigzag(value));
    return this;
  }

  ThriftWriter i64(int field, long value) {
    head(field, I64);
    out.putVarint(zigzag(value));
    return this;
  }

  ThriftWriter i8(int field, int value) {
    head(field, BYTE);
    out.put(value);
    return this;
  }

  ThriftWriter flag(int field, boolean value) {
    return head(field, value ? TRUE : FALSE);
  }

  ThriftWriter text(int field, String value) {
    head(field, BINARY);
    bytes(value);
    return this;
  }

  private void bytes(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    out.putVarint(utf8.length).put(utf8);
  }

  ThriftWriter texts(int field, List<String> values) {
    list(field, values.size(), BINARY);
    values.forEach(this::bytes);
    return this;
  }

  ThriftWriter numbers(int field, int... values) {
    list(field, values.length, I32);
    for (int value : values) {
      out.putVarint(zigzag(value));
    }
    return this;
  }

  private void list(int field, int size, int type) {
    head(field, LIST);
    if (size < SHORT_LIST) {
      out.put(size << 4 | type);
    } else {
      out.put(SHORT_LIST << 4 | type).putVarint(size);
    }
  }

  /// A struct with whatever the consumer writes into it.
  ThriftWriter struct(int field, Consumer<ThriftWriter> content) {
    head(field, STRUCT);
    return struct(content);
  }

  /// A struct that stands alone or in a list.
  ThriftWriter struct(Consumer<ThriftWriter> content) {
    outer.push(last);
    last = 0;
    content.accept(this);
    out.put(0);
    last = outer.pop();
    return this;
  }

  <T> ThriftWriter structs(
      int field, List<T> values, java.util.function.BiConsumer<ThriftWriter, T> content) {
    list(field, values.size(), STRUCT);
    for (T value : values) {
      struct(writer -> content.accept(writer, value));
    }
    return this;
  }
}
