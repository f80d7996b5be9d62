// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import java.nio.file.Path;
import java.util.List;

/// Reads every byte of a part and checks it: checksums, structure, and that the rows are those that
/// the metadata tells of.
public final class PartVerifier {
  private PartVerifier() {}

  /// What is wrong with the part; empty where nothing is.
  public static List<Problem> verify(Path directory) {
    throw new UnsupportedOperationException("not built yet");
  }

  /// @param file the file the problem is in
  /// @param offset its first byte, or -1 where no byte can be named
  /// @param message what was expected and what was found
  public record Problem(Path file, long offset, String message) {}
}
