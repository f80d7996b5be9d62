// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

/// A text that is no value of its type. The reader that knows the column makes the user's error of
/// it, so it carries no stack trace; `reason` may be empty where type and text say all.
final class BadValueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BadValueException(String reason) {
    super(reason, null, false, false);
  }
}
