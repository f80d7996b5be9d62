// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// One connection to the server; one exchange at a time. Closing it from another thread ends a
/// read.
final class HttpSocket {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int MAX_LINE_BYTES = 64 * 1024;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int position;
  private int limit;

  private HttpSocket(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
  }

  static HttpSocket connect(String host, int port, SSLContext tls, int timeoutMillis)
      throws IOException {
    Socket plain = new Socket();
    try {
      plain.connect(new InetSocketAddress(host, port), timeoutMillis);
      plain.setTcpNoDelay(true);
      if (tls == null) {
        return new HttpSocket(plain);
      }
      plain.setSoTimeout(timeoutMillis);
      HttpSocket secured = new HttpSocket(secure(plain, tls, host, port));
      plain.setSoTimeout(0);
      return secured;
    } catch (IOException | RuntimeException e) {
      plain.close();
      throw e;
    }
  }

  private static Socket secure(Socket plain, SSLContext tls, String host, int port)
      throws IOException {
    SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, host, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    // Without this the certificate's name would not be compared with the host's.
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  OutputStream out() {
    return out;
  }

  void timeout(int millis) throws IOException {
    socket.setSoTimeout(millis);
  }

  /// Whether an idle connection can take a request. A server that has closed it, or that talks
  /// without being asked, is seen here: afterwards nobody could tell whether a request was run.
  boolean isUsable() {
    if (socket.isClosed() || position < limit) {
      return false;
    }
    try {
      int before = socket.getSoTimeout();
      socket.setSoTimeout(1);
      try {
        in.read();
        return false;
      } catch (SocketTimeoutException e) {
        return true;
      } finally {
        socket.setSoTimeout(before);
      }
    } catch (IOException e) {
      return false;
    }
  }

  /// Bytes, at least one, or -1 at the end of the connection.
  int read(byte[] target, int from, int length) throws IOException {
    if (position == limit) {
      if (length >= BUFFER_BYTES) {
        return in.read(target, from, length);
      }
      if (!fill()) {
        return -1;
      }
    }
    int count = Math.min(length, limit - position);
    System.arraycopy(buffer, position, target, from, count);
    position += count;
    return count;
  }

  private boolean fill() throws IOException {
    int count = in.read(buffer, 0, BUFFER_BYTES);
    position = 0;
    limit = Math.max(count, 0);
    return count > 0;
  }

  /// A line of a head, without its end.
  String readLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(80);
    while (true) {
      if (position == limit && !fill()) {
        throw new EOFException("the server closed the connection without an answer");
      }
      byte next = buffer[position++];
      if (next == '\n') {
        break;
      }
      if (line.size() == MAX_LINE_BYTES) {
        throw new IOException("malformed answer: a line of a head does not end");
      }
      line.write(next);
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // Whoever closes has given up on this connection; there is nobody to tell and nothing to do.
      position = limit;
    }
  }
}
