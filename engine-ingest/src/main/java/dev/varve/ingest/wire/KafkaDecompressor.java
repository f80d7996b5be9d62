// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.record.Decompressor;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/// The codecs of Kafka's clients. Safe for threads.
public final class KafkaDecompressor implements Decompressor {
  private static final byte MAGIC = 2;

  @Override
  public byte[] decompress(int codec, byte[] bytes, int from, int to, int maxBytes) {
    ByteBuffer source = ByteBuffer.wrap(bytes, from, to - from).slice();
    Compression compression = Compression.of(CompressionType.forId(codec)).build();
    try (InputStream in = compression.wrapForInput(source, MAGIC, BufferSupplier.NO_CACHING)) {
      byte[] records = in.readNBytes(maxBytes);
      if (records.length == maxBytes && in.read() >= 0) {
        throw new RefusedException(
            Refusal.MESSAGE_TOO_LARGE,
            "the records of a batch take more than " + maxBytes + " bytes when decompressed");
      }
      return records;
    } catch (IOException | KafkaException e) {
      throw new RefusedException(
          Refusal.CORRUPT_MESSAGE,
          "the records of a batch cannot be decompressed: " + e.getMessage());
    }
  }
}
