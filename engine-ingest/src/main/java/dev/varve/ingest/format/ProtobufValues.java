// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.format;

import dev.varve.ingest.format.ProtobufMessages.Field;
import dev.varve.ingest.format.ProtobufMessages.Message;
import dev.varve.storage.format.TypedValues;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.VectorBuilder;
import java.nio.charset.StandardCharsets;

/// Reads the values of Protobuf's fields into columns. One thread.
final class ProtobufValues {
  private static final String TIMESTAMP = "google.protobuf.Timestamp";
  private static final int MAX_DEPTH = 100;

  private final ProtobufMessages messages;
  private final TypedValues typed = new TypedValues();
  private int depth;

  ProtobufValues(ProtobufMessages messages) {
    this.messages = messages;
  }

  static int tag(ByteCursor in) {
    long tag = in.varint();
    if (tag != (int) tag || tag >>> 3 == 0) {
      throw ByteCursor.malformed("not a Protobuf message: no field has number " + (tag >>> 3));
    }
    return (int) tag;
  }

  static void skip(ByteCursor in, int tag) {
    switch (tag & 7) {
      case 0 -> in.varint();
      case 1 -> in.take(8);
      case 2 -> in.take(in.varint());
      case 5 -> in.take(4);
      default -> throw ByteCursor.malformed("not a Protobuf message: wire type " + (tag & 7));
    }
  }

  /// Reads one occurrence of a field. A list is ended by [#finish].
  void field(ByteCursor in, Field field, int wireType, VectorBuilder to) {
    if (!field.isRepeated()) {
      expect(field, wireType);
      value(in, field, to);
      return;
    }
    boolean isMap = field.type() == 11 && messages.message(field.typeName()).isEntry();
    DataType type = to.type().unwrapped();
    if (isMap ? !(type instanceof DataType.MapOf) : !(type instanceof DataType.Array)) {
      throw TypedValues.mismatch(to, isMap ? "a map" : "a repeated field");
    }
    if (isMap) {
      entry(in, field, wireType, to.child(0));
    } else if (wireType == 2 && wireTypeOf(field.type()) != 2) {
      ByteCursor packed = inside(in);
      while (packed.left() > 0) {
        value(packed, field, to.child(0));
      }
    } else {
      expect(field, wireType);
      value(in, field, to.child(0));
    }
  }

  /// Ends a list, or gives a field that was absent its value.
  void finish(Field field, VectorBuilder to) {
    if (field.isRepeated()
        && (to.type().unwrapped() instanceof DataType.Array
            || to.type().unwrapped() instanceof DataType.MapOf)) {
      to.endList();
    } else if (field.zeroIsAbsent() && to.type().isNullable()) {
      zero(field, to);
    }
  }

  private void zero(Field field, VectorBuilder to) {
    switch (field.type()) {
      case 1, 2 -> typed.real(to, 0);
      case 8 -> typed.truth(to, false);
      case 9 -> typed.text(to, new byte[0], 0, 0);
      case 12 -> typed.bytes(to, new byte[0], 0, 0);
      case 14 -> label(field, 0, to);
      default -> typed.number(to, 0);
    }
  }

  private static void expect(Field field, int wireType) {
    if (wireTypeOf(field.type()) != wireType) {
      throw ByteCursor.malformed(
          "it is written with wire type " + wireType + ", the descriptor says otherwise");
    }
  }

  private static int wireTypeOf(int type) {
    return switch (type) {
      case 1, 6, 16 -> 1;
      case 2, 7, 15 -> 5;
      case 9, 11, 12 -> 2;
      default -> 0;
    };
  }

  private ByteCursor inside(ByteCursor in) {
    long length = in.varint();
    int from = in.take(length);
    ByteCursor inside = new ByteCursor();
    inside.open(in.bytes, from, in.at);
    return inside;
  }

  private void value(ByteCursor in, Field field, VectorBuilder to) {
    switch (field.type()) {
      case 1 -> typed.real(to, Double.longBitsToDouble(in.fixed64()));
      case 2 -> typed.real(to, Float.intBitsToFloat(in.fixed32()));
      case 3 -> typed.number(to, in.varint());
      case 4 -> typed.unsigned(to, in.varint());
      case 5 -> typed.number(to, (int) in.varint());
      case 6 -> typed.unsigned(to, in.fixed64());
      case 7 -> typed.number(to, in.fixed32() & 0xFFFFFFFFL);
      case 8 -> typed.truth(to, in.varint() != 0);
      case 9 -> {
        ByteCursor text = inside(in);
        typed.text(to, text.bytes, text.at, text.left());
      }
      case 11 -> message(inside(in), messages.message(field.typeName()), to);
      case 12 -> {
        ByteCursor bytes = inside(in);
        typed.bytes(to, bytes.bytes, bytes.at, bytes.left());
      }
      case 13 -> typed.number(to, in.varint() & 0xFFFFFFFFL);
      case 14 -> label(field, (int) in.varint(), to);
      case 15 -> typed.number(to, in.fixed32());
      case 16 -> typed.number(to, in.fixed64());
      case 17, 18 -> typed.number(to, in.zigzag());
      default -> throw ByteCursor.malformed("fields of Protobuf type " + field.type());
    }
  }

