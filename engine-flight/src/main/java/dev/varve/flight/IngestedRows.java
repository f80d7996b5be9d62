// SPDX-License-Identifier: Apache-2.0
package dev.varve.flight;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;

/// The batches that a caller sends, as the bytes of an Arrow stream, made one batch at a time.
final class IngestedRows extends InputStream {
  private final FlightStream flight;
  private final ByteArrayOutputStream made = new ByteArrayOutputStream();
  private ArrowStreamWriter writer;
  private byte[] bytes = new byte[0];
  private int at;
  private boolean ended;

  IngestedRows(FlightStream flight) {
    this.flight = flight;
  }

  private boolean advance() throws IOException {
    while (at == bytes.length) {
      if (ended) {
        return false;
      }
      if (writer == null) {
        writer =
            new ArrowStreamWriter(
                flight.getRoot(), flight.getDictionaryProvider(), Channels.newChannel(made));
        writer.start();
      }
      if (flight.next()) {
        writer.writeBatch();
      } else {
        writer.end();
        ended = true;
      }
      bytes = made.toByteArray();
      made.reset();
      at = 0;
    }
    return true;
  }

  @Override
  public int read() throws IOException {
    return advance() ? bytes[at++] & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!advance()) {
      return -1;
    }
    int count = Math.min(length, bytes.length - at);
    System.arraycopy(bytes, at, target, from, count);
    at += count;
    return count;
  }
}
