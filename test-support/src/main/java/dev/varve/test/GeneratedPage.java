// SPDX-License-Identifier: Apache-2.0
package dev.varve.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A page of docs/ that is written from the code. A test makes the text and holds the page to it;
/// `-Dvarve.docs=write` writes the page anew.
public final class GeneratedPage {
  private GeneratedPage() {}

  /// Fails where the page says something else than the code.
  ///
  /// @param page its path from the root of the repository
  public static void holds(String page, String expected) throws IOException {
    Path file = Path.of(System.getProperty("varve.root", "..")).resolve(page);
    if (System.getProperty("varve.docs", "").equals("write")) {
      Files.writeString(file, expected);
    }
    assertThat(Files.readString(file))
        .as("%s; -Dvarve.docs=write writes it from the code", page)
        .isEqualTo(expected);
  }

  /// A text as it stands in a cell of a table.
  public static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
