// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CaretTest {
  @Test
  void aMarkStaysInSightOfLongLines() {
    String sql = "SELECT " + "1, ".repeat(100) + "two, " + "3, ".repeat(50) + "4";
    String marked = Caret.under(sql, "line 1, column 308: no column").orElseThrow();
    String[] lines = marked.split("\n");
    assertThat(lines[0]).hasSizeLessThan(110);
    assertThat(lines[0].substring(lines[1].indexOf('^'))).startsWith("two,");
    assertThat(Caret.under(sql, "somewhere")).isEmpty();
    assertThat(Caret.under(sql, "line 7, column 1: beyond")).isEmpty();
  }
}
