// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.record;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Walks over the records of a batch. One thread; used again for the next batch by [#open].
///
/// Every length is checked against the payload before it is used: the bytes come from outside and
/// their checksum proves only that the sender meant them.
public final class RecordCursor {
  private final Decompressor decompressor;
  private final int maxBytes;
  private byte[] bytes = new byte[0];
  private int at;
  private int end;
  private int left;
  private int index;
  private int offsetDelta;
  private int lastOffsetDelta;
  private long baseTimestamp;
  private long timestampDelta;
  private int recordFrom;
  private int keyFrom;
  private int keyLength;
  private int headersFrom;
  private int valueFrom;
  private int valueLength;

  /// @param maxBytes a payload must not be larger when it is decompressed
  public RecordCursor(Decompressor decompressor, int maxBytes) {
    this.decompressor = decompressor;
    this.maxBytes = maxBytes;
  }

  /// Stands before the first record of a batch that was checked.
  public void open(byte[] batch, int from) {
    int payload = from + BatchLayout.HEADER_BYTES;
    int batchEnd = from + BatchLayout.size(batch, from);
    int codec = BatchLayout.codec(batch, from);
    if (codec == 0) {
      bytes = batch;
      at = payload;
      end = batchEnd;
    } else {
      bytes = decompressor.decompress(codec, batch, payload, batchEnd, maxBytes);
      at = 0;
      end = bytes.length;
    }
    left = BatchLayout.records(batch, from);
    index = -1;
    offsetDelta = -1;
    lastOffsetDelta = BatchLayout.lastOffsetDelta(batch, from);
    baseTimestamp = BatchLayout.baseTimestamp(batch, from);
  }

  /// Moves to the next record. False behind the last.
  ///
  /// @throws RefusedException CORRUPT_MESSAGE if the bytes are no record
  public boolean next() {
    if (left == 0) {
      if (at != end) {
        throw corrupt("bytes behind the last record");
      }
      return false;
    }
    left--;
    index++;
    recordFrom = at;
    int length = varint();
    int recordEnd = at + length;
    if (length < 6 || recordEnd > end || recordEnd < at) {
      throw corrupt("record " + index + " says it has " + length + " bytes");
    }
    at++; // attributes, unused
    timestampDelta = varlong();
    int delta = varint();
    if (delta <= offsetDelta || delta > lastOffsetDelta) {
      throw corrupt("record " + index + " is out of order");
    }
    offsetDelta = delta;
    keyLength = varint();
    keyFrom = at;
    skip(Math.max(keyLength, 0), recordEnd);
    valueLength = varint();
    valueFrom = at;
    skip(Math.max(valueLength, 0), recordEnd);
    headersFrom = at;
    skipHeaders(recordEnd);
    if (at != recordEnd) {
      throw corrupt("record " + index + " is longer than its fields");
    }
    return true;
  }

  private void skipHeaders(int recordEnd) {
    int headers = varint();
    if (headers < 0 || headers > recordEnd - at) {
      throw corrupt("record " + index + " says it has " + headers + " headers");
    }
    for (int i = 0; i < headers; i++) {
      skip(varint(), recordEnd);
      skip(Math.max(varint(), 0), recordEnd);
    }
  }

  private void skip(int length, int recordEnd) {
    if (length < 0 || length > recordEnd - at) {
      throw corrupt("a field of record " + index + " goes beyond its end");
    }
    at += length;
  }

  private int varint() {
    long value = varlong();
    if (value != (int) value) {
      throw corrupt("a number of record " + index + " is out of range");
    }
    return (int) value;
  }

  private long varlong() {
    long raw = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (at >= end) {
        throw corrupt("the batch ends inside of record " + index);
      }
      byte b = bytes[at++];
      raw |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return raw >>> 1 ^ -(raw & 1);
      }
    }
    throw corrupt("a number of record " + index + " does not end");
  }

  private static RefusedException corrupt(String message) {
    return new RefusedException(Refusal.CORRUPT_MESSAGE, message);
  }

  /// Position of the record among those of its batch, from 0.
  public int index() {
    return index;
  }

  /// What the record's offset has above the base offset of its batch: its index, unless compaction
  /// took records away.
  public int offsetDelta() {
    return offsetDelta;
  }

  public long timestamp() {
    return baseTimestamp + timestampDelta;
  }

  /// The array that holds the value.
  public byte[] bytes() {
    return bytes;
  }

  /// The whole record, with its length, is `bytes[recordFrom, recordEnd)`.
  public int recordFrom() {
    return recordFrom;
  }

  public int recordEnd() {
    return at;
  }

  public int keyFrom() {
    return keyFrom;
  }

  /// Bytes of the key, or -1 for a record without one.
  public int keyLength() {
    return keyLength;
  }

  /// The key, copied, or null.
  public byte[] key() {
    return copy(keyFrom, keyLength);
  }

  /// The value, copied, or null.
  public byte[] value() {
    return copy(valueFrom, valueLength);
  }

  private byte[] copy(int from, int length) {
    return length < 0 ? null : Arrays.copyOfRange(bytes, from, from + length);
  }

  /// The headers, copied.
  public List<RecordHeader> headers() {
    int end = at;
    at = headersFrom;
    List<RecordHeader> headers = new ArrayList<>();
    for (int left = varint(); left > 0; left--) {
      int length = varint();
      String key = new String(bytes, at, length, StandardCharsets.UTF_8);
      at += length;
      int size = varint();
      headers.add(new RecordHeader(key, copy(at, size)));
      at += Math.max(size, 0);
    }
    at = end;
    return headers;
  }

  public int valueFrom() {
    return valueFrom;
  }

  /// Bytes of the value, or -1 for a null value.
  public int valueLength() {
    return valueLength;
  }
}
