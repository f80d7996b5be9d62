// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.frames;

import com.google.flatbuffers.FlatBufferBuilder;
import dev.varve.jdbc.wire.ArrowDecoder;
import dev.varve.sql.session.ResultColumn;
import dev.varve.storage.type.DataType;
import java.util.List;
import org.apache.arrow.flatbuf.Binary;
import org.apache.arrow.flatbuf.Date;
import org.apache.arrow.flatbuf.DateUnit;
import org.apache.arrow.flatbuf.Decimal;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FixedSizeBinary;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.Struct_;
import org.apache.arrow.flatbuf.TimeUnit;
import org.apache.arrow.flatbuf.Timestamp;
import org.apache.arrow.flatbuf.Type;
import org.apache.arrow.flatbuf.Utf8;

/// Schema messages: each type as the Arrow type whose values lie as ours do, so that batches leave
/// without conversion, and its SQL name in the field's metadata.
final class ArrowSchemas {
  private static final int NONE = 0;

  private ArrowSchemas() {}

  /// The metadata of a schema message, as a flatbuffer.
  static byte[] message(List<ResultColumn> columns) {
    FlatBufferBuilder builder = new FlatBufferBuilder(1024);
    int[] fields = new int[columns.size()];
    for (int i = 0; i < fields.length; i++) {
      ResultColumn column = columns.get(i);
      fields[i] = field(builder, column.name(), column.type(), true);
    }
    int list = Schema.createFieldsVector(builder, fields);
    int schema = Schema.createSchema(builder, Endianness.Little, list, NONE, NONE);
    int message =
        Message.createMessage(builder, MetadataVersion.V5, MessageHeader.Schema, schema, 0, NONE);
    builder.finish(message);
    return builder.sizedByteArray();
  }

  private static int field(FlatBufferBuilder builder, String name, DataType type, boolean named) {
    int children = Field.createChildrenVector(builder, children(builder, type.unwrapped()));
    int metadata = NONE;
    if (named) {
      int key = builder.createString(ArrowDecoder.TYPE_KEY);
      int value = builder.createString(type.name());
      int entry = KeyValue.createKeyValue(builder, key, value);
      metadata = Field.createCustomMetadataVector(builder, new int[] {entry});
    }
    int label = builder.createString(name);
    int arrowType = arrowType(builder, type.unwrapped());
    return Field.createField(
        builder,
        label,
        type.isNullable(),
        arrowTypeCode(type.unwrapped()),
        arrowType,
        NONE,
        children,
        metadata);
  }

  private static int[] children(FlatBufferBuilder builder, DataType type) {
    return switch (type) {
      case DataType.Array(DataType element) -> new int[] {field(builder, "item", element, false)};
      case DataType.MapOf(DataType key, DataType value) -> {
        int[] pair = {field(builder, "key", key, false), field(builder, "value", value, false)};
        yield new int[] {entries(builder, pair)};
      }
      case DataType.Tuple(List<String> names, List<DataType> types) -> {
        int[] fields = new int[types.size()];
        for (int i = 0; i < fields.length; i++) {
          String name = names.isEmpty() ? Integer.toString(i + 1) : names.get(i);
          fields[i] = field(builder, name, types.get(i), false);
        }
        yield fields;
      }
      default -> new int[0];
    };
  }

  private static int entries(FlatBufferBuilder builder, int[] pair) {
    int children = Field.createChildrenVector(builder, pair);
    int label = builder.createString("entries");
    Struct_.startStruct_(builder);
    int struct = Struct_.endStruct_(builder);
    return Field.createField(builder, label, false, Type.Struct_, struct, NONE, children, NONE);
  }

