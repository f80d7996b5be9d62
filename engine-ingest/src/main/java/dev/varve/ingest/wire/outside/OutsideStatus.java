// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire.outside;

/// How far a table is in a partition that it reads, as `system.kafka_consumers` shows it.
///
/// @param offset of the record that comes next; what lies before is in the tables of the views
/// @param end offset behind the last record of the partition, or -1 where that is not known
/// @param records read since the start
/// @param lastError why it does not go on, or empty
public record OutsideStatus(
    String database,
    String table,
    String topic,
    int partition,
    long offset,
    long end,
    long records,
    String lastError) {
  OutsideStatus with(String error) {
    return new OutsideStatus(database, table, topic, partition, offset, end, records, error);
  }
}
