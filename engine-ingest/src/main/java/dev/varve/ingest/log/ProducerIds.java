// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/// Hands out producer ids, each once for ever: the file holds the end of the block that is in use,
/// written before the first id of the block is given. Safe for threads.
public final class ProducerIds {
  private static final int BLOCK = 1000;

  private final Path file;
  private long next;
  private long blockEnd;

  public ProducerIds(Path file) throws IOException {
    this.file = file;
    long saved = 0;
    if (Files.exists(file)) {
      byte[] bytes = Files.readAllBytes(file);
      if (bytes.length != Long.BYTES) {
        throw new IOException(file + " has " + bytes.length + " bytes, expected 8");
      }
      saved = ByteBuffer.wrap(bytes).getLong();
    }
    this.next = saved;
    this.blockEnd = saved;
  }

  /// An id that nobody had before.
  public synchronized long take() {
    if (next == blockEnd) {
      try {
        DurableFiles.replace(
            file, ByteBuffer.allocate(Long.BYTES).putLong(blockEnd + BLOCK).array());
      } catch (IOException e) {
        throw new RefusedException(
            Refusal.KAFKA_STORAGE_ERROR, "cannot write " + file + ": " + e.getMessage());
      }
      blockEnd += BLOCK;
    }
    return next++;
  }
}
