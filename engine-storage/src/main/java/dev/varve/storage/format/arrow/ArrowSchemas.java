// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format.arrow;

import com.google.flatbuffers.FlatBufferBuilder;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import java.util.List;
import org.apache.arrow.flatbuf.Binary;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.Bool;
import org.apache.arrow.flatbuf.Date;
import org.apache.arrow.flatbuf.DateUnit;
import org.apache.arrow.flatbuf.Decimal;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FixedSizeBinary;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.Struct_;
import org.apache.arrow.flatbuf.Time;
import org.apache.arrow.flatbuf.TimeUnit;
import org.apache.arrow.flatbuf.Timestamp;
import org.apache.arrow.flatbuf.Type;
import org.apache.arrow.flatbuf.Utf8;

/// Schema messages. A type becomes the Arrow type whose values lie as ours do, so that batches
/// leave without conversion.
public final class ArrowSchemas {
  private static final int NONE = 0;
  private static final int MIN_STANDARD_DECIMAL = 16;

  private final FlatBufferBuilder builder = new FlatBufferBuilder(1024);
  private final Dialect dialect;

  private ArrowSchemas(Dialect dialect) {
    this.dialect = dialect;
  }

  /// For whom a schema is.
  public enum Dialect {
    /// Our driver: types lie as they are, and a field's metadata has their SQL name.
    OWN,
    /// Every program that reads Arrow: types are as [StandardTypes] has them.
    STANDARD;

    /// How the values of a type lie in the body of a batch.
    Physical physical(DataType type) {
      Physical own = type.physical();
      return this == STANDARD
              && type instanceof DataType.Decimal
              && own.width() < MIN_STANDARD_DECIMAL
          ? Physical.INT128
          : own;
    }
  }

  /// Where the SQL name of a type stands in the metadata of a field for our driver.
  public static final String TYPE_KEY = "varve.type";

  /// The metadata of a schema message, as a flatbuffer.
  public static byte[] message(List<String> names, List<DataType> types, Dialect dialect) {
    ArrowSchemas schemas = new ArrowSchemas(dialect);
    int schema = schemas.schema(names, types);
    schemas.builder.finish(
        Message.createMessage(
            schemas.builder, MetadataVersion.V5, MessageHeader.Schema, schema, 0, NONE));
    return schemas.builder.sizedByteArray();
  }

  /// Where a batch of a file lies: offset, length of the metadata with what stands before it,
  /// length of the body.
  record Place(long offset, int metadataBytes, long bodyBytes) {}

  /// The footer of a file, as a flatbuffer.
  static byte[] footer(List<String> names, List<DataType> types, List<Place> batches) {
    ArrowSchemas schemas = new ArrowSchemas(Dialect.STANDARD);
    FlatBufferBuilder builder = schemas.builder;
    int schema = schemas.schema(names, types);
    Footer.startRecordBatchesVector(builder, batches.size());
    for (Place place : batches.reversed()) {
      Block.createBlock(builder, place.offset(), place.metadataBytes(), place.bodyBytes());
    }
    int blocks = builder.endVector();
    Footer.startDictionariesVector(builder, 0);
    int dictionaries = builder.endVector();
    Footer.startFooter(builder);
    Footer.addVersion(builder, MetadataVersion.V5);
    Footer.addSchema(builder, schema);
    Footer.addDictionaries(builder, dictionaries);
    Footer.addRecordBatches(builder, blocks);
    builder.finish(Footer.endFooter(builder));
    return builder.sizedByteArray();
  }

  private int schema(List<String> names, List<DataType> types) {
    int[] fields = new int[names.size()];
    for (int i = 0; i < fields.length; i++) {
      DataType type = types.get(i);
      fields[i] =
          field(names.get(i), dialect == Dialect.STANDARD ? StandardTypes.of(type) : type, true);
    }
    int list = Schema.createFieldsVector(builder, fields);
    return Schema.createSchema(builder, Endianness.Little, list, NONE, NONE);
  }

