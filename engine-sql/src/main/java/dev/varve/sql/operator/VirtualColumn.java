// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.merge.read.TableView;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartName;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// A column that no part stores: it tells where a row lies. Can be named in a query of a stored
/// table, is not part of `SELECT *`, and gives way to a column of the table of that name.
public enum VirtualColumn {
  PART("_part", DataTypes.STRING),
  PART_INDEX("_part_index", DataTypes.UINT64),
  PART_OFFSET("_part_offset", DataTypes.UINT64),
  PARTITION_ID("_partition_id", DataTypes.STRING),
  DATABASE("_database", DataTypes.STRING),
  TABLE("_table", DataTypes.STRING),
  ROW_EXISTS("_row_exists", DataTypes.UINT8);

  private final String columnName;
  private final DataType type;

  VirtualColumn(String columnName, DataType type) {
    this.columnName = columnName;
    this.type = type;
  }

  public String columnName() {
    return columnName;
  }

  public DataType type() {
    return type;
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
  /// @param index the position of the part in the view
  Vector of(TableView view, int index, int granule, Scratch scratch) {
    Part part = view.parts().get(index).part();
    int rows = part.granuleRows(granule);
    if (this == PART_OFFSET) {
      return offsets(part.granuleFirstRow(granule), rows, scratch);
    }
    Object value =
        switch (this) {
          case PART -> part.info().id() < 0 ? "overlay" : PartName.of(part.info());
          case PART_INDEX -> java.math.BigInteger.valueOf(index);
          case PARTITION_ID -> PartName.partitionId(part.info().partition());
          case DATABASE -> view.definition().name().database();
          case TABLE -> view.definition().name().table();
          case ROW_EXISTS -> 1L;
          case PART_OFFSET -> throw new IllegalStateException("differs from row to row");
        };
    return Vector.constant(type, rows, VectorValues.of(type, scratch, value));
  }

  private static Vector offsets(long first, int rows, Scratch scratch) {
    MemorySegment values = scratch.allocate(rows * 8L);
    for (int row = 0; row < rows; row++) {
      values.set(Vector.I64, row * 8L, first + row);
    }
    return Vector.fixed(DataTypes.UINT64, rows, values, null);
  }
}
