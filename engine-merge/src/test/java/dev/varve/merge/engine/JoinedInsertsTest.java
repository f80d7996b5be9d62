// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.test.FaultyDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Small INSERTs that come while another is committed. A view stands still in the middle of the
/// first commit until the others wait, and refuses the value 99.
class JoinedInsertsTest {
  private static final MergeSettings QUIET = MergeSettings.defaults().withMergeThreads(0);

  private final BufferAllocator allocator = new RootAllocator();
  private final FaultyDisk disk = new FaultyDisk();
  private final CountDownLatch first = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private MergeEngine engine;

  @BeforeEach
  void open() {
    Path data = disk.root().resolve("data");
    engine = MergeEngine.open(data, QUIET, allocator);
    engine.plug(new Waiting());
  }

  @AfterEach
  void close() {
    threads.close();
    engine.close();
    allocator.close();
  }

  private final class Waiting implements ViewCompiler {
    @Override
    public TableName source(TableDefinition view) {
      return new TableName("default", view.query());
    }

    @Override
    public void transform(Block block, MergeTable target, Consumer<Batch> sink) {
      first.countDown();
      try {
        go.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      for (Batch rows : block.rows()) {
        for (int row = 0; row < rows.rows(); row++) {
          if (rows.column(1).values().get(Vector.I64, row * 8L) == 99) {
            throw new VarveException(ErrorCode.BAD_ARGUMENTS, "99 is too much");
          }
        }
        sink.accept(new Batch(rows.rows(), rows.columns().subList(0, 2)));
      }
    }
  }

  private MergeTable create(String partitionBy) {
    engine.create(TableRows.table("a", "k Int64, v Int64", "MergeTree", "k", partitionBy));
    engine.create(TableRows.table("b", "k Int64, v Int64", "MergeTree", "k", ""));
    TableDefinition view =
        TableRows.table("ab", "k Int64, v Int64", "MaterializedView", "", "")
            .change()
            .query("a")
            .settings(Map.of())
            .target(Optional.of(new TableName("default", "b")))
            .done();
    engine.createMaterializedView(view, Optional.empty(), () -> {});
    return table("a");
  }

  private MergeTable table(String name) {
    return engine.table(new TableName("default", name)).orElseThrow();
  }

  private void insert(MergeTable table, String row, CommitNotes notes) {
    try (Scratch scratch = new Scratch(allocator);
        TableInsert insert = table.insert()) {
      insert.write(TableRows.batch(table, scratch, row));
      assertThat(insert.commit(notes)).isEqualTo(1);
    }
  }

  /// Inserts rows at the same time: the first stands still until all others wait for it.
  private List<Future<?>> together(MergeTable table, String... rows) throws InterruptedException {
    List<Future<?>> inserts = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      String row = rows[i];
      CommitNotes notes = new CommitNotes(List.of("token " + row), Map.of("mark", (long) i));
      inserts.add(threads.submit(() -> insert(table, row, notes)));
      if (i == 0) {
        first.await();
      }
    }
    while (table.joined().waiting() < rows.length - 1) {
      Thread.onSpinWait();
    }
    go.countDown();
    return inserts;
  }

  @Test
  void whatComesDuringACommitSharesTheNextOne() throws Exception {
    MergeTable table = create("");
    for (Future<?> insert : together(table, "1 10", "2 20", "3 30", "4 40")) {
      insert.get();
    }
    assertThat(TableRows.rows(table, allocator)).containsExactly("1 10", "2 20", "3 30", "4 40");
    assertThat(TableRows.rows(table("b"), allocator)).hasSize(4);
    assertThat(table.parts())
        .extracting(part -> part.info().rows())
        .containsExactlyInAnyOrder(1L, 3L);
    assertThat(table.marks()).containsEntry("mark", 3L);
  }

  @Test
  void rowsOfSeveralPartitionsGoWhereTheyBelong() throws Exception {
    MergeTable table = create("v");
    for (Future<?> insert : together(table, "1 1", "2 2", "3 1", "4 2", "5 3")) {
      insert.get();
    }
    assertThat(TableRows.rows(table, allocator)).containsExactly("1 1", "2 2", "3 1", "4 2", "5 3");
    assertThat(table.parts())
        .extracting(part -> part.info().partition() + " " + part.info().rows())
        .containsExactlyInAnyOrder("1 1", "2 2", "1 1", "3 1");
  }

  @Test
  void anInsertThatIsRefusedTakesNoOtherWithIt() throws Exception {
    MergeTable table = create("");
    List<Future<?>> inserts = together(table, "1 10", "2 20", "3 99", "4 40");
    inserts.get(0).get();
    inserts.get(1).get();
    inserts.get(3).get();
    assertThatThrownBy(inserts.get(2)::get)
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("99 is too much");
    assertThat(TableRows.rows(table, allocator)).containsExactly("1 10", "2 20", "4 40");
    try (InsertClaim known = table.claim("token 4 40", () -> {});
        InsertClaim unknown = table.claim("token 3 99", () -> {})) {
      assertThat(known.isKnown()).isTrue();
      assertThat(unknown.isKnown()).isFalse();
    }
  }

  @Test
  void tokensAndMarksOutliveARestartAndNoMoreThanTheWindow() {
    go.countDown();
    MergeTable table = create("");
    for (int i = 0; i < 1_003; i += 17) {
      List<String> tokens = IntStream.range(i, i + 17).mapToObj(n -> "t" + n).toList();
      insert(table, i + " 1", new CommitNotes(tokens, Map.of("at", i + 16L)));
    }
    engine.close();
    open();
    MergeTable again = table("a");
    assertThat(again.marks()).containsExactly(Map.entry("at", 1_002L));
    for (String[] expected : new String[][] {{"t2", "false"}, {"t3", "true"}, {"t1002", "true"}}) {
      try (InsertClaim claim = again.claim(expected[0], () -> {})) {
        assertThat(claim.isKnown()).as(expected[0]).isEqualTo(expected[1].equals("true"));
      }
    }
    again.truncate();
    try (InsertClaim claim = again.claim("t1002", () -> {})) {
      assertThat(claim.isKnown()).isFalse();
    }
  }
}
