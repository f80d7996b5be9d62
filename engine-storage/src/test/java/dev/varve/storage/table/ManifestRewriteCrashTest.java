// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.table.CatalogChange.Operation;
import dev.varve.test.FaultyDisk;
import dev.varve.test.FaultyDisk.Fault;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// A manifest that is written anew again and again, broken off at each of its operations on files:
/// every acknowledged change is there, and the one under way wholly or not at all.
class ManifestRewriteCrashTest {
  private static final int CHANGES = 30;

  /// Each change replaces the database of the one before, so that the state stays small.
  private static CatalogChange change(int number) {
    return CatalogChange.of(
        new Operation.DropDatabase("db" + (number - 1)),
        new Operation.CreateDatabase("db" + number));
  }

  /// Commits until the disk fails.
  ///
  /// @return the last change that was acknowledged
  private static int run(Path data) {
    int acknowledged = -1;
    try (LocalCatalog catalog = LocalCatalog.open(data, 100)) {
      for (int number = 0; number < CHANGES; number++) {
        catalog.commit(change(number));
        acknowledged = number;
      }
    } catch (RuntimeException diskIsGone) {
      assertThat(diskIsGone).hasMessageContaining("data");
    }
    return acknowledged;
  }

  @Test
  void noCrashLosesAnAcknowledgedChange() {
    FaultyDisk sound = new FaultyDisk();
    assertThat(run(sound.root().resolve("data"))).isEqualTo(CHANGES - 1);
    assertThat(sound.root().resolve("data/manifest-000000000001")).doesNotExist();
    for (long at = 0; at < sound.operations(); at++) {
      for (boolean powerCut : new boolean[] {true, false}) {
        crashAt(at, powerCut);
      }
    }
  }

  private static void crashAt(long at, boolean powerCut) {
    FaultyDisk disk = new FaultyDisk();
    Path data = disk.root().resolve("data");
    disk.failOperation(at, Fault.GONE);
    int acknowledged = run(data);
    if (powerCut) {
      disk.powerCut(new Random(at));
    } else {
      disk.killProcess();
    }
    try (LocalCatalog catalog = LocalCatalog.open(data, 100)) {
      long version = catalog.state().version();
      assertThat(version).as("operation " + at).isBetween(acknowledged + 1L, acknowledged + 2L);
      if (version > 0) {
        assertThat(catalog.state().databases())
            .as("operation " + at)
            .containsExactly("db" + (version - 1));
      }
    }
  }
}
