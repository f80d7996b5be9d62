// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.error;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.test.GeneratedPage;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The page of errors says what the codes say. `-Dvarve.docs=write` writes it anew.
final class ErrorsPageTest {
  private final List<ErrorCode> codes =
      Arrays.stream(ErrorCode.values()).sorted(Comparator.comparing(ErrorCode::number)).toList();

  @Test
  void thePageListsEveryCode() throws IOException {
    StringBuilder page =
        new StringBuilder(
            """
            # Errors

            Written from the codes; a test holds the two together. A code never changes its meaning. The message of an error says
            the place and the way out; this page says it in general. Over HTTP an error is `Code: N. DB::Exception: …. (NAME)` with
            the code in `X-ClickHouse-Exception-Code`; over JDBC an `SQLException` with code and SQLState.

            | Code | Name | SQLState | What it means, what to do |
            |---|---|---|---|
            """);
    for (ErrorCode code : codes) {
      page.append("| ").append(code.number());
      page.append(" | ").append(code);
      page.append(" | ").append(code.sqlState());
      page.append(" | ").append(GeneratedPage.cell(code.remedy())).append(" |\n");
    }
    GeneratedPage.holds("docs/errors.md", page.toString());
  }

  @Test
  void aNumberMeansOneError() {
    assertThat(codes).extracting(ErrorCode::number).doesNotHaveDuplicates();
    assertThat(codes).extracting(ErrorCode::sqlState).allMatch(s -> s.matches("[0-9A-Z]{5}"));
  }
}
