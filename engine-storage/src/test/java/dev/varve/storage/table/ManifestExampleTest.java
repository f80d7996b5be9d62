// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.table.CatalogChange.Operation;
import dev.varve.test.FaultyDisk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The bytes as the format page shows them, and those of older versions: old files stay readable.
class ManifestExampleTest {
  private final Path data = new FaultyDisk().root().resolve("data");

  @Test
  void theExampleOfTheFormatPageIsWhatIsWritten() throws IOException {
    try (LocalCatalog catalog = LocalCatalog.open(data)) {
      catalog.commit(CatalogChange.of(new Operation.CreateDatabase("default")));
    }
    assertThat(hex(Files.readAllBytes(data.resolve("manifest-000000000001")))).isEqualTo(example());
  }

  @Test
  void theExampleCanBeRead() throws IOException {
    Files.createDirectories(data);
    byte[] bytes = HexFormat.of().parseHex(example().replaceAll("\\s", ""));
    Files.write(data.resolve("manifest-000000000001"), bytes);
    try (LocalCatalog catalog = LocalCatalog.open(data)) {
      assertThat(catalog.state().databases()).containsExactly("default");
      assertThat(catalog.state().version()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aManifestOfAnOlderVersionIsReadAndWrittenAnew(int version) throws IOException {
    Files.createDirectories(data);
    String name = "manifest-000000000001";
    String resource = "/manifest-v" + version + "/" + name;
    try (InputStream old = getClass().getResourceAsStream(resource)) {
      byte[] bytes = old.readAllBytes();
      assertThat(bytes[8]).isEqualTo((byte) version);
      Files.write(data.resolve(name), bytes);
    }
    try (LocalCatalog catalog = LocalCatalog.open(data)) {
      assertThat(catalog.state().databases()).containsExactly("default");
      assertThat(catalog.state().version()).isEqualTo(1);
    }
    assertThat(data.resolve(name)).doesNotExist();
    assertThat(Files.readAllBytes(data.resolve("manifest-000000000002"))[8])
        .isEqualTo((byte) ManifestLayout.VERSION);
  }

  private static String example() throws IOException {
    String root = System.getProperty("varve.root", "..");
    String page = Files.readString(Path.of(root, "docs", "format", "manifest.md"));
    int from = page.indexOf("```\n", page.indexOf("## Example")) + 4;
    return page.substring(from, page.indexOf("\n```", from));
  }

  private static String hex(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < bytes.length; i++) {
      text.append(i == 0 ? "" : i % 16 == 0 ? "\n" : " ");
      text.append(HexFormat.of().toHexDigits(bytes[i]));
    }
    return text.toString();
  }
}
