// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.error;

import java.util.Optional;

/// An error for the user: what, where, and the way out, in one sentence each. The front doors print
/// `Code: 47. DB::Exception: … (UNKNOWN_IDENTIFIER)`; the message holds none of that.
public final class VarveException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final transient FilePlace place;

  public VarveException(ErrorCode code, String message) {
    this(code, message, null, null);
  }

  public VarveException(ErrorCode code, String message, Throwable cause) {
    this(code, message, cause, null);
  }

  /// @param place which byte of which file is wrong, or null
  public VarveException(ErrorCode code, String message, Throwable cause, FilePlace place) {
    super(message, cause);
    this.code = code;
    this.place = place;
  }

  public ErrorCode code() {
    return code;
  }

  /// Which byte of which file is wrong, where that is what the error says; its cause may know.
  public Optional<FilePlace> place() {
    if (place == null && getCause() instanceof VarveException cause) {
      return cause.place();
    }
    return Optional.ofNullable(place);
  }
}
