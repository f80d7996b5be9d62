// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a user reads after a typical mistake, for each statement of `errors/mistakes.sql`. The
/// messages are kept in `errors/mistakes.golden`; with `-Dvarve.golden=FILE` they are written to
/// that file instead, to be looked at and put there.
final class ErrorMessagesTest {
  private static final int AT_LEAST = 150;
  private static final String FIRST = "FIRST ";

  @TempDir Path directory;

  @Test
  void mistakesAreExplained() throws IOException {
    List<String> statements = statements(text("/errors/mistakes.sql"));
    List<String> found = new ArrayList<>();
    try (EngineFixture engine = new EngineFixture(directory);
        Session session = engine.session()) {
      for (String statement : statements) {
        if (statement.startsWith(FIRST)) {
          EngineFixture.lines(session, statement.substring(FIRST.length()));
        } else {
          found.add(statement + "\n  " + answer(session, statement).replace("\n", "\n  ") + "\n");
        }
      }
    }
    assertThat(found).hasSizeGreaterThanOrEqualTo(AT_LEAST);
    String all = String.join("\n", found);
    String target = System.getProperty("varve.golden", "");
    if (target.isEmpty()) {
      assertThat(all).isEqualTo(text("/errors/mistakes.golden"));
    } else {
      Files.writeString(Path.of(target), all);
    }
  }

  private static String answer(Session session, String statement) {
    try {
      List<String> rows = EngineFixture.lines(session, statement);
      return "no error: " + String.join(" / ", rows);
    } catch (VarveException e) {
      return e.code() + " " + e.code().sqlState() + ": " + e.getMessage();
    }
  }

  private static List<String> statements(String text) {
    List<String> statements = new ArrayList<>();
    for (String line : text.split("\n")) {
      if (!line.isBlank() && !line.startsWith("--")) {
        statements.add(line.replaceAll(";$", ""));
      }
    }
    return statements;
  }

  private static String text(String resource) throws IOException {
    try (InputStream in = ErrorMessagesTest.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
