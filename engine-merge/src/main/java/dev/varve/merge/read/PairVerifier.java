// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.FilePlace;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.file.FileErrors;
import dev.varve.storage.part.PartInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Checks the file of a pair of parts for damage. Damage there costs time and never a row: the pair
/// is found out again.
public final class PairVerifier {
  private PairVerifier() {}

  /// @param younger the part with the greater id
  /// @return how many bytes were read
  /// @throws VarveException CORRUPTED_DATA with file and byte; IO_ERROR where it cannot be read
  public static long verify(Path file, PartInfo younger, PartInfo older) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException failed) {
      throw FileErrors.of("read", file, failed);
    }
    PairLayout.Fault fault =
        PairLayout.fault(bytes, younger.id(), older.id(), younger.rows(), older.rows());
    if (fault != null) {
      throw new VarveException(
          ErrorCode.CORRUPTED_DATA,
          file
              + " is corrupt at byte "
              + fault.offset()
              + ": "
              + fault.message()
              + "; no row is lost, the next start of the server finds the pair out again",
          null,
          new FilePlace(file, fault.offset()));
    }
    return bytes.length;
  }
}
