// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The queries that a server asks itself first are the console's, word by word: only then it finds
/// their plans made.
final class FirstQueriesTest {
  @Test
  void theConsoleAsksThem() throws IOException {
    StringBuilder sources = new StringBuilder();
    Path folder = Path.of(System.getProperty("varve.root", "..")).resolve("console/src");
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        sources.append(Files.readString(file));
      }
    }
    // Texts that are written in pieces are one text.
    String asked = sources.toString().replaceAll("['\"]\\s*\\+\\s*['\"]", "");
    assertThat(asked).contains(FirstQueries.ALL);
  }
}
