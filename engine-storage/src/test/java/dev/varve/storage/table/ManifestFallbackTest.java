// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.CatalogChange.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A manifest that a crash left beside the newer one stands in for it where nothing is lost by it.
final class ManifestFallbackTest {
  @TempDir Path data;

  private Path newest;

  /// Two manifests of one state, as a crash between the rename of a rewrite and the removal of the
  /// old file leaves them.
  @BeforeEach
  void leaveTwo() throws IOException {
    try (LocalCatalog catalog = LocalCatalog.open(data)) {
      catalog.commit(CatalogChange.of(new Operation.CreateDatabase("first")));
      catalog.commit(CatalogChange.of(new Operation.CreateDatabase("second")));
    }
    ManifestFile.Loaded loaded = ManifestFile.open(data.resolve(ManifestFile.name(1)), 1);
    loaded.file().close();
    ManifestFile.create(data, 2, loaded.state()).close();
    newest = data.resolve(ManifestFile.name(2));
  }

  private void damage(int at) throws IOException {
    byte[] bytes = Files.readAllBytes(newest);
    bytes[at] ^= 1;
    Files.write(newest, bytes);
  }

  @Test
  void theOlderManifestStandsInForOneThatHoldsNoMore() throws IOException {
    for (int at : new int[] {3, 22, 25, 40, 50}) {
      damage(at);
      ManifestVerifier.Report report = ManifestVerifier.verify(data);
      assertThat(report.damage()).isPresent();
      assertThat(report.damage().get()).hasMessageContaining("the next start goes on with it");
      assertThat(report.state()).isPresent();
      damage(at);
    }
    damage(50);
    try (LocalCatalog catalog = LocalCatalog.open(data)) {
      assertThat(catalog.state().databases()).contains("first", "second");
      catalog.commit(CatalogChange.of(new Operation.CreateDatabase("third")));
    }
    assertThat(data.resolve(ManifestFile.name(2) + ".damaged")).exists();
    try (LocalCatalog catalog = LocalCatalog.open(data)) {
      assertThat(catalog.state().databases()).contains("first", "second", "third");
    }
  }

  @Test
  void nothingStandsInForAManifestThatHeldCommitsOfItsOwn() throws IOException {
    byte[] older = Files.readAllBytes(data.resolve(ManifestFile.name(1)));
    try (LocalCatalog catalog = LocalCatalog.open(data)) {
      catalog.commit(CatalogChange.of(new Operation.CreateDatabase("third")));
    }
    Files.write(data.resolve(ManifestFile.name(1)), older);
    damage(50);
    assertThat(ManifestVerifier.verify(data).damage().orElseThrow())
        .hasMessageContaining("1 sound records follow")
        .hasMessageNotContaining("goes on");
    assertThatThrownBy(() -> LocalCatalog.open(data)).isInstanceOf(VarveException.class);
    assertThat(newest).exists();
  }
}
