// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format.arrow;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.Date;
import org.apache.arrow.flatbuf.DateUnit;
import org.apache.arrow.flatbuf.Decimal;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FixedSizeBinary;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.Time;
import org.apache.arrow.flatbuf.TimeUnit;
import org.apache.arrow.flatbuf.Timestamp;
import org.apache.arrow.flatbuf.Type;

/// The type of a column that can hold all values of a field.
final class ArrowTypes {
  private ArrowTypes() {}

  static DataType of(Field field) {
    return of(field, 0);
  }

  private static DataType of(Field field, int depth) {
    if (depth > ArrowColumn.MAX_DEPTH) {
      throw ArrowColumn.malformed("Arrow columns nested too deep");
    }
    DataType type = plain(field, depth);
    boolean nested = type.physical().isNested();
    return field.nullable() && !nested ? DataTypes.nullable(type) : type;
  }

  private static DataType plain(Field field, int depth) {
    return switch (field.typeType()) {
      case Type.Null -> DataTypes.nullable(DataTypes.STRING);
      case Type.Int -> {
        Int type = (Int) field.type(new Int());
        yield new DataType.Int(type.bitWidth(), type.isSigned());
      }
      case Type.FloatingPoint -> {
        FloatingPoint type = (FloatingPoint) field.type(new FloatingPoint());
        yield type.precision() == Precision.DOUBLE ? DataTypes.FLOAT64 : DataTypes.FLOAT32;
      }
      case Type.Bool -> DataTypes.BOOL;
      case Type.Utf8, Type.LargeUtf8, Type.Binary, Type.LargeBinary -> DataTypes.STRING;
      case Type.FixedSizeBinary -> {
        int width = ((FixedSizeBinary) field.type(new FixedSizeBinary())).byteWidth();
        yield isUuid(field) ? DataTypes.UUID : new DataType.FixedText(width);
      }
      case Type.Decimal -> {
        Decimal type = (Decimal) field.type(new Decimal());
        yield new DataType.Decimal(type.precision(), type.scale());
      }
      case Type.Date -> {
        boolean days = ((Date) field.type(new Date())).unit() == DateUnit.DAY;
        yield days ? DataTypes.DATE32 : new DataType.DateTime64(3, "");
      }
      case Type.Time -> {
        int unit = ((Time) field.type(new Time())).unit();
        yield unit == TimeUnit.SECOND ? DataTypes.TIME : new DataType.Time64(3 * unit);
      }
      case Type.Timestamp -> {
        Timestamp type = (Timestamp) field.type(new Timestamp());
        String zone = type.timezone() == null ? "" : type.timezone();
        yield new DataType.DateTime64(3 * type.unit(), zone);
      }
      case Type.List, Type.LargeList, Type.FixedSizeList ->
          new DataType.Array(of(field.children(0), depth + 1));
      case Type.Map -> {
        Field pair = field.children(0);
        yield new DataType.MapOf(of(pair.children(0), depth + 2), of(pair.children(1), depth + 2));
      }
      case Type.Struct_ -> {
        List<String> names = new ArrayList<>();
        List<DataType> types = new ArrayList<>();
        for (int i = 0; i < field.childrenLength(); i++) {
          names.add(field.children(i).name());
          types.add(of(field.children(i), depth + 1));
        }
        yield new DataType.Tuple(names, types);
      }
      default ->
          throw new VarveException(
              ErrorCode.NOT_IMPLEMENTED,
              "column \""
                  + field.name()
                  + "\" has Arrow's type "
                  + Type.name(field.typeType())
                  + ", which is not read");
    };
  }

  private static boolean isUuid(Field field) {
    for (int i = 0; i < field.customMetadataLength(); i++) {
      KeyValue entry = field.customMetadata(i);
      if ("ARROW:extension:name".equals(entry.key()) && "arrow.uuid".equals(entry.value())) {
        return true;
      }
    }
    return false;
  }
}
