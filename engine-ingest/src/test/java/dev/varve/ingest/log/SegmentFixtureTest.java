// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A segment of version 1, as it was written then, is readable for ever and is the one in the docs.
final class SegmentFixtureTest {
  private static final String FILE = "00000000000000000000.log";

  @TempDir Path directory;

  static byte[] fixture() throws IOException {
    try (InputStream in = SegmentFixtureTest.class.getResourceAsStream("/segment-v1/" + FILE)) {
      return in.readAllBytes();
    }
  }

  @Test
  void version1IsRead() throws IOException {
    Files.write(directory.resolve(FILE), fixture());
    try (PartitionLog log = PartitionLog.open(directory, LogSettings.defaults(), () -> 0, 0)) {
      List<byte[]> batches = new ArrayList<>();
      log.replay(0, (batch, size) -> batches.add(java.util.Arrays.copyOf(batch, size)));
      assertThat(batches).containsExactly(fixture());
      assertThat(log.endOffset()).isEqualTo(1);
    }
  }

  @Test
  void theExampleInTheDocsIsTheFixture() throws IOException {
    Path page = Path.of(System.getProperty("varve.root", "..")).resolve("docs/format/segment.md");
    String text = Files.readString(page);
    String hex = text.substring(text.indexOf("## Example"));
    hex = hex.substring(hex.indexOf("```") + 3);
    hex = hex.substring(0, hex.indexOf("```")).replaceAll("\\s", "");
    assertThat(HexFormat.of().parseHex(hex)).isEqualTo(fixture());
  }
}
