// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.journal;

import dev.varve.storage.error.VarveException;
import dev.varve.storage.file.FileErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Reads the journal of a data directory, changes nothing, and says what is wrong with it.
public final class JournalVerifier {
  private JournalVerifier() {}

  /// What was found.
  ///
  /// @param entries sound ones
  /// @param damage what is wrong, with its file and byte
  public record Report(int entries, long bytes, List<VarveException> damage) {}

  /// @param directory `DATA/journal`, which need not be there
  public static Report verify(Path directory) {
    List<Path> files = Journal.files(directory);
    List<VarveException> damage = new ArrayList<>();
    int[] entries = new int[1];
    long bytes = 0;
    for (Path file : files) {
      try {
        JournalFile.read(file, file.equals(files.getLast()), (_, _, _) -> entries[0]++);
        bytes += Files.size(file);
      } catch (VarveException found) {
        damage.add(found);
      } catch (IOException failed) {
        throw FileErrors.of("read", file, failed);
      }
    }
    return new Report(entries[0], bytes, damage);
  }

  /// Every entry of a file as text: its number, and what it brings into which table.
  public static List<String> dump(Path file) {
    List<String> lines = new ArrayList<>();
    try {
      JournalFile.read(
          file,
          true,
          (_, number, entry) ->
              entry
                  .rows()
                  .forEach(rows ->
                      lines.add(
                          "entry "
                              + number
                              + ": table "
                              + rows.table()
                              + ", runs of "
                              + rows.runs().stream().map(run -> run.length).toList()
                              + " bytes, tokens "
                              + rows.tokens())));
    } catch (VarveException found) {
      lines.add(found.getMessage());
    } catch (IOException failed) {
      throw FileErrors.of("read", file, failed);
    }
    return lines;
  }
}
