// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.format;

import dev.varve.storage.format.TypedValues;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.VectorBuilder;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads Avro's values into columns, or past them. One thread.
final class AvroValues {
  private final ByteCursor in;
  private final TypedValues typed = new TypedValues();

  AvroValues(ByteCursor in) {
    this.in = in;
  }

  /// Takes a value where it is null; else it stays to be read.
  boolean takeNull(AvroSchema schema) {
    if (schema instanceof AvroSchema.Primitive primitive) {
      return primitive.kind() == AvroSchema.Kind.NULL;
    }
    if (!(schema instanceof AvroSchema.Union union)) {
      return false;
    }
    int before = in.at;
    boolean isNull = takeNull(branch(union));
    if (!isNull) {
      in.at = before;
    }
    return isNull;
  }

  private AvroSchema branch(AvroSchema.Union union) {
    long index = in.zigzag();
    if (index < 0 || index >= union.branches().size()) {
      throw ByteCursor.malformed(
          "branch " + index + " of a union of " + union.branches().size() + " types");
    }
    return union.branches().get((int) index);
  }

  void read(AvroSchema schema, VectorBuilder to) {
    switch (schema) {
      case AvroSchema.Primitive primitive -> primitive(primitive, to);
      case AvroSchema.Union union -> read(branch(union), to);
      case AvroSchema.Enumeration labels -> {
        byte[] symbol = symbol(labels).getBytes(StandardCharsets.UTF_8);
        typed.text(to, symbol, 0, symbol.length);
      }
      case AvroSchema.Fixed fixed ->
          bytes(to, fixed.logical(), fixed.scale(), in.take(fixed.size()), fixed.size());
      case AvroSchema.ListOf list -> {
        if (!(to.type().unwrapped() instanceof DataType.Array)) {
          throw TypedValues.mismatch(to, "an array");
        }
        for (long left = block(); left > 0; left = block()) {
          for (long i = 0; i < left; i++) {
            read(list.items(), to.child(0));
          }
        }
        to.endList();
      }
      case AvroSchema.MapOf map -> map(map, to);
      case AvroSchema.Struct struct -> struct(struct, to);
    }
  }

  /// How many elements the next block has. A negative count has the block's size behind it.
  private long block() {
    long count = in.zigzag();
    if (count < 0) {
      in.zigzag();
      count = -count;
    }
    if (count < 0 || count > in.left()) { // an element has at least a byte
      throw ByteCursor.malformed("a block of " + count + " elements");
    }
    return count;
  }

  private String symbol(AvroSchema.Enumeration labels) {
    long index = in.zigzag();
    if (index < 0 || index >= labels.symbols().size()) {
      throw ByteCursor.malformed("symbol " + index + " of " + labels.symbols().size());
    }
    return labels.symbols().get((int) index);
  }

  private void primitive(AvroSchema.Primitive type, VectorBuilder to) {
    switch (type.kind()) {
      case NULL -> TypedValues.none(to);
      case BOOLEAN -> typed.truth(to, bool());
      case INT -> number(type.logical(), to, int32());
      case LONG -> number(type.logical(), to, in.zigzag());
      case FLOAT -> typed.real(to, Float.intBitsToFloat(in.fixed32()));
      case DOUBLE -> typed.real(to, Double.longBitsToDouble(in.fixed64()));
      case BYTES -> {
        int length = length();
        bytes(to, type.logical(), type.scale(), in.take(length), length);
      }
      case STRING -> {
        int length = length();
        typed.text(to, in.bytes, in.take(length), length);
      }
    }
  }

  private boolean bool() {
    byte b = in.next();
    if (b != 0 && b != 1) {
      throw ByteCursor.malformed("the byte " + b + " is no boolean");
    }
    return b == 1;
  }

  private long int32() {
    long value = in.zigzag();
    if (value != (int) value) {
      throw ByteCursor.malformed(value + " is no int");
    }
    return value;
  }

  private int length() {
    long length = in.zigzag();
    if (length < 0 || length > in.left()) {
      throw ByteCursor.malformed(
          "it says it has " + length + " bytes, the record has " + in.left() + " left");
    }
    return (int) length;
  }

  private void number(String logical, VectorBuilder to, long value) {
    switch (logical) {
      case "date" -> TypedValues.days(to, value);
      case "timestamp-millis", "local-timestamp-millis" -> TypedValues.instant(to, value, 3);
      case "timestamp-micros", "local-timestamp-micros" -> TypedValues.instant(to, value, 6);
      case "timestamp-nanos", "local-timestamp-nanos" -> TypedValues.instant(to, value, 9);
      default -> typed.number(to, value);
    }
  }

  private void bytes(VectorBuilder to, String logical, int scale, int from, int length) {
    if (logical.equals("decimal")) {
      if (length == 0) {
        throw ByteCursor.malformed("a decimal of 0 bytes");
      }
      byte[] unscaled = Arrays.copyOfRange(in.bytes, from, from + length);
      TypedValues.decimal(to, new BigInteger(unscaled), scale);
    } else {
      typed.bytes(to, in.bytes, from, length);
    }
  }

  private void map(AvroSchema.MapOf map, VectorBuilder to) {
    if (!(to.type().unwrapped() instanceof DataType.MapOf)) {
      throw TypedValues.mismatch(to, "a map");
    }
    VectorBuilder entry = to.child(0);
    for (long left = block(); left > 0; left = block()) {
      for (long i = 0; i < left; i++) {
        int length = length();
        typed.text(entry.child(0), in.bytes, in.take(length), length);
        read(map.values(), entry.child(1));
        entry.endStruct();
      }
    }
    to.endList();
  }

  private void struct(AvroSchema.Struct struct, VectorBuilder to) {
    if (!(to.type().unwrapped() instanceof DataType.Tuple tuple)) {
      throw TypedValues.mismatch(to, "a record");
    }
    int row = to.rows();
    for (int i = 0; i < struct.fields().size(); i++) {
      AvroSchema.Field field = struct.fields().get(i);
      int at = tuple.names().isEmpty() ? i : tuple.names().indexOf(field.name());
      if (at < 0 || at >= tuple.fields().size()) {
        throw TypedValues.mismatch(to, "the field \"" + field.name() + "\"");
      }
      read(field.schema(), to.child(at));
    }
    for (int i = 0; i < tuple.fields().size(); i++) {
      if (to.child(i).rows() == row) {
        to.child(i).appendDefault();
      }
    }
    to.endStruct();
  }

  void skip(AvroSchema schema) {
    switch (schema) {
      case AvroSchema.Primitive primitive -> {
        switch (primitive.kind()) {
          case NULL -> {}
          case BOOLEAN -> in.take(1);
          case INT, LONG -> in.varint();
          case FLOAT -> in.take(4);
          case DOUBLE -> in.take(8);
          case BYTES, STRING -> in.take(length());
        }
      }
      case AvroSchema.Union union -> skip(branch(union));
      case AvroSchema.Enumeration _ -> in.varint();
      case AvroSchema.Fixed fixed -> in.take(fixed.size());
      case AvroSchema.ListOf list -> {
        for (long left = block(); left > 0; left = block()) {
          for (long i = 0; i < left; i++) {
            skip(list.items());
          }
        }
      }
      case AvroSchema.MapOf map -> {
        for (long left = block(); left > 0; left = block()) {
          for (long i = 0; i < left; i++) {
            in.take(length());
            skip(map.values());
          }
        }
      }
      case AvroSchema.Struct struct -> struct.fields().forEach(field -> skip(field.schema()));
    }
  }
}
