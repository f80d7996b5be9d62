// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// The body of one answer: of a known length, in chunks, or to the end of the connection.
final class HttpBody extends InputStream {
  private static final int CHUNKED = -2;
  private static final int TO_THE_END = -1;

  private final HttpSocket socket;
  private final boolean chunked;
  private long left;
  private boolean done;

  private HttpBody(HttpSocket socket, long length) {
    this.socket = socket;
    this.chunked = length == CHUNKED;
    this.left = chunked ? 0 : length == TO_THE_END ? Long.MAX_VALUE : length;
    this.done = length == 0;
  }

  static HttpBody chunked(HttpSocket socket) {
    return new HttpBody(socket, CHUNKED);
  }

  static HttpBody toTheEnd(HttpSocket socket) {
    return new HttpBody(socket, TO_THE_END);
  }

  static HttpBody of(HttpSocket socket, long length) {
    return new HttpBody(socket, length);
  }

  /// Whether every byte was taken, so that the connection can serve another request.
  boolean isDone() {
    return done;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (chunked && left == 0 && !done) {
      nextChunk();
    }
    if (done) {
      return -1;
    }
    int count = socket.read(target, from, (int) Math.min(length, left));
    if (count < 0) {
      if (left == Long.MAX_VALUE) {
        done = true;
        return -1;
      }
      throw new EOFException("the server closed the connection in the middle of an answer");
    }
    if (left != Long.MAX_VALUE) {
      left -= count;
    }
    if (left == 0) {
      endOfPiece();
    }
    return count;
  }

  private void endOfPiece() throws IOException {
    if (!chunked) {
      done = true;
    } else if (!socket.readLine().isEmpty()) {
      throw new IOException("malformed answer: a chunk is longer than it says");
    }
  }

  private void nextChunk() throws IOException {
    String line = socket.readLine();
    int semicolon = line.indexOf(';');
    String digits = (semicolon < 0 ? line : line.substring(0, semicolon)).strip();
    try {
      left = Long.parseUnsignedLong(digits, 16);
    } catch (NumberFormatException e) {
      throw new IOException("malformed answer: \"" + digits + "\" is not the size of a chunk", e);
    }
    if (left < 0) {
      throw new IOException("malformed answer: a chunk of " + digits + " bytes");
    }
    if (left == 0) {
      done = true;
      while (!socket.readLine().isEmpty()) {
        // Trailers say nothing to us, but they end the message.
        continue;
      }
    }
  }
}
