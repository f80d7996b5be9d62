// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.CatalogChange;
import dev.varve.storage.table.CatalogChange.Operation;
import dev.varve.storage.table.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Changes of another server, as this one shows them.
class FollowingTest {
  private static final MergeSettings SETTINGS =
      new MergeSettings(0, 1L << 40, 4, 1 << 20, 1 << 20, 1L << 40, 300, 3000);

  @TempDir private Path directory;
  private BufferAllocator allocator;
  private MergeEngine engine;

  @BeforeEach
  void open() {
    allocator = new RootAllocator();
    engine = MergeEngine.open(directory, SETTINGS, allocator);
  }

  @AfterEach
  void close() {
    engine.close();
    allocator.close();
  }

  private MergeTable table(String name) {
    return engine.table(new TableName("default", name)).orElseThrow();
  }

  private void create(String name, String row) {
    engine.create(TableRows.table(name, "k Int64, v Int64", "MergeTree", "k", ""));
    TableRows.insert(table(name), allocator, row);
  }

  private Operation rename(String from, String to) {
    MergeTable table = table(from);
    return new Operation.PutTable(
        table.id(), table.definition().change().name(new TableName("default", to)).done());
  }

  private List<String> rows(String name) {
    return TableRows.rows(table(name), allocator);
  }

  @Test
  void tablesThatTakeEachOthersNamesLetGoOfTheirParts() throws IOException {
    create("a", "1 10");
    create("b", "2 20");
    create("c", "3 30");
    engine
        .following()
        .follow(CatalogChange.of(rename("a", "b"), rename("b", "c"), rename("c", "a")));
    assertThat(rows("a")).containsExactly("3 30");
    assertThat(rows("b")).containsExactly("1 10");
    assertThat(rows("c")).containsExactly("2 20");
    engine
        .following()
        .follow(
            CatalogChange.of(
                new Operation.DropTable(table("a").id()),
                new Operation.DropTable(table("b").id()),
                new Operation.DropTable(table("c").id())));
    try (Stream<Path> files = Files.list(directory.resolve("parts"))) {
      assertThat(files.filter(Files::isDirectory)).isEmpty();
    }
  }

  /// The catalog is closed last, and waits for whoever brings changes: they must not want the lock.
  @Test
  void aClosedEngineTakesNoChange() {
    create("a", "1 10");
    CatalogChange change = CatalogChange.of(rename("a", "b"));
    engine.close();
    assertThatThrownBy(() -> engine.following().follow(change))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining("closed");
  }
}
