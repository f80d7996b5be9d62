// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/// The files of the web console, from the jar. They lie in one folder, and no name leads out of it.
final class ConsoleFiles {
  /// What a browser may do with the pages: only this server is asked, and nobody may frame them.
  static final String POLICY =
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
          + " frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

  static final String ABSENT =
      "This server was built without its web console: Node.js was missing. Send SQL to / by POST,"
          + " or look at /ping, /health, /ready and /metrics.\n";

  private static final String FOLDER = "/dev/varve/console/";
  private static final String INDEX = "index.html";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+\\.(html|js|css)");
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=UTF-8",
          "js", "text/javascript; charset=UTF-8",
          "css", "text/css; charset=UTF-8");

  /// @param isFinal whether the name changes with the content, so that a browser may keep it
  record File(byte[] bytes, String type, boolean isFinal) {}

  private final Map<String, File> read = new ConcurrentHashMap<>();

  Optional<File> index() {
    return file(INDEX);
  }

  Optional<File> file(String name) {
    if (!NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    File known = read.get(name);
    if (known != null) {
      return Optional.of(known);
    }
    try (InputStream in = ConsoleFiles.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        return Optional.empty();
      }
      String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
      File file = new File(in.readAllBytes(), type, !name.equals(INDEX));
      read.put(name, file);
      return Optional.of(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name + " of the console", e);
    }
  }
}
