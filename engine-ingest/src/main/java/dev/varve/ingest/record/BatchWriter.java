// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.record;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Writes records of our own as one batch, uncompressed and without a producer. One thread.
public final class BatchWriter {
  private static final int UNSTAMPED_EPOCH = -1;

  private final ByteArrayOutputStream records = new ByteArrayOutputStream();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private int count;
  private long baseTimestamp;
  private long maxTimestamp = Long.MIN_VALUE;

  /// @param key or null
  /// @param value or null
  public BatchWriter add(long timestamp, byte[] key, byte[] value, List<RecordHeader> headers) {
    if (count == 0) {
      baseTimestamp = timestamp;
    }
    maxTimestamp = Math.max(maxTimestamp, timestamp);
    body.reset();
    body.write(0);
    varlong(body, timestamp - baseTimestamp);
    varlong(body, count++);
    field(body, key);
    field(body, value);
    varlong(body, headers.size());
    for (RecordHeader header : headers) {
      field(body, header.key().getBytes(StandardCharsets.UTF_8));
      field(body, header.value());
    }
    varlong(records, body.size());
    records.writeBytes(body.toByteArray());
    return this;
  }

  private static void field(ByteArrayOutputStream out, byte[] bytes) {
    varlong(out, bytes == null ? -1 : bytes.length);
    out.writeBytes(bytes == null ? new byte[0] : bytes);
  }

  private static void varlong(ByteArrayOutputStream out, long value) {
    long raw = value << 1 ^ value >> 63;
    while ((raw & ~0x7FL) != 0) {
      out.write((int) (raw & 0x7F | 0x80));
      raw >>>= 7;
    }
    out.write((int) raw);
  }

  public int records() {
    return count;
  }

  /// The batch of at least one record.
  public byte[] build() {
    ByteBuffer batch = ByteBuffer.allocate(BatchLayout.HEADER_BYTES + records.size());
    batch.putLong(0).putInt(batch.capacity() - BatchLayout.OVERHEAD_BYTES);
    batch.putInt(UNSTAMPED_EPOCH).put((byte) 2).putInt(0);
    batch.putShort((short) 0).putInt(count - 1);
    batch.putLong(baseTimestamp).putLong(maxTimestamp);
    batch.putLong(-1).putShort((short) -1).putInt(-1).putInt(count);
    batch.put(records.toByteArray());
    BatchLayout.seal(batch.array(), 0);
    return batch.array();
  }
}
