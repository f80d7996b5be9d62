// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.http;

import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// Head and body of an answer.
///
/// @param headers by name in lower case
/// @param reusable whether the server will take another request on the connection
record HttpAnswer(int status, Map<String, String> headers, HttpBody body, boolean reusable) {
  private static final int MAX_HEADERS = 200;

  static HttpAnswer read(HttpSocket socket) throws IOException {
    int status;
    Map<String, String> headers = new HashMap<>();
    boolean modern;
    do {
      String line = socket.readLine();
      status = status(line);
      modern = line.startsWith("HTTP/1.1");
      headers.clear();
      readHeaders(socket, headers);
    } while (status / 100 == 1);
    boolean keep = modern && !"close".equalsIgnoreCase(headers.get("connection"));
    HttpBody body;
    if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
      body = HttpBody.chunked(socket);
    } else if (headers.containsKey("content-length")) {
      body = HttpBody.of(socket, length(headers.get("content-length")));
    } else {
      body = status == 204 ? HttpBody.of(socket, 0) : HttpBody.toTheEnd(socket);
      keep &= status == 204;
    }
    return new HttpAnswer(status, headers, body, keep);
  }

  private static int status(String line) throws IOException {
    if (line.startsWith("HTTP/1.") && line.length() >= 12) {
      try {
        return Integer.parseInt(line.substring(9, 12));
      } catch (NumberFormatException e) {
        throw notHttp(line, e);
      }
    }
    throw notHttp(line, null);
  }

  private static IOException notHttp(String line, Exception cause) {
    String start = line.length() > 60 ? line.substring(0, 60) + "…" : line;
    return new IOException(
        "the server does not speak HTTP (it said \""
            + start
            + "\"); is this the HTTP port, and should ssl be on or off?",
        cause);
  }

  private static void readHeaders(HttpSocket socket, Map<String, String> headers)
      throws IOException {
    for (String line = socket.readLine(); !line.isEmpty(); line = socket.readLine()) {
      int colon = line.indexOf(':');
      if (colon < 1 || headers.size() == MAX_HEADERS) {
        throw new IOException("malformed answer: header \"" + line + "\"");
      }
      headers.put(
          line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
          line.substring(colon + 1).strip());
    }
  }

  private static long length(String text) throws IOException {
    try {
      long length = Long.parseLong(text);
      if (length >= 0) {
        return length;
      }
    } catch (NumberFormatException e) {
      throw new IOException("malformed answer: content length \"" + text + "\"", e);
    }
    throw new IOException("malformed answer: content length \"" + text + "\"");
  }

  String header(String name) {
    return headers.getOrDefault(name, "");
  }
}
