// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import dev.varve.ingest.log.PartitionLog;
import dev.varve.ingest.record.BatchLayout;
import dev.varve.ingest.record.Decompressor;
import dev.varve.ingest.record.RecordCursor;
import dev.varve.ingest.record.RecordHeader;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Reads the records of a topic as rows: partition, offset, time, key, headers, value. It ends
/// where the high watermarks were when it was made. One thread.
final class TopicReader implements BatchSource {
  private static final int FETCH_BYTES = 1 << 20;
  private static final int MAX_PAYLOAD_BYTES = 256 << 20;

  private final List<PartitionLog> logs;
  private final long[] ends;
  private final List<DataType> types;
  private final Scratch scratch;
  private final RecordCursor cursor;
  private int partition;
  private long next;
  private byte[] fetched = new byte[0];
  private int at;
  private long base;
  private boolean inBatch;

  /// @param types of the six columns
  TopicReader(
      List<PartitionLog> logs, List<DataType> types, Decompressor decompressor, Scratch scratch) {
    this.logs = List.copyOf(logs);
    this.types = types;
    this.scratch = scratch;
    this.cursor = new RecordCursor(decompressor, MAX_PAYLOAD_BYTES);
    this.ends = logs.stream().mapToLong(PartitionLog::highWatermark).toArray();
    this.next = logs.isEmpty() ? 0 : logs.getFirst().startOffset();
  }

  @Override
  public Batch next() {
    scratch.reset();
    List<VectorBuilder> columns = new ArrayList<>();
    types.forEach(type -> columns.add(new VectorBuilder(type, scratch)));
    int rows = 0;
    while (rows < Batch.MAX_ROWS && advance()) {
      append(columns);
      rows++;
    }
    if (rows == 0) {
      return null;
    }
    List<Vector> vectors = columns.stream().map(VectorBuilder::build).toList();
    return new Batch(rows, vectors);
  }

  /// Moves to the next record. False behind the last.
  private boolean advance() {
    while (true) {
      while (inBatch && cursor.next()) {
        if (base + cursor.offsetDelta() >= next) {
          next = base + cursor.offsetDelta() + 1;
          return true;
        }
      }
      inBatch = false;
      if (!openBatch()) {
        return false;
      }
    }
  }

  /// Opens the next batch with records. False behind the last.
  private boolean openBatch() {
    while (partition < ends.length) {
      if (next >= ends[partition]) {
        partition++;
        next = partition < ends.length ? logs.get(partition).startOffset() : 0;
        at = fetched.length;
      } else if (at + BatchLayout.HEADER_BYTES > fetched.length
          || at + BatchLayout.size(fetched, at) > fetched.length) {
        ByteBuffer more = logs.get(partition).read(next, FETCH_BYTES, true);
        fetched = new byte[more.remaining()];
        more.get(fetched);
        at = 0;
      } else {
        int batch = at;
        at += BatchLayout.size(fetched, batch);
        base = BatchLayout.baseOffset(fetched, batch);
        if (BatchLayout.isControl(fetched, batch)) {
          next = base + BatchLayout.lastOffsetDelta(fetched, batch) + 1;
        } else if (BatchLayout.records(fetched, batch) == 0) {
          next = base + BatchLayout.lastOffsetDelta(fetched, batch) + 1;
        } else {
          cursor.open(fetched, batch);
          inBatch = true;
          return true;
        }
      }
    }
    return false;
  }

  private void append(List<VectorBuilder> columns) {
    columns.get(0).appendLong(partition);
    columns.get(1).appendLong(base + cursor.offsetDelta());
    columns.get(2).appendLong(cursor.timestamp());
    bytes(columns.get(3), cursor.keyFrom(), cursor.keyLength());
    VectorBuilder headers = columns.get(4);
    for (RecordHeader header : cursor.headers()) {
      headers.child(0).child(0).appendBytes(header.key().getBytes(StandardCharsets.UTF_8));
      headers.child(0).child(1).appendBytes(header.value() == null ? new byte[0] : header.value());
      headers.child(0).endStruct();
    }
    headers.endList();
    bytes(columns.get(5), cursor.valueFrom(), cursor.valueLength());
  }

  private void bytes(VectorBuilder to, int from, int length) {
    if (length < 0) {
      to.appendNull();
    } else {
      to.appendBytes(cursor.bytes(), from, length);
    }
  }

  @Override
  public void close() {}
}
