// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.systemtables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.sql.catalog.Relation;
import dev.varve.sql.function.FunctionRegistry;
import dev.varve.storage.type.DataTypes;
import dev.varve.test.GeneratedPage;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The page of types, formats and table engines says what the system tables say.
/// `-Dvarve.docs=write` writes it anew.
final class TypesPageTest {
  private final List<Relation.Rows> tables = ConstantTables.all(FunctionRegistry.standard());

  private List<List<Object>> rows(String table) {
    Relation.Rows found =
        tables.stream().filter(t -> t.name().equals(table)).findFirst().orElseThrow();
    return found.rows().get();
  }

  @Test
  void thePageListsTypesFormatsAndEngines() throws IOException {
    StringBuilder page =
        new StringBuilder(
            """
            # Types, formats, engines

            Written from what answers `system.data_type_families`, `system.formats` and `system.table_engines`; a test holds them
            together. [JDBC](jdbc.md#types) says what a type is in Java, [HTTP](http.md#formats) what formats can be set.

            ## Types

            | Type | Values | Also spelled, in any case |
            |---|---|---|
            """);
    for (List<Object> type : rows("data_type_families")) {
      if (type.get(2).equals("")) {
        page.append("| `%s` | %s | %s |\n".formatted(type.get(0), type.get(3), aliases(type)));
      }
    }
    page.append("\n## Formats\n\n| Format | In | Out |\n|---|---|---|\n");
    for (List<Object> format : rows("formats")) {
      page.append(
          "| `%s` | %s | %s |\n".formatted(format.get(0), yes(format.get(1)), yes(format.get(2))));
    }
    page.append("\n## Table engines\n\n| Engine | What it does |\n|---|---|\n");
    for (List<Object> engine : rows("table_engines")) {
      page.append("| `%s` | %s |\n".formatted(engine.get(0), engine.get(1)));
    }
    GeneratedPage.holds("docs/types.md", page.toString());
  }

  @Test
  void aTypeWithoutParametersIsOne() {
    assertThat(rows("data_type_families"))
        .filteredOn(type -> type.get(2).equals("") && !((String) type.get(3)).contains("("))
        .allSatisfy(type -> {
          String name = (String) type.getFirst();
          assertThat(DataTypes.parse(name).name()).isEqualTo(name);
        });
  }

  private String aliases(List<Object> type) {
    return rows("data_type_families").stream()
        .filter(alias -> alias.get(2).equals(type.getFirst()))
        .map(alias -> "`" + alias.getFirst() + "`")
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static String yes(Object flag) {
    return flag.equals(1L) ? "yes" : "";
  }
}
