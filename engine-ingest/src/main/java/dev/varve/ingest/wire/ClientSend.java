// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.apache.kafka.common.network.Send;
import org.apache.kafka.common.network.TransferableChannel;

/// Writes an encoded answer to a client: buffers as they are, records from the log's file. Nothing
/// is copied here.
final class ClientSend implements TransferableChannel {
  // More than the system takes in one call is cut off there, buffers and all.
  private static final int MOST_BUFFERS = 1024;

  private final ClientChannel client;

  private ClientSend(ClientChannel client) {
    this.client = client;
  }

  static void write(Send send, ClientChannel client) throws IOException {
    ClientSend channel = new ClientSend(client);
    while (!send.completed()) {
      send.writeTo(channel);
    }
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return (int) client.write(new ByteBuffer[] {source}, 0, 1);
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    return client.write(sources, offset, Math.min(length, MOST_BUFFERS));
  }

  @Override
  public long write(ByteBuffer[] sources) throws IOException {
    return write(sources, 0, sources.length);
  }

  @Override
  public boolean hasPendingWrites() {
    return false;
  }

  @Override
  public long transferFrom(FileChannel file, long position, long count) throws IOException {
    long sent = client.transfer(file, position, count);
    if (sent <= 0 && position >= file.size()) {
      throw new EOFException("the log ends at byte " + file.size() + ", expected more");
    }
    return sent;
  }

  @Override
  public boolean isOpen() {
    return client.isOpen();
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
