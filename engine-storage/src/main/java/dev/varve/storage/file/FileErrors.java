// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.file;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.FilePlace;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/// What a user is told when a file cannot be read or written.
public final class FileErrors {
  private FileErrors() {}

  /// @param action what we tried: `read`, `write`, `rename`
  public static VarveException of(String action, Path path, IOException cause) {
    if (isDiskFull(cause)) {
      return new VarveException(
          ErrorCode.NOT_ENOUGH_SPACE,
          "no space left to "
              + action
              + " "
              + path
              + "; nothing was changed, free some space on this disk and try again",
          cause);
    }
    return new VarveException(
        ErrorCode.IO_ERROR, "cannot " + action + " " + path + ": " + reason(cause), cause);
  }

  public static VarveException corrupt(Path path, long offset, String expected, String found) {
    return new VarveException(
        ErrorCode.CORRUPTED_DATA,
        path
            + " is corrupt at byte "
            + offset
            + ": expected "
            + expected
            + ", found "
            + found
            + "; restore the part from a replica or a backup",
        null,
        new FilePlace(path, offset));
  }

  public static VarveException checksum(Path path, long offset, int expected, int found) {
    return new VarveException(
        ErrorCode.CHECKSUM_DOESNT_MATCH,
        path
            + " is corrupt at byte "
            + offset
            + ": expected checksum "
            + Checksum.text(expected)
            + ", found "
            + Checksum.text(found)
            + "; restore the part from a replica or a backup",
        null,
        new FilePlace(path, offset));
  }

  // The JDK has no exception of its own for a full disk; the text is the system's ENOSPC or EDQUOT.
  private static boolean isDiskFull(IOException cause) {
    String text = String.valueOf(cause.getMessage());
    return text.contains("No space left") || text.contains("Disk quota exceeded");
  }

  private static String reason(IOException cause) {
    if (cause instanceof FileSystemException e) {
      String kind = e.getClass().getSimpleName().replace("Exception", "");
      return e.getReason() == null ? kind : kind + ": " + e.getReason();
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
