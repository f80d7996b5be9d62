// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.FormatSettings;
import dev.varve.storage.format.RowBuilders;
import dev.varve.storage.format.RowsFormats;
import dev.varve.storage.format.RowsReader;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executor;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Rows come in the order of the stream, whoever read them.
final class PiecewiseRowsTest {
  private static final List<ColumnDefinition> COLUMNS =
      List.of(ColumnDefinition.of("id", DataTypes.INT64));
  private static final int ROWS = 700_000;

  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void nothingIsLeftInMemory() {
    allocator.close();
  }

  private PiecewiseRows open(String text, Executor workers) {
    return open("TSV", text, workers);
  }

  private PiecewiseRows open(String format, String text, Executor workers) {
    InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    return new PiecewiseRows(
        RowsFormats.pieces(format, in, COLUMNS, FormatSettings.DEFAULT).orElseThrow(),
        COLUMNS,
        allocator,
        workers,
        2);
  }

  private static String numbers(int wrong) {
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < ROWS; row++) {
      text.append(row == wrong ? "x" : row).append('\n');
    }
    return text.toString();
  }

  private static void expectAll(PiecewiseRows rows) throws IOException {
    long expected = 0;
    for (RowBuilders some = rows.next(); some != null; some = rows.next()) {
      Vector ids = some.build().column(0);
      for (int i = 0; i < ids.rows(); i++) {
        assertThat(ids.getLong(i)).isEqualTo(expected++);
      }
    }
    assertThat(expected).isEqualTo(ROWS);
  }

  @Test
  void workersReadPiecesAndTheirRowsComeInOrder() throws IOException {
    try (WorkerPool pool = new WorkerPool(2);
        PiecewiseRows rows = open(numbers(-1), pool)) {
      expectAll(rows);
    }
  }

  @Test
  void whereNoWorkerIsFreeTheCallerReads() throws IOException {
    try (PiecewiseRows rows = open(numbers(-1), _ -> {})) {
      expectAll(rows);
    }
  }

  @Test
  void aWrongRowIsNumberedInTheStream() {
    for (int wrong : new int[] {0, 30_000, 200_000, 333_333, ROWS - 1}) {
      try (WorkerPool pool = new WorkerPool(2);
          PiecewiseRows rows = open(numbers(wrong), pool)) {
        assertThatThrownBy(() -> expectAll(rows))
            .isInstanceOf(VarveException.class)
            .hasMessageContaining("row " + (wrong + 1) + ": column \"id\"");
      }
    }
  }

  @Test
  void theMessageIsThatOfOneReader() throws IOException {
    for (int wrong : new int[] {10, 100_000, 300_001}) {
      StringBuilder text = new StringBuilder();
      for (int row = 0; row < 320_000; row++) {
        text.append(row == wrong ? "{\"id\":{\n" : "{\"id\":" + row + "}\n");
      }
      String one = messageOfOneReader(text.toString());
      try (WorkerPool pool = new WorkerPool(2);
          PiecewiseRows rows = open("JSONEachRow", text.toString(), pool)) {
        assertThatThrownBy(() -> expectAll(rows)).hasMessage(one);
      }
    }
  }

  private String messageOfOneReader(String text) throws IOException {
    InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    try (Scratch scratch = new Scratch(allocator);
        RowsReader reader = RowsFormats.reader("JSONEachRow", in, COLUMNS)) {
      while (reader.read(new RowBuilders(COLUMNS, scratch), 8192) > 0) {
        scratch.reset();
      }
      throw new AssertionError("every row was read");
    } catch (VarveException wrongRow) {
      return wrongRow.getMessage();
    }
  }

  @Test
  void whatIsGivenUpHalfWayLeavesNothing() throws IOException {
    try (WorkerPool pool = new WorkerPool(2);
        PiecewiseRows rows = open(numbers(-1), pool)) {
      assertThat(rows.next()).isNotNull();
    }
  }

  @Test
  void aStreamThatBreaksOffIsTold() {
    InputStream broken =
        new InputStream() {
          private int left = 3_000_000;

          @Override
          public int read() throws IOException {
            if (left == 0) {
              throw new IOException("gone");
            }
            return left-- % 2 == 0 ? '1' : '\n';
          }
        };
    try (WorkerPool pool = new WorkerPool(2);
        PiecewiseRows rows =
            new PiecewiseRows(
                RowsFormats.pieces("TSV", broken, COLUMNS, FormatSettings.DEFAULT).orElseThrow(),
                COLUMNS,
                allocator,
                pool,
                2)) {
      assertThatThrownBy(
              () -> {
                while (rows.next() != null) {}
              })
          .isInstanceOf(IOException.class)
          .hasMessage("gone");
    }
  }
}
