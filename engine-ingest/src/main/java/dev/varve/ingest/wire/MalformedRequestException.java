// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

/// Bytes that are no request we can answer. The connection is closed and the reason counted.
public final class MalformedRequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  /// @param reason one word to count by: `length`, `unreadable`, `unsupported`, `unauthenticated`
  public MalformedRequestException(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  public String reason() {
    return reason;
  }
}
