// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.sql.function.FunctionRegistry.FunctionInfo;
import dev.varve.test.GeneratedPage;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The page of functions says what the registry says. `-Dvarve.docs=write` writes it anew.
final class FunctionsPageTest {
  private final List<FunctionInfo> functions = FunctionRegistry.standard().list();

  @Test
  void thePageListsEveryFunction() throws IOException {
    GeneratedPage.holds("docs/functions.md", page());
  }

  @Test
  void everyFunctionIsOfACategoryAndDocumented() {
    assertThat(functions)
        .allSatisfy(f -> {
          assertThat(f.category()).as(f.name()).isNotEmpty();
          assertThat(f.doc()).as(f.name()).isNotEmpty();
          assertThat(f.signature()).as(f.name()).contains("(").endsWith(")");
        });
  }

  private String page() {
    StringBuilder page =
        new StringBuilder(
            """
            # Functions

            Written from the registry that also answers `system.functions`; a test holds the two together. Names match as they are
            spelled, those marked with a star in any case. A NULL argument makes NULL unless a line says otherwise.
            Aggregates take the endings `-If`, `-OrNull`, `-OrDefault`, `-Array`, `-ForEach`, `-Map`, `-Distinct`, `-State`, `-Merge` and their kin.

            """);
    Map<String, List<FunctionInfo>> families =
        functions.stream()
            .filter(f -> f.aliasOf().isEmpty())
            .collect(
                Collectors.groupingBy(FunctionInfo::category, TreeMap::new, Collectors.toList()));
    families.forEach((family, members) -> {
      page.append("## ").append(family).append("\n\n| Function | Meaning |\n|---|---|\n");
      members.stream()
          .sorted(Comparator.comparing(f -> f.name().toLowerCase(Locale.ROOT)))
          .forEach(f -> page.append(line(f)));
      page.append('\n');
    });
    return page.toString();
  }

  private String line(FunctionInfo function) {
    List<String> aliases =
        functions.stream()
            .filter(f -> f.aliasOf().equals(function.name()))
            .filter(f -> f.isAggregate() == function.isAggregate())
            .map(f -> "`" + f.name() + "`")
            .toList();
    return "| `"
        + GeneratedPage.cell(function.signature())
        + "`"
        + (function.anyCase() ? "\\*" : "")
        + " | "
        + GeneratedPage.cell(function.doc())
        + (aliases.isEmpty() ? "" : " Also " + String.join(", ", aliases) + ".")
        + " |\n";
  }
}
