// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.check;

import java.nio.file.Path;

/// Something that is not as it should be.
///
/// @param offset first byte of what is wrong, or -1 where the message alone tells
/// @param part the part that should be set aside, or an empty text
/// @param table its table, or an empty text
public record Finding(
    Kind kind, Path file, long offset, String message, String table, String part) {

  /// How bad it is.
  public enum Kind {
    /// Bytes are not those that were written, or are gone.
    DAMAGED,
    /// Damage that the manifest knows.
    QUARANTINED,
    /// The system could not read, so nothing is known.
    UNREADABLE,
    /// The next start puts it right by itself.
    NOTE
  }

  static Finding of(Kind kind, Path file, long offset, String message) {
    return new Finding(kind, file, offset, message, "", "");
  }

  /// One line for people.
  String line() {
    return kind
        + " "
        + (table.isEmpty() ? "" : table + " ")
        + (part.isEmpty() ? "" : part + " ")
        + file
        + (offset < 0 ? "" : " at byte " + offset)
        + ": "
        + message;
  }
}
