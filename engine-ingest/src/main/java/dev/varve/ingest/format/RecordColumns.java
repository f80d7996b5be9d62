// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.format;

import dev.varve.ingest.record.RecordCursor;
import dev.varve.ingest.record.RecordHeader;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.RowBuilders;
import dev.varve.storage.format.TypedValues;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.VectorBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/// Columns that a table may declare to keep what stands around a record's value: `_key`,
/// `_headers`, `_timestamp`, `_partition`, `_offset`. They are no fields of the value. One thread.
///
/// The offset is not known before the log has the record: its column holds zeros until then.
public final class RecordColumns implements RowBuilders.Filler {
  public static final String OFFSET = "_offset";

  private static final List<String> NAMES =
      List.of("_key", "_headers", "_timestamp", "_partition", OFFSET);

  private final RecordCursor record;
  private final int key;
  private final int headers;
  private final int timestamp;
  private final int partition;
  private final TypedValues typed = new TypedValues();
  private int partitionNumber;

  /// @param record stands on the record whose rows are read
  /// @throws VarveException BAD_ARGUMENTS for a type that cannot hold what the column is for
  public RecordColumns(List<ColumnDefinition> columns, RecordCursor record) {
    this.record = record;
    List<String> names = columns.stream().map(ColumnDefinition::name).toList();
    key = names.indexOf("_key");
    headers = names.indexOf("_headers");
    timestamp = names.indexOf("_timestamp");
    partition = names.indexOf("_partition");
    int offset = names.indexOf(OFFSET);
    require(columns, key, type -> type instanceof DataType.Text, "String or Nullable(String)");
    require(columns, headers, RecordColumns::holdsHeaders, "Map(String, String)");
    require(columns, timestamp, RecordColumns::holdsTime, "DateTime64(3), DateTime or Int64");
    require(columns, partition, type -> type instanceof DataType.Int, "Int32 or another integer");
    require(
        columns,
        offset,
        type -> type instanceof DataType.Int(int bits, boolean _) && bits == 64,
        "Int64 or UInt64");
  }

  private interface Fitting {
    boolean test(DataType type);
  }

  private static boolean holdsHeaders(DataType type) {
    return type instanceof DataType.MapOf map
        && map.key().unwrapped() instanceof DataType.Text
        && map.value().unwrapped() instanceof DataType.Text;
  }

  private static boolean holdsTime(DataType type) {
    return type instanceof DataType.DateTime64
        || type instanceof DataType.DateTime
        || type instanceof DataType.Int(int bits, boolean _) && bits == 64;
  }

  private static void require(
      List<ColumnDefinition> columns, int column, Fitting fitting, String wanted) {
    if (column >= 0 && !fitting.test(columns.get(column).type().unwrapped())) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "column \""
              + columns.get(column).name()
              + "\" is what a record of the log brings and must be "
              + wanted
              + ", found "
              + columns.get(column).type().name());
    }
  }

  /// Positions of all other columns, which are fields of a record's value.
  static int[] others(List<ColumnDefinition> columns) {
    return IntStream.range(0, columns.size())
        .filter(i -> !NAMES.contains(columns.get(i).name()))
        .toArray();
  }

  /// The log partition that the records to come belong to.
  public void partition(int number) {
    partitionNumber = number;
  }

  /// Whether no column asks for anything but the offset.
  public boolean isEmpty() {
    return key < 0 && headers < 0 && timestamp < 0 && partition < 0;
  }

  @Override
  public void fill(RowBuilders rows) {
    if (isMissing(rows, key) && record.keyLength() >= 0) {
      rows.builder(key).appendBytes(record.bytes(), record.keyFrom(), record.keyLength());
    }
    if (isMissing(rows, timestamp)) {
      TypedValues.instant(rows.builder(timestamp), record.timestamp(), 3);
    }
    if (isMissing(rows, partition)) {
      typed.number(rows.builder(partition), partitionNumber);
    }
    if (isMissing(rows, headers)) {
      headers(rows.builder(headers));
    }
  }

  private static boolean isMissing(RowBuilders rows, int column) {
    return column >= 0 && !rows.isGiven(column);
  }

  private void headers(VectorBuilder to) {
    VectorBuilder entry = to.child(0);
    for (RecordHeader header : record.headers()) {
      entry.child(0).appendBytes(header.key().getBytes(StandardCharsets.UTF_8));
      if (header.value() == null) {
        entry.child(1).appendDefault();
      } else {
        entry.child(1).appendBytes(header.value());
      }
      entry.endStruct();
    }
    to.endList();
  }
}
