// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.merge.read.TableView;
import dev.varve.storage.column.ColumnStats;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartName;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// A column that no part stores under its name: it tells where a row lies. Can be named in a query
/// of a stored table, is not part of `SELECT *`, and gives way to a column of the table of that
/// name.
public enum VirtualColumn {
  PART("_part", DataTypes.STRING),
  PART_INDEX("_part_index", DataTypes.UINT64),
  PART_STARTING_OFFSET("_part_starting_offset", DataTypes.UINT64),
  PART_GRANULE_OFFSET("_part_granule_offset", DataTypes.UINT64),
  PART_OFFSET("_part_offset", DataTypes.UINT64),
  PART_UUID("_part_uuid", DataTypes.UUID),
  PARTITION_ID("_partition_id", DataTypes.STRING),
  /// The values of the partition key; there is none in a table without one.
  PARTITION_VALUE("_partition_value", null),
  DATABASE("_database", DataTypes.STRING),
  TABLE("_table", DataTypes.STRING),
  DISK_NAME("_disk_name", DataTypes.STRING),
  /// How many rows one stands for, where no sample is taken.
  SAMPLE_FACTOR("_sample_factor", DataTypes.FLOAT64),
  ROW_EXISTS("_row_exists", DataTypes.UINT8),
  /// The place of the row's INSERT, or of its log record, in the order of acknowledgement. Merges
  /// leave it as it is.
  BLOCK_NUMBER("_block_number", DataTypes.UINT64);

  private static final UUID NO_UUID = new UUID(0, 0);

  private final String columnName;
  private final DataType type;

  VirtualColumn(String columnName, DataType type) {
    this.columnName = columnName;
    this.type = type;
  }

  public String columnName() {
    return columnName;
  }

  /// The type in a table whose partition key has values of these types.
  public DataType type(List<DataType> partitionTypes) {
    return this == PARTITION_VALUE ? new DataType.Tuple(List.of(), partitionTypes) : type;
  }

  /// The column of a part that holds the values under another name, or null.
  String storedAs() {
    return this == BLOCK_NUMBER ? Part.SEQ : null;
  }

  public static Optional<VirtualColumn> of(String name) {
    for (VirtualColumn column : values()) {
      if (column.columnName.equals(name)) {
        return Optional.of(column);
      }
    }
    return Optional.empty();
  }

  /// The values of a granule's rows.
  ///
  /// @param as the type of the column in this table
  /// @param index the position of the part in the view
  Vector of(TableView view, DataType as, int index, int granule, Scratch scratch) {
    Part part = view.parts().get(index).part();
    int rows = part.granuleRows(granule);
    if (this == PART_OFFSET) {
      return offsets(part.granuleFirstRow(granule), rows, scratch);
    }
    Vector value =
        this == PARTITION_VALUE
            ? PartitionTuple.of(part.info().partition(), (DataType.Tuple) as, scratch)
            : VectorValues.of(as, scratch, value(view, index, granule));
    return Vector.constant(as, rows, value);
  }

  private Object value(TableView view, int index, int granule) {
    Part part = view.parts().get(index).part();
    return switch (this) {
      case PART -> partName(part);
      case PART_INDEX -> BigInteger.valueOf(index);
      case PART_STARTING_OFFSET -> BigInteger.valueOf(rowsBefore(view, index));
      case PART_GRANULE_OFFSET -> BigInteger.valueOf(granule);
      case PART_UUID -> NO_UUID;
      case PARTITION_ID -> PartName.partitionId(part.info().partition());
      case DATABASE -> view.definition().name().database();
      case TABLE -> view.definition().name().table();
      case DISK_NAME -> "default";
      case SAMPLE_FACTOR -> 1.0;
      case ROW_EXISTS -> 1L;
      case PART_OFFSET, PARTITION_VALUE, BLOCK_NUMBER ->
          throw new IllegalStateException("no plain value");
    };
  }

  /// The bounds of a granule's values, or null where only its rows tell them.
  public ColumnStats bounds(Part part, int granule) {
    return switch (this) {
      case PART -> only(partName(part));
      case PARTITION_ID -> only(PartName.partitionId(part.info().partition()));
      case BLOCK_NUMBER -> part.hasColumn(storedAs()) ? part.bounds(storedAs(), granule) : null;
      default -> null;
    };
  }

  private static ColumnStats only(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return new ColumnStats(bytes, bytes, true, 0, null);
  }

  private static String partName(Part part) {
    return part.info().id() < 0 ? "overlay" : PartName.of(part.info());
  }

  private static long rowsBefore(TableView view, int index) {
    return view.parts().subList(0, index).stream().mapToLong(p -> p.part().info().rows()).sum();
  }

  /// As [#PART_OFFSET], of some rows.
  static Vector offsets(long first, int[] selection, int count, Scratch scratch) {
    MemorySegment values = scratch.allocate(count * 8L);
    for (int i = 0; i < count; i++) {
      values.set(Vector.I64, i * 8L, first + selection[i]);
    }
    return Vector.fixed(DataTypes.UINT64, count, values, null);
  }

  private static Vector offsets(long first, int rows, Scratch scratch) {
    MemorySegment values = scratch.allocate(rows * 8L);
    for (int row = 0; row < rows; row++) {
      values.set(Vector.I64, row * 8L, first + row);
    }
    return Vector.fixed(DataTypes.UINT64, rows, values, null);
  }
}