  private static byte arrowTypeCode(DataType type) {
    return switch (type) {
      case DataType.Int(int bits, boolean _) -> bits <= 64 ? Type.Int : Type.FixedSizeBinary;
      case DataType.Float _ -> Type.FloatingPoint;
      case DataType.Decimal _ -> Type.Decimal;
      case DataType.Text _ -> Type.Utf8;
      case DataType.FixedText _, DataType.Uuid _, DataType.Ipv6 _ -> Type.FixedSizeBinary;
      case DataType.Date32 _ -> Type.Date;
      case DataType.DateTime64(int precision, String _) ->
          precision % 3 == 0 ? Type.Timestamp : Type.Int;
      case DataType.Bool _,
          DataType.Date _,
          DataType.DateTime _,
          DataType.Enumeration _,
          DataType.Ipv4 _,
          DataType.Nothing _ ->
          Type.Int;
      case DataType.Array _ -> Type.List;
      case DataType.MapOf _ -> Type.Map;
      case DataType.Tuple _ -> Type.Struct_;
      case DataType.AggregateState _ -> Type.Binary;
      case DataType.Nullable _, DataType.LowCardinality _, DataType.SimpleAggregate _ ->
          throw new IllegalStateException("still wrapped: " + type.name());
    };
  }

  private static int arrowType(FlatBufferBuilder builder, DataType type) {
    return switch (type) {
      case DataType.Int(int bits, boolean signed) ->
          bits <= 64
              ? Int.createInt(builder, bits, signed)
              : FixedSizeBinary.createFixedSizeBinary(builder, bits / 8);
      case DataType.Float(int bits) ->
          FloatingPoint.createFloatingPoint(
              builder, bits == 32 ? Precision.SINGLE : Precision.DOUBLE);
      case DataType.Decimal(int precision, int scale) ->
          Decimal.createDecimal(builder, precision, scale, type.physical().width() * 8);
      case DataType.Bool _ -> Int.createInt(builder, 8, false);
      case DataType.Text _ -> {
        Utf8.startUtf8(builder);
        yield Utf8.endUtf8(builder);
      }
      case DataType.FixedText _, DataType.Uuid _, DataType.Ipv6 _ ->
          FixedSizeBinary.createFixedSizeBinary(builder, type.width());
      case DataType.Date _ -> Int.createInt(builder, 16, false);
      case DataType.Date32 _ -> Date.createDate(builder, DateUnit.DAY);
      case DataType.DateTime _, DataType.Ipv4 _ -> Int.createInt(builder, 32, false);
      case DataType.DateTime64(int precision, String zone) -> time(builder, precision, zone);
      case DataType.Enumeration(int bits, List<DataType.Enumeration.Label> _) ->
          Int.createInt(builder, bits, true);
      case DataType.Nothing _ -> Int.createInt(builder, 8, true);
      case DataType.Array _ -> {
        org.apache.arrow.flatbuf.List.startList(builder);
        yield org.apache.arrow.flatbuf.List.endList(builder);
      }
      case DataType.MapOf _ -> org.apache.arrow.flatbuf.Map.createMap(builder, false);
      case DataType.Tuple _ -> {
        Struct_.startStruct_(builder);
        yield Struct_.endStruct_(builder);
      }
      case DataType.AggregateState _ -> {
        Binary.startBinary(builder);
        yield Binary.endBinary(builder);
      }
      case DataType.Nullable _, DataType.LowCardinality _, DataType.SimpleAggregate _ ->
          throw new IllegalStateException("still wrapped: " + type.name());
    };
  }

  /// Ticks that Arrow has a unit for are its timestamps; others stay plain integers.
  private static int time(FlatBufferBuilder builder, int precision, String zone) {
    if (precision % 3 != 0) {
      return Int.createInt(builder, 64, true);
    }
    int label = builder.createString(zone.isEmpty() ? "UTC" : zone);
    short unit =
        switch (precision) {
          case 0 -> TimeUnit.SECOND;
          case 3 -> TimeUnit.MILLISECOND;
          case 6 -> TimeUnit.MICROSECOND;
          default -> TimeUnit.NANOSECOND;
        };
    return Timestamp.createTimestamp(builder, unit, label);
  }
}
