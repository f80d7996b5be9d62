// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A table of a flatbuffer, read in place: just what Arrow's metadata needs. A table begins with
/// the distance back to its vtable; the vtable holds, for each field, the field's place in the
/// table, or 0 where it has its default. All positions are absolute; a wrong one ends in an
/// `IndexOutOfBoundsException`, which the reader of the frame turns into its own error.
final class FlatTable {
  private final ByteBuffer bytes;
  private final int table;
  private final int vtable;

  private FlatTable(ByteBuffer bytes, int table) {
    this.bytes = bytes;
    this.table = table;
    this.vtable = table - bytes.getInt(table);
  }

  /// The root table of a flatbuffer that begins here.
  static FlatTable root(ByteBuffer bytes, int start) {
    return new FlatTable(bytes, start + bytes.getInt(start));
  }

  private int place(int field) {
    int entry = 4 + 2 * field;
    int size = bytes.getShort(vtable) & 0xFFFF;
    int offset = entry < size ? bytes.getShort(vtable + entry) & 0xFFFF : 0;
    return offset == 0 ? 0 : table + offset;
  }

  boolean has(int field) {
    return place(field) != 0;
  }

  int u8(int field) {
    int place = place(field);
    return place == 0 ? 0 : bytes.get(place) & 0xFF;
  }

  int i16(int field) {
    int place = place(field);
    return place == 0 ? 0 : bytes.getShort(place);
  }

  int i32(int field, int absent) {
    int place = place(field);
    return place == 0 ? absent : bytes.getInt(place);
  }

  long i64(int field) {
    int place = place(field);
    return place == 0 ? 0 : bytes.getLong(place);
  }

  private int target(int field) {
    int place = place(field);
    return place == 0 ? 0 : place + bytes.getInt(place);
  }

  /// The table that a field points to; the field must be there.
  FlatTable table(int field) {
    return new FlatTable(bytes, target(field));
  }

  String text(int field) {
    int start = target(field);
    if (start == 0) {
      return "";
    }
    byte[] value = new byte[length(start)];
    for (int i = 0; i < value.length; i++) {
      value[i] = bytes.get(start + 4 + i);
    }
    return new String(value, StandardCharsets.UTF_8);
  }

  private int length(int start) {
    int length = bytes.getInt(start);
    if (length < 0 || length > bytes.limit() - start) {
      throw new IndexOutOfBoundsException("a vector of " + length + " elements");
    }
    return length;
  }

  /// Elements of a vector; 0 where it is absent.
  int vectorLength(int field) {
    int start = target(field);
    return start == 0 ? 0 : length(start);
  }

  /// Position of the first element of a vector.
  int vectorStart(int field) {
    return target(field) + 4;
  }

  /// The table that an element of a vector points to.
  FlatTable vectorTable(int field, int index) {
    int place = vectorStart(field) + 4 * index;
    return new FlatTable(bytes, place + bytes.getInt(place));
  }
}
