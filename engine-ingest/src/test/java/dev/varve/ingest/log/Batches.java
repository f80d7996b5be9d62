// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// Record batches made by hand, without the client library, so that our reading of the format is
/// checked against a second writing of it.
public final class Batches {
  private Batches() {}

  /// A batch without a producer id.
  public static byte[] of(String... values) {
    return of(-1, (short) -1, -1, 1_000, values);
  }

  /// A batch of values without keys; record `i` has the timestamp `time + i`.
  public static byte[] of(long producer, short epoch, int sequence, long time, String... values) {
    return batch(producer, epoch, sequence, time, new String[values.length], values);
  }

  /// A batch of records given as key, value, key, value, without a producer id.
  public static byte[] keyed(long time, String... keysAndValues) {
    String[] keys = new String[keysAndValues.length / 2];
    String[] values = new String[keys.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = keysAndValues[2 * i];
      values[i] = keysAndValues[2 * i + 1];
    }
    return batch(-1, (short) -1, -1, time, keys, values);
  }

  /// A batch of values that are no text.
  public static byte[] binary(byte[]... values) {
    return batch(-1, (short) -1, -1, 1_000, new byte[values.length][], values);
  }

  private static byte[] batch(
      long producer, short epoch, int sequence, long time, String[] keys, String[] values) {
    return batch(producer, epoch, sequence, time, bytes(keys), bytes(values));
  }

  private static byte[][] bytes(String[] texts) {
    byte[][] bytes = new byte[texts.length][];
    for (int i = 0; i < texts.length; i++) {
      bytes[i] = texts[i] == null ? null : texts[i].getBytes(StandardCharsets.UTF_8);
    }
    return bytes;
  }

  private static byte[] batch(
      long producer, short epoch, int sequence, long time, byte[][] keys, byte[][] values) {
    ByteBuffer records = ByteBuffer.allocate(1 << 20);
    for (int i = 0; i < values.length; i++) {
      byte[] key = keys[i];
      byte[] value = values[i];
      ByteBuffer body = ByteBuffer.allocate(1 << 16);
      body.put((byte) 0);
      varint(body, i);
      varint(body, i);
      field(body, key);
      field(body, value);
      varint(body, 0);
      varint(records, body.position());
      records.put(body.flip());
    }
    ByteBuffer batch = ByteBuffer.allocate(61 + records.position());
    batch.putLong(0).putInt(batch.capacity() - 12).putInt(-1).put((byte) 2).putInt(0);
    batch.putShort((short) 0).putInt(values.length - 1);
    batch.putLong(time).putLong(time + values.length - 1);
    batch.putLong(producer).putShort(epoch).putInt(sequence).putInt(values.length);
    batch.put(records.flip());
    return sealed(batch.array());
  }

  /// The batch with a checksum that fits its bytes.
  public static byte[] sealed(byte[] batch) {
    CRC32C crc = new CRC32C();
    crc.update(batch, 21, batch.length - 21);
    ByteBuffer.wrap(batch).putInt(17, (int) crc.getValue());
    return batch;
  }

  private static void field(ByteBuffer out, byte[] bytes) {
    varint(out, bytes == null ? -1 : bytes.length);
    out.put(bytes == null ? new byte[0] : bytes);
  }

  private static void varint(ByteBuffer out, int value) {
    int raw = value << 1 ^ value >> 31;
    while ((raw & ~0x7F) != 0) {
      out.put((byte) (raw & 0x7F | 0x80));
      raw >>>= 7;
    }
    out.put((byte) raw);
  }
}
