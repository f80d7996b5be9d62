// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.check;

import dev.varve.ingest.log.SegmentVerifier;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.journal.JournalVerifier;
import dev.varve.storage.part.PartDump;
import dev.varve.storage.table.ManifestVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A file of ours as text. A further format adds its dump here.
public final class FileDump {
  private FileDump() {}

  /// @param file a manifest, a `part.meta` or the directory of a part, a log segment, a file of the
  ///   journal
  /// @throws VarveException BAD_ARGUMENTS for any other file
  public static List<String> of(Path file) throws IOException {
    String name = file.getFileName().toString();
    if (Files.isDirectory(file) && name.startsWith("part-")) {
      return PartDump.dump(file.resolve("part.meta"));
    }
    if (name.equals("part.meta")) {
      return PartDump.dump(file);
    }
    if (name.matches("manifest-\\d{12}")) {
      return ManifestVerifier.dump(file);
    }
    if (name.matches("\\d{20}\\.log")) {
      return SegmentVerifier.dump(file);
    }
    if (name.matches("journal-\\d{20}")) {
      return JournalVerifier.dump(file);
    }
    throw new VarveException(
        ErrorCode.BAD_ARGUMENTS,
        file
            + " is no manifest, part, log segment or file of the journal; give manifest-…, part-…,"
            + " ….log or journal-…");
  }
}
