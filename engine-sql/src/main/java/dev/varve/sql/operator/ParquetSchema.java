// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.hardwood.InputFile;
import dev.hardwood.metadata.LogicalType;
import dev.hardwood.metadata.RepetitionType;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.schema.ColumnSchema;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The columns of a Parquet file as our types. Nested columns are not read.
public final class ParquetSchema {
  private ParquetSchema() {}

  /// A column of a file.
  public record Column(String name, DataType type) {}

  /// @throws VarveException IO_ERROR or CORRUPTED_DATA naming the file
  public static List<Column> of(Path file) {
    try (ParquetFileReader reader = open(List.of(file))) {
      List<Column> columns = new ArrayList<>();
      for (ColumnSchema column : reader.getFileSchema().getColumns()) {
        DataType type = type(column, file);
        boolean nullable = column.repetitionType() == RepetitionType.OPTIONAL;
        columns.add(new Column(column.name(), nullable ? DataTypes.nullable(type) : type));
      }
      return columns;
    } catch (IOException e) {
      throw broken(file, e);
    }
  }

  static ParquetFileReader open(List<Path> files) {
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

  static VarveException broken(Path file, Exception cause) {
    return new VarveException(
        ErrorCode.CORRUPTED_DATA,
        file + " is not a readable Parquet file: " + cause.getMessage(),
        cause);
  }

  private static DataType type(ColumnSchema column, Path file) {
    if (column.maxRepetitionLevel() > 0 || column.fieldPath().elements().size() > 1) {
      throw unsupported(column, file, "a nested column");
    }
    LogicalType logical = column.logicalType();
    if (logical instanceof LogicalType.DecimalType decimal) {
      return new DataType.Decimal(decimal.precision(), decimal.scale());
    }
    return switch (column.type()) {
      case BOOLEAN -> DataTypes.BOOL;
      case INT32 ->
          logical instanceof LogicalType.DateType ? DataTypes.DATE32 : integer(logical, 32);
      case INT64 ->
          logical instanceof LogicalType.TimestampType timestamp
              ? new DataType.DateTime64(
                  precision(timestamp), timestamp.isAdjustedToUTC() ? "UTC" : "")
              : integer(logical, 64);
      case FLOAT -> DataTypes.FLOAT32;
      case DOUBLE -> DataTypes.FLOAT64;
      case BYTE_ARRAY -> DataTypes.STRING;
      case FIXED_LEN_BYTE_ARRAY ->
          logical instanceof LogicalType.UuidType
              ? DataTypes.UUID
              : new DataType.FixedText(column.typeLength());
      case INT96 -> throw unsupported(column, file, "an INT96 timestamp");
    };
  }

  private static DataType integer(LogicalType logical, int bits) {
    return logical instanceof LogicalType.IntType type
        ? new DataType.Int(type.bitWidth(), type.isSigned())
        : new DataType.Int(bits, true);
  }

  private static int precision(LogicalType.TimestampType timestamp) {
    return switch (timestamp.unit()) {
      case MILLIS -> 3;
      case MICROS -> 6;
      case NANOS -> 9;
    };
  }

  private static VarveException unsupported(ColumnSchema column, Path file, String what) {
    return new VarveException(
        ErrorCode.NOT_IMPLEMENTED,
        "column \""
            + column.name()
            + "\" of "
            + file
            + " is "
            + what
            + ", which is not read; select the other columns");
  }
}
