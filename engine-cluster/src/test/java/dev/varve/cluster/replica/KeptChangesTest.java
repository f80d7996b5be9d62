// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.cluster.partlog.ChangeRecord;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.CatalogChange;
import dev.varve.storage.table.CatalogChange.Operation;
import dev.varve.storage.table.ChangeCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeptChangesTest {
  @TempDir private Path directory;

  private static ChangeRecord change(long version, long part) {
    CatalogChange change = CatalogChange.of(new Operation.PutDeletes(1, part, 3, 10));
    return new ChangeRecord(version, 1, 99, ChangeCodec.encode(change));
  }

  @Test
  void changesAreThereAfterARestartUntilTheyAreForgotten() {
    ChangeRecord one = change(5, 1);
    ChangeRecord rival = change(5, 2);
    ChangeRecord next = change(6, 3);
    KeptChanges kept = KeptChanges.open(directory);
    kept.keep(one);
    kept.keep(rival);
    kept.keep(next);

    KeptChanges again = KeptChanges.open(directory);
    assertThat(again.find(rival.position()).orElseThrow().change()).isEqualTo(rival.change());
    assertThat(again.names())
        .containsExactlyInAnyOrder("part-1.deleted-3", "part-2.deleted-3", "part-3.deleted-3");
    assertThat(again.forgetUpTo(5))
        .containsExactlyInAnyOrder("part-1.deleted-3", "part-2.deleted-3");
    assertThat(KeptChanges.open(directory).names()).containsExactly("part-3.deleted-3");
  }

  @Test
  void aDamagedChangeIsNamed() throws IOException {
    KeptChanges.open(directory).keep(change(5, 1));
    Path file;
    try (Stream<Path> files = Files.list(directory)) {
      file = files.findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> KeptChanges.open(directory))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining(file.getFileName().toString());
  }
}