  private int field(String name, DataType type, boolean named) {
    int children = Field.createChildrenVector(builder, children(type.unwrapped()));
    int metadata = metadata(type, named);
    int label = builder.createString(name);
    int arrowType = arrowType(type.unwrapped());
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

  private int metadata(DataType type, boolean named) {
    if (dialect == Dialect.OWN && named) {
      return entries(TYPE_KEY, type.name());
    }
    return dialect == Dialect.STANDARD && type.unwrapped() instanceof DataType.Uuid
        ? entries("ARROW:extension:name", "arrow.uuid", "ARROW:extension:metadata", "")
        : NONE;
  }

  private int entries(String... keysAndValues) {
    int[] entries = new int[keysAndValues.length / 2];
    for (int i = 0; i < entries.length; i++) {
      int key = builder.createString(keysAndValues[2 * i]);
      int value = builder.createString(keysAndValues[2 * i + 1]);
      entries[i] = KeyValue.createKeyValue(builder, key, value);
    }
    return Field.createCustomMetadataVector(builder, entries);
  }

  private int[] children(DataType type) {
    return switch (type) {
      case DataType.Array(DataType element) -> new int[] {field("item", element, false)};
      case DataType.MapOf(DataType key, DataType value) -> {
        int[] pair = {field("key", key, false), field("value", value, false)};
        yield new int[] {pairs(pair)};
      }
      case DataType.Tuple(List<String> names, List<DataType> types) -> {
        int[] fields = new int[types.size()];
        for (int i = 0; i < fields.length; i++) {
          String name = names.isEmpty() ? Integer.toString(i + 1) : names.get(i);
          fields[i] = field(name, types.get(i), false);
        }
        yield fields;
      }
      default -> new int[0];
    };
  }

  private int pairs(int[] pair) {
    int children = Field.createChildrenVector(builder, pair);
    int label = builder.createString("entries");
    Struct_.startStruct_(builder);
    int struct = Struct_.endStruct_(builder);
    return Field.createField(builder, label, false, Type.Struct_, struct, NONE, children, NONE);
  }

  private byte arrowTypeCode(DataType type) {
    return switch (type) {
      case DataType.Int(int bits, boolean _) -> bits <= 64 ? Type.Int : Type.FixedSizeBinary;
      case DataType.Float _ -> Type.FloatingPoint;
      case DataType.Decimal _ -> Type.Decimal;
      case DataType.Text _ -> Type.Utf8;
      case DataType.FixedText _, DataType.Uuid _, DataType.Ipv6 _ -> Type.FixedSizeBinary;
      case DataType.Date32 _ -> Type.Date;
      case DataType.DateTime64(int precision, String _) ->
          precision % 3 == 0 ? Type.Timestamp : Type.Int;
      case DataType.Bool _ -> dialect == Dialect.STANDARD ? Type.Bool : Type.Int;
      case DataType.Date _,
          DataType.DateTime _,
          DataType.Enumeration _,
          DataType.Ipv4 _,
          DataType.Nothing _ ->
          Type.Int;
      case DataType.Time _ -> Type.Time;
      case DataType.Time64(int precision) -> isArrowTime(precision) ? Type.Time : Type.Int;
      case DataType.Array _ -> Type.List;
      case DataType.MapOf _ -> Type.Map;
      case DataType.Tuple _ -> Type.Struct_;
      case DataType.AggregateState _ -> Type.Binary;
      case DataType.Nullable _, DataType.LowCardinality _, DataType.SimpleAggregate _ ->
          throw new IllegalStateException("still wrapped: " + type.name());
    };
  }

  private int arrowType(DataType type) {
    return switch (type) {
      case DataType.Int(int bits, boolean signed) ->
          bits <= 64
              ? Int.createInt(builder, bits, signed)
              : FixedSizeBinary.createFixedSizeBinary(builder, bits / 8);
      case DataType.Float(int bits) ->
          FloatingPoint.createFloatingPoint(
              builder, bits == 32 ? Precision.SINGLE : Precision.DOUBLE);
      case DataType.Decimal(int precision, int scale) ->
          Decimal.createDecimal(builder, precision, scale, dialect.physical(type).width() * 8);
      case DataType.Bool _ when dialect == Dialect.STANDARD -> {
        Bool.startBool(builder);
        yield Bool.endBool(builder);
      }
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
      case DataType.DateTime64(int precision, String zone) -> moment(precision, zone);
      case DataType.Time _ -> Time.createTime(builder, TimeUnit.SECOND, 32);
      case DataType.Time64(int precision) ->
          isArrowTime(precision)
              ? Time.createTime(builder, unit(precision), 64)
              : Int.createInt(builder, 64, true);
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
  private int moment(int precision, String zone) {
    if (precision % 3 != 0) {
      return Int.createInt(builder, 64, true);
    }
    int label = builder.createString(zone.isEmpty() ? "UTC" : zone);
    return Timestamp.createTimestamp(builder, unit(precision), label);
  }

  /// Whether Arrow's times of 64 bits have such ticks.
  private static boolean isArrowTime(int precision) {
    return precision == 6 || precision == 9;
  }

  private static short unit(int precision) {
    return switch (precision) {
      case 0 -> TimeUnit.SECOND;
      case 3 -> TimeUnit.MILLISECOND;
      case 6 -> TimeUnit.MICROSECOND;
      default -> TimeUnit.NANOSECOND;
    };
  }
}