  private void label(Field field, int number, VectorBuilder to) {
    String label = messages.label(field.typeName(), number);
    if (label == null || to.type().unwrapped() instanceof DataType.Int) {
      typed.number(to, number);
    } else {
      byte[] text = label.getBytes(StandardCharsets.UTF_8);
      typed.text(to, text, 0, text.length);
    }
  }

  private void message(ByteCursor in, Message message, VectorBuilder to) {
    if (++depth > MAX_DEPTH) {
      depth = 0;
      throw ByteCursor.malformed("messages nested too deep");
    }
    if (to.type().unwrapped() instanceof DataType.Tuple tuple) {
      tuple(in, message, tuple, to);
    } else if (message.name().equals(TIMESTAMP)) {
      timestamp(in, to);
    } else if (message.name().startsWith("google.protobuf.") && message.fields().size() == 1) {
      wrapped(in, message.fields().getFirst(), to);
    } else {
      depth = 0;
      throw TypedValues.mismatch(to, "a message " + message.name());
    }
    depth--;
  }

  private void tuple(ByteCursor in, Message message, DataType.Tuple tuple, VectorBuilder to) {
    int row = to.rows();
    while (in.left() > 0) {
      int tag = tag(in);
      Field field = message.field(tag >>> 3);
      int at = field == null ? -1 : tuple.names().indexOf(field.name());
      if (field != null && at < 0) {
        throw TypedValues.mismatch(to, "the field \"" + field.name() + "\"");
      }
      if (field == null) {
        skip(in, tag);
        continue;
      }
      if (!field.isRepeated() && to.child(at).rows() > row) {
        to.child(at).truncate(row);
      }
      field(in, field, tag & 7, to.child(at));
    }
    for (int i = 0; i < tuple.fields().size(); i++) {
      VectorBuilder child = to.child(i);
      if (child.rows() == row) {
        child.appendDefault(); // ends a list too
      }
    }
    to.endStruct();
  }

  private void timestamp(ByteCursor in, VectorBuilder to) {
    long[] parts = new long[3];
    while (in.left() > 0) {
      int tag = tag(in);
      if (tag >>> 3 <= 2 && (tag & 7) == 0) {
        parts[tag >>> 3] = in.varint();
      } else {
        skip(in, tag);
      }
    }
    try {
      long nanos = Math.addExact(Math.multiplyExact(parts[1], 1_000_000_000L), parts[2]);
      TypedValues.instant(to, nanos, 9);
    } catch (ArithmeticException e) {
      throw TypedValues.mismatch(to, parts[1] + " s since 1970 (it is out of range)");
    }
  }

  private void wrapped(ByteCursor in, Field field, VectorBuilder to) {
    int row = to.rows();
    while (in.left() > 0) {
      int tag = tag(in);
      if (tag >>> 3 == field.number()) {
        to.truncate(row);
        field(in, field, tag & 7, to);
      } else {
        skip(in, tag);
      }
    }
    if (to.rows() == row) {
      zero(field, to);
    }
  }

  private void entry(ByteCursor in, Field field, int wireType, VectorBuilder to) {
    if (wireType != 2) {
      throw ByteCursor.malformed("an entry of a map with wire type " + wireType);
    }
    Message message = messages.message(field.typeName());
    ByteCursor inside = inside(in);
    int row = to.rows();
    while (inside.left() > 0) {
      int tag = tag(inside);
      Field part = message.field(tag >>> 3);
      if (part == null) {
        skip(inside, tag);
        continue;
      }
      VectorBuilder child = to.child(part.number() - 1);
      child.truncate(row);
      field(inside, part, tag & 7, child);
    }
    for (Field part : message.fields()) {
      VectorBuilder child = to.child(part.number() - 1);
      if (child.rows() == row && part.type() != 11) {
        zero(part, child);
      } else if (child.rows() == row) {
        child.appendDefault();
      }
    }
    to.endStruct();
  }
}
