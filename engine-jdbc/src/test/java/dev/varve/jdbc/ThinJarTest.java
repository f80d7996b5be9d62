// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What makes the driver easy to take along: small, alone, and content with Java 17.
final class ThinJarTest {
  private static final int JAVA_17 = 61;
  private static final long MOST_BYTES = 1_000_000;

  private static List<Path> classes() throws IOException, URISyntaxException {
    Path root =
        Path.of(VarveDriver.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(".class")).toList();
    }
  }

  @Test
  void everyClassRunsOnJava17() throws IOException, URISyntaxException {
    assertThat(classes()).hasSizeGreaterThan(50);
    for (Path file : classes()) {
      try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
        assertThat(in.readInt()).isEqualTo(0xCAFEBABE);
        in.readUnsignedShort();
        assertThat(in.readUnsignedShort()).as(file.toString()).isLessThanOrEqualTo(JAVA_17);
      }
    }
  }

  @Test
  void allClassesTogetherAreBelowAMegabyteEvenUncompressed() throws Exception {
    long bytes = 0;
    for (Path file : classes()) {
      bytes += Files.size(file);
    }
    assertThat(bytes).isLessThan(MOST_BYTES);
  }
}
