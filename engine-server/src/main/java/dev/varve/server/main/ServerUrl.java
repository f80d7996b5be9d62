// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.main;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a command connects to, as people write it: a URL of JDBC, the address that a browser or
/// curl takes, or host and port.
final class ServerUrl {
  private static final Pattern ADDRESS =
      Pattern.compile("(?:(https?|varve)://)?([^/?\\s]+?)(/[^?\\s]*)?(\\?\\S*)?");
  private static final Pattern HOST_AND_PORT =
      Pattern.compile("(?:[\\w.-]+|\\[[0-9a-fA-F:]+]):\\d+");

  private ServerUrl() {}

  /// The URL that the driver takes.
  ///
  /// @throws VarveException BAD_ARGUMENTS telling what may be written
  static String jdbc(String written) {
    if (written.startsWith("jdbc:")) {
      return written;
    }
    Matcher parts = ADDRESS.matcher(written);
    if (!parts.matches()
        || parts.group(1) == null && !HOST_AND_PORT.matcher(parts.group(2)).matches()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "\""
              + written
              + "\" is no address of a server; write host:port, http://host:port/database or"
              + " jdbc:varve://host:port/database, or jdbc:varve:DIRECTORY for a folder of this"
              + " machine that no server uses");
    }
    String path = parts.group(3) == null || parts.group(3).equals("/") ? "" : parts.group(3);
    String properties = parts.group(4) == null ? "" : parts.group(4);
    if ("https".equals(parts.group(1))) {
      properties = (properties.isEmpty() ? "?" : properties + "&") + "ssl=true";
    }
    return "jdbc:varve://" + parts.group(2) + path + properties;
  }
}
