// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Holds the example of the format page against the bytes that are written.
final class FormatPageTest {
  @TempDir Path directory;

  @Test
  void theExampleOnTheFormatPageIsWhatIsWritten() throws IOException {
    Path page = Path.of(System.getProperty("varve.root"), "docs", "format", "part.md");
    try (BufferAllocator allocator = new RootAllocator();
        DiskPart part = TestParts.write(directory, 1, 5, allocator)) {
      for (String file : new String[] {DataFileLayout.FILE, PartMeta.FILE}) {
        String dump = dump(Files.readAllBytes(part.directory().resolve(file)));
        assertThat(Files.readString(page)).as("example of " + file).contains(dump);
      }
    }
  }

  /// Sixteen bytes a line, as people and `hexdump` write them.
  private static String dump(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (int line = 0; line < bytes.length; line += 16) {
      text.append(HexFormat.of().toHexDigits(line, 4)).append("  ");
      int end = Math.min(bytes.length, line + 16);
      text.append(HexFormat.ofDelimiter(" ").formatHex(bytes, line, end)).append('\n');
    }
    return text.toString();
  }
}
