// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.http;

import dev.varve.sql.session.Session;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/// A whole exchange in a media type of its own, chosen by the `Accept` header: the driver's frames.
/// It reads the body, runs the statement and writes the answer, errors after the first byte
/// included. Errors before the first byte may be thrown.
public interface ResultEncoding {
  String mediaType();

  void answer(
      Session session,
      String queryId,
      Map<String, String> settings,
      InputStream body,
      OutputStream out)
      throws IOException;
}
