// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.execute;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.RowBuilders;
import dev.varve.storage.format.RowPieces;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.arrow.memory.BufferAllocator;

/// Rows of a stream in the order they stand there, read piece by piece on several threads. One
/// thread calls; it reads pieces itself that no worker has begun, so that busy workers cost time
/// and nothing else.
///
/// What is wrong with a row is found when the caller comes to it: the piece is read once more, by a
/// reader that knows how many rows stand before.
public final class PiecewiseRows implements AutoCloseable {
  /// What a worker reads of a piece; the caller reads the rest, as rows of two bytes would take too
  /// much memory beforehand.
  private static final int MOST_BATCHES = 8;

  private final RowPieces pieces;
  private final List<ColumnDefinition> columns;
  private final BufferAllocator allocator;
  private final Executor workers;
  private final int piecesAhead;
  private final Deque<Parse> ahead = new ArrayDeque<>();
  private final Deque<Scratch> idle = new ArrayDeque<>();
  private Parse current;
  private RowPieces.Reader rest;
  private Scratch restMemory;
  private boolean explains;
  private boolean ended;
  private long rows;
  private long rowsBefore;

  /// @param threads how many pieces may be read at once, the caller's included
  public PiecewiseRows(
      RowPieces pieces,
      List<ColumnDefinition> columns,
      BufferAllocator allocator,
      Executor workers,
      int threads) {
    this.pieces = pieces;
    this.columns = columns;
    this.allocator = allocator;
    this.workers = workers;
    this.piecesAhead = threads + 1;
  }

  /// The next rows, at most as many as a batch has, or null at the end. They live until the next
  /// call.
  ///
  /// @throws VarveException what is wrong with a row
  public RowBuilders next() throws IOException {
    while (true) {
      if (current == null && !open()) {
        return null;
      }
      RowBuilders found = rest == null ? current.batches.pollFirst() : read();
      if (found != null) {
        rows += found.rows();
        return found;
      }
      if (rest != null || current.ended) {
        endPiece();
      } else if (current.failed) {
        restMemory = memory();
        explain();
      } else {
        // What the worker left.
        rest = current.reader;
        restMemory = memory();
      }
    }
  }

  /// Reads the piece once more, by a reader whose messages count, from the first row on that was
  /// not given yet.
  private void explain() throws IOException {
    long given = rows - rowsBefore;
    rest = pieces.reader(current.piece, true);
    rest.startBehind(rowsBefore);
    explains = true;
    while (given > 0) {
      restMemory.reset();
      int most = (int) Math.min(given, Batch.MAX_ROWS);
      int again = rest.read(new RowBuilders(columns, restMemory), most);
      if (again == 0) {
        throw new IllegalStateException("a piece of rows has fewer when it is read again");
      }
      given -= again;
    }
  }

  private boolean open() throws IOException {
    while (!ended && ahead.size() < piecesAhead) {
      RowPieces.Piece piece = pieces.next();
      if (piece == null) {
        ended = true;
        break;
      }
      ended = piece.last();
      Parse parse = new Parse(piece, memory());
      ahead.addLast(parse);
      // A single piece is not worth a hand-over.
      if (!piece.last() || ahead.size() > 1) {
        workers.execute(parse);
      }
    }
    current = ahead.pollFirst();
    if (current == null) {
      return false;
    }
    current.run();
    current.await();
    return true;
  }

  private RowBuilders read() throws IOException {
    restMemory.reset();
    RowBuilders builders = new RowBuilders(columns, restMemory);
    try {
      return rest.read(builders, Batch.MAX_ROWS) == 0 ? null : builders;
    } catch (VarveException wrongRow) {
      if (explains) {
        throw wrongRow;
      }
      explain();
      return read();
    }
  }

  private void endPiece() {
    pieces.giveBack(current.piece);
    giveBack(current.memory);
    if (restMemory != null) {
      giveBack(restMemory);
    }
    current = null;
    rest = null;
    restMemory = null;
    explains = false;
    rowsBefore = rows;
  }

  private Scratch memory() {
    Scratch free = idle.pollFirst();
    return free == null ? new Scratch(allocator) : free;
  }

  private void giveBack(Scratch memory) {
    memory.reset();
    idle.addFirst(memory);
  }

  /// Waits for workers that read a piece still.
  @Override
  public void close() {
    for (Parse parse : ahead) {
      parse.giveUp();
      parse.memory.close();
    }
    ahead.clear();
    if (current != null) {
      current.memory.close();
      current = null;
    }
    if (restMemory != null) {
      restMemory.close();
      restMemory = null;
    }
    idle.forEach(Scratch::close);
    idle.clear();
  }

  /// The reading of one piece, by whoever comes first.
  private final class Parse implements Runnable {
    private final RowPieces.Piece piece;
    private final Scratch memory;
    private final AtomicBoolean taken = new AtomicBoolean();
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final Deque<RowBuilders> batches = new ArrayDeque<>();
    private RowPieces.Reader reader;
    private boolean ended;
    private boolean failed;

    Parse(RowPieces.Piece piece, Scratch memory) {
      this.piece = piece;
      this.memory = memory;
    }

    @Override
    public void run() {
      if (!taken.compareAndSet(false, true)) {
        return;
      }
      try {
        read();
        over.complete(null);
      } catch (IOException | RuntimeException | Error failure) {
        over.completeExceptionally(failure);
      }
    }

    private void read() throws IOException {
      List<RowBuilders> made = new ArrayList<>(MOST_BATCHES);
      try {
        reader = pieces.reader(piece, false);
        while (!ended && made.size() < MOST_BATCHES) {
          RowBuilders builders = new RowBuilders(columns, memory);
          if (reader.read(builders, Batch.MAX_ROWS) == 0) {
            ended = true;
          } else {
            made.add(builders);
          }
        }
        batches.addAll(made);
      } catch (VarveException wrongRow) {
        // The caller reads the piece again and comes upon the same, with the row's number.
        failed = true;
      }
    }

    void await() throws IOException {
      try {
        over.join();
      } catch (CompletionException failure) {
        switch (failure.getCause()) {
          case IOException error -> throw error;
          case RuntimeException error -> throw error;
          case Error error -> throw error;
          default -> throw failure;
        }
      }
    }

    /// After this nobody reads the piece.
    void giveUp() {
      if (!taken.compareAndSet(false, true)) {
        over.exceptionally(_ -> null).join();
      }
    }
  }
}
