// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.format.FormatOption;
import dev.varve.test.GeneratedPage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The page of settings says what `system.settings` says. `-Dvarve.docs=write` writes it anew.
final class SettingsPageTest {
  private static final String HEAD = "| Setting | Type | Default | Meaning |\n|---|---|---|---|\n";

  private final List<List<Object>> settings = KnownSettings.rows(new TreeMap<>());

  @Test
  void thePageListsEverySetting() throws IOException {
    int ours = KnownSettings.OURS.size();
    int formats = ours + FormatOption.ALL.size();
    StringBuilder page =
        new StringBuilder(
            """
            # Settings

            Written from the registry that also answers `system.settings`; a test holds the two together. A setting is set for a
            session (`SET name = value`), a statement (`SELECT … SETTINGS name = value`), a request (a parameter of its URL), a
            connection (a property of the JDBC URL), or a user (`CREATE USER … SETTINGS …`). Those of tables are in [operations](operations.md#merges).

            ## Queries

            """);
    page.append(HEAD);
    settings.subList(0, ours).forEach(setting -> page.append(line(setting)));
    page.append("\n## Formats\n\n").append(HEAD);
    settings.subList(ours, formats).forEach(setting -> page.append(line(setting)));
    page.append("\n## Taken with one value\n\n");
    page.append(
        """
        Settings of ClickHouse that choose between two answers, of which there is one here. Another value is refused.

        """);
    page.append(HEAD);
    int fixed = formats + FixedSettings.NAMES.size();
    settings.subList(formats, fixed).forEach(setting -> page.append(line(setting)));
    page.append("\n## Taken and ignored\n\n");
    page.append(
        """
        Settings of ClickHouse that steer how it works, not what it answers. They may be set, so that its clients and scripts run,
        and change nothing here.

        """);
    List<String> ignored = new ArrayList<>();
    settings
        .subList(fixed, settings.size())
        .forEach(setting -> ignored.add("`" + setting.getFirst() + "`"));
    page.append(String.join(", ", ignored)).append("\n");
    GeneratedPage.holds("docs/settings.md", page.toString());
  }

  @Test
  void aSettingIsListedOnce() {
    List<Object> seen = settings.stream().map(List::getFirst).toList();
    assertThat(seen).hasSameSizeAs(new HashSet<>(seen));
  }

  private static String line(List<Object> setting) {
    String byDefault = ((String) setting.get(4)).replace("\t", "\\t").replace("\n", "\\n");
    return "| `%s` | %s | %s | %s |\n"
        .formatted(
            setting.getFirst(),
            setting.get(3),
            byDefault.isEmpty() ? "" : "`" + byDefault + "`",
            GeneratedPage.cell((String) setting.get(5)));
  }
}
