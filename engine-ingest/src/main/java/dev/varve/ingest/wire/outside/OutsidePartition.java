// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire.outside;

import dev.varve.ingest.record.BatchWriter;
import dev.varve.ingest.record.RecordHeader;
import dev.varve.ingest.record.RefusedException;
import dev.varve.ingest.sink.DeadLetter;
import dev.varve.ingest.sink.DeadLetters;
import dev.varve.ingest.sink.DecodedRows;
import dev.varve.ingest.sink.MergeTableSink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/// A partition of an outside topic. The thread of its reader calls; any thread may look at how far
/// it is.
final class OutsidePartition implements AutoCloseable {
  private static final int PIECE_RECORDS = 4_096;
  private static final int PIECE_BYTES = 8 << 20;

  /// Records that were read into rows.
  ///
  /// @param offsets of the records, which need not be without gaps
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Piece(DecodedRows rows, long[] offsets) {}

  private final TopicPartition name;
  private final DeadLetters letters;
  private volatile long offset = -1;
  private volatile long end = -1;
  private volatile long records;
  private volatile String lastError = "";

  /// @param directory for what concerns the table
  OutsidePartition(TopicPartition name, Path directory) throws IOException {
    this.name = name;
    this.letters =
        new DeadLetters(
            directory.resolve(name.topic() + "-" + name.partition()), System::currentTimeMillis);
  }

  TopicPartition name() {
    return name;
  }

  DeadLetters letters() {
    return letters;
  }

  /// Reads records into rows, up to the first that does not fit where bad records are refused. What
  /// is kept apart is durable when this returns.
  ///
  /// @param into gets the pieces, which are the caller's
  /// @return offset behind the last record read
  long read(List<ConsumerRecord<byte[], byte[]>> all, MergeTableSink sink, List<Piece> into) {
    int from = 0;
    while (from < all.size()) {
      int to = endOfPiece(all, from);
      List<ConsumerRecord<byte[], byte[]>> records = all.subList(from, to);
      try {
        into.add(piece(records, sink));
      } catch (RefusedException e) {
        lastError = e.getMessage();
        int bad = e.badRecords().isEmpty() ? 0 : e.badRecords().getFirst().index();
        if (bad > 0) {
          into.add(piece(records.subList(0, bad), sink));
        }
        return records.get(bad).offset();
      }
      from = to;
    }
    lastError = "";
    return all.getLast().offset() + 1;
  }

  private static int endOfPiece(List<ConsumerRecord<byte[], byte[]>> records, int from) {
    int to = from;
    long bytes = 0;
    while (to < records.size() && to - from < PIECE_RECORDS && bytes < PIECE_BYTES) {
      bytes += Math.max(0, records.get(to).serializedValueSize());
      to++;
    }
    return to;
  }

  private Piece piece(List<ConsumerRecord<byte[], byte[]>> records, MergeTableSink sink) {
    BatchWriter batch = new BatchWriter();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      List<RecordHeader> headers = new ArrayList<>();
      for (Header header : record.headers()) {
        headers.add(new RecordHeader(header.key(), header.value()));
      }
      batch.add(record.timestamp(), record.key(), record.value(), headers);
    }
    DecodedRows rows = sink.decode(name.partition(), batch.build(), 0);
    try {
      letters.add(at(rows.deadLetters(), records));
    } catch (RuntimeException e) {
      rows.close();
      throw e;
    }
    long[] offsets =
        Arrays.stream(rows.records()).mapToLong(i -> records.get(i).offset()).toArray();
    return new Piece(rows, offsets);
  }

  private static List<DeadLetter> at(
      List<DeadLetter> letters, List<ConsumerRecord<byte[], byte[]>> records) {
    return letters.stream()
        .map(letter ->
            new DeadLetter(
                records.get((int) letter.offset()).offset(),
                letter.timestamp(),
                letter.key(),
                letter.value(),
                letter.headers(),
                letter.reason()))
        .toList();
  }

  /// Rows of the partition up to here are committed.
  void committed(long next, long read) {
    offset = next;
    records += read;
  }

  void endsAt(long known) {
    end = known;
  }

  void failed(String reason) {
    lastError = reason;
  }

  boolean isStuck() {
    return !lastError.isEmpty();
  }

  OutsideStatus status(String database, String table) {
    return new OutsideStatus(
        database,
        table,
        name.topic(),
        name.partition(),
        Math.max(0, offset),
        end,
        records,
        lastError);
  }

  @Override
  public void close() {
    letters.close();
  }
}
