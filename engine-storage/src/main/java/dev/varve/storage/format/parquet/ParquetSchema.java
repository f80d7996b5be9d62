// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format.parquet;

import dev.hardwood.InputFile;
import dev.hardwood.metadata.LogicalType;
import dev.hardwood.metadata.RepetitionType;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.schema.ColumnSchema;
import dev.hardwood.schema.FileSchema;
import dev.hardwood.schema.SchemaNode;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The columns of a Parquet file as our types: lists are arrays, maps are maps, groups are tuples.
/// Neither of these can be NULL with us, so that the fields of a group that need not be there can.
public final class ParquetSchema {
  private ParquetSchema() {}

  /// A column of a file.
  public record Column(String name, DataType type) {}

  /// @throws VarveException IO_ERROR or CORRUPTED_DATA naming the file
  public static List<Column> of(Path file) {
    try (ParquetFileReader reader = open(List.of(file))) {
      FileSchema schema = reader.getFileSchema();
      List<Column> columns = new ArrayList<>();
      for (SchemaNode node : schema.getRootNode().children()) {
        columns.add(new Column(node.name(), type(node, false, schema, file)));
      }
      return columns;
    } catch (IOException e) {
      throw broken(file, e);
    }
  }

  public static ParquetFileReader open(List<Path> files) {
    List<InputFile> inputs = new ArrayList<>();
    for (Path file : files) {
      if (!Files.isReadable(file)) {
        throw new VarveException(
            ErrorCode.IO_ERROR, "cannot read " + file + "; check that the file is there");
      }
      inputs.add(InputFile.of(file));
    }
    try {
      return inputs.size() == 1
          ? ParquetFileReader.open(inputs.getFirst())
          : ParquetFileReader.openAll(inputs);
    } catch (IOException | IllegalArgumentException e) {
      throw broken(files.getFirst(), e);
    }
  }

  public static VarveException broken(Path file, Exception cause) {
    return new VarveException(
        ErrorCode.CORRUPTED_DATA,
        file + " is not a readable Parquet file: " + cause.getMessage(),
        cause);
  }

  /// @param absent whether a struct around the node may be missing
  private static DataType type(SchemaNode node, boolean absent, FileSchema schema, Path file) {
    boolean nullable = absent || node.repetitionType() == RepetitionType.OPTIONAL;
    return switch (node) {
      case SchemaNode.PrimitiveNode leaf -> {
        DataType type = type(schema.getColumn(leaf.columnIndex()), file);
        yield nullable ? DataTypes.nullable(type) : type;
      }
      case SchemaNode.GroupNode group when group.isList() ->
          new DataType.Array(type(group.getListElement(), false, schema, file));
      case SchemaNode.GroupNode group when group.isMap() ->
          new DataType.MapOf(
              type(group.getMapKey(), false, schema, file),
              type(group.getMapValue(), false, schema, file));
      case SchemaNode.GroupNode group -> {
        List<String> names = new ArrayList<>();
        List<DataType> fields = new ArrayList<>();
        for (SchemaNode field : group.children()) {
          names.add(field.name());
          fields.add(type(field, nullable, schema, file));
        }
        yield new DataType.Tuple(names, fields);
      }
    };
  }

  private static DataType type(ColumnSchema column, Path file) {
    LogicalType logical = column.logicalType();
    if (logical instanceof LogicalType.DecimalType decimal) {
      return new DataType.Decimal(decimal.precision(), decimal.scale());
    }
    return switch (column.type()) {
      case BOOLEAN -> DataTypes.BOOL;
      case INT32 -> logical instanceof LogicalType.DateType ? DataTypes.DATE32 : whole(logical, 32);
      case INT64 ->
          logical instanceof LogicalType.TimestampType timestamp
              ? new DataType.DateTime64(
                  precision(timestamp.unit()), timestamp.isAdjustedToUTC() ? "UTC" : "")
              : whole(logical, 64);
      case FLOAT -> DataTypes.FLOAT32;
      case DOUBLE -> DataTypes.FLOAT64;
      case BYTE_ARRAY -> DataTypes.STRING;
      case FIXED_LEN_BYTE_ARRAY ->
          logical instanceof LogicalType.UuidType
              ? DataTypes.UUID
              : new DataType.FixedText(column.typeLength());
      case INT96 -> throw unsupported(column.name(), file, "an INT96 timestamp");
    };
  }

  private static DataType whole(LogicalType logical, int bits) {
    if (logical instanceof LogicalType.TimeType time) {
      return new DataType.Time64(precision(time.unit()));
    }
    return logical instanceof LogicalType.IntType type
        ? new DataType.Int(type.bitWidth(), type.isSigned())
        : new DataType.Int(bits, true);
  }

  private static int precision(LogicalType.TimeUnit unit) {
    return switch (unit) {
      case MILLIS -> 3;
      case MICROS -> 6;
      case NANOS -> 9;
    };
  }

  private static VarveException unsupported(String column, Path file, String what) {
    return new VarveException(
        ErrorCode.NOT_IMPLEMENTED,
        "column \""
            + column
            + "\" of "
            + file
            + " is "
            + what
            + ", which is not read; select the other columns");
  }
}
