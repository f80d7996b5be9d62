// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Writes Avro's and Protobuf's bytes by hand, as a second reading of their specifications.
public final class Wire {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  public byte[] bytes() {
    return out.toByteArray();
  }

  Wire raw(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  Wire varint(long value) {
    long left = value;
    while ((left & ~0x7FL) != 0) {
      out.write((int) (left & 0x7F | 0x80));
      left >>>= 7;
    }
    out.write((int) left);
    return this;
  }

  Wire zigzag(long value) {
    return varint(value << 1 ^ value >> 63);
  }

  Wire fixed64(long value) {
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    return this;
  }

  /// Avro's string or bytes.
  Wire avro(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    zigzag(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  /// A field of Protobuf that is a number.
  public Wire number(int field, long value) {
    return varint(field << 3).varint(value);
  }

  /// A field of Protobuf that has a length.
  public Wire sized(int field, byte[] bytes) {
    varint(field << 3 | 2).varint(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  public Wire text(int field, String text) {
    return sized(field, text.getBytes(StandardCharsets.UTF_8));
  }

  /// A `FieldDescriptorProto`.
  public static byte[] field(String name, int number, int label, int type, String typeName) {
    Wire field = new Wire().text(1, name).number(3, number).number(4, label).number(5, type);
    return (typeName.isEmpty() ? field : field.text(6, typeName)).bytes();
  }

  /// A set of one proto3 file of package `shop` with message `Order`, as protoc would write it.
  static String descriptor() {
    byte[] item =
        new Wire()
            .text(1, "Item")
            .sized(2, field("name", 1, 1, 9, ""))
            .sized(2, field("amount", 2, 1, 13, ""))
            .bytes();
    byte[] entry =
        new Wire()
            .text(1, "TagsEntry")
            .sized(2, field("key", 1, 1, 9, ""))
            .sized(2, field("value", 2, 1, 3, ""))
            .sized(7, new Wire().number(7, 1).bytes())
            .bytes();
    byte[] state =
        new Wire()
            .text(1, "State")
            .sized(2, new Wire().text(1, "NEW").number(2, 0).bytes())
            .sized(2, new Wire().text(1, "PAID").number(2, 1).bytes())
            .bytes();
    byte[] order =
        new Wire()
            .text(1, "Order")
            .sized(2, field("id", 1, 1, 4, ""))
            .sized(2, field("name", 2, 1, 9, ""))
            .sized(2, field("price", 3, 1, 1, ""))
            .sized(2, field("items", 4, 3, 11, ".shop.Item"))
            .sized(2, field("numbers", 5, 3, 17, ""))
            .sized(2, field("tags", 6, 3, 11, ".shop.Order.TagsEntry"))
            .sized(2, field("state", 7, 1, 14, ".shop.State"))
            .sized(2, field("at", 8, 1, 11, ".google.protobuf.Timestamp"))
            .sized(3, entry)
            .bytes();
    byte[] file =
        new Wire()
            .text(1, "shop.proto")
            .text(2, "shop")
            .sized(4, order)
            .sized(4, item)
            .sized(5, state)
            .text(12, "proto3")
            .bytes();
    byte[] timestamp =
        new Wire()
            .text(1, "Timestamp")
            .sized(2, field("seconds", 1, 1, 3, ""))
            .sized(2, field("nanos", 2, 1, 5, ""))
            .bytes();
    byte[] google =
        new Wire()
            .text(1, "google/protobuf/timestamp.proto")
            .text(2, "google.protobuf")
            .sized(4, timestamp)
            .bytes();
    byte[] set = new Wire().sized(1, google).sized(1, file).bytes();
    return Base64.getEncoder().encodeToString(set);
  }
}
