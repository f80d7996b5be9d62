// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.error;

/// An error for the user: what, where, and the way out, in one sentence each. The front doors print
/// `Code: 47. DB::Exception: … (UNKNOWN_IDENTIFIER)`; the message holds none of that.
public final class VarveException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  public VarveException(ErrorCode code, String message) {
    super(message);
    this.code = code;
  }

  public VarveException(ErrorCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public ErrorCode code() {
    return code;
  }
}
