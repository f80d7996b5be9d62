// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.journal;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.file.FileErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongConsumer;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;

/// The journal of a data directory, `DATA/journal`: entries are durable after one sync for all that
/// wait, and become visible in the order of their numbers. Safe for threads.
///
/// An entry is needed until its rows are in parts; the catalog says of each table up to which
/// number they are. One thread of its own writes, as an interrupt of a caller would close the file
/// for everyone. When a sync fails nobody can know what the disk holds: then the journal refuses
/// everything until a restart reads the disk.
public final class Journal implements AutoCloseable {
  private static final String PREFIX = "journal-";
  private static final long FILE_BYTES = 16L << 20;
  private static final long FRAME_BYTES = 32L << 20;

  /// @param shown makes the rows visible, given the entry's number
  private record Pending(
      byte[] bytes, List<Long> tables, LongConsumer shown, CompletableFuture<Void> done) {}

  private final Path directory;
  private final List<JournalFile> files = new ArrayList<>();
  private final BlockingQueue<Pending> queue = new LinkedBlockingQueue<>();
  private final Pending stop =
      new Pending(new byte[0], List.of(), _ -> {}, new CompletableFuture<>());
  private final Thread writer;
  private JournalFile current;
  private long next;
  private Pending ahead;
  private boolean closed;
  private volatile VarveException broken;

  /// The journal of a directory that this process has locked; nothing is read or written yet.
  public Journal(Path directory) {
    this.directory = directory;
    this.writer = Thread.ofPlatform().name("varve-journal").daemon().unstarted(this::run);
  }

  /// Who is given entries.
  @FunctionalInterface
  public interface Visitor {
    /// @param path of the file, named in errors
    void entry(Path path, long number, JournalEntry entry);
  }

  /// Hands on what an earlier process left, in order. Once, before anything is committed.
  ///
  /// @throws VarveException CORRUPTED_DATA, UNSUPPORTED_FORMAT_VERSION, IO_ERROR
  public synchronized void recover(Visitor visitor) {
    Visitor counting =
        (path, number, entry) -> {
          next = Math.max(next, number + 1);
          visitor.entry(path, number, entry);
        };
    List<Path> left = files(directory);
    for (int i = 0; i < left.size(); i++) {
      Path path = left.get(i);
      String first = path.getFileName().toString().substring(PREFIX.length());
      next = Math.max(next, Long.parseLong(first));
      try {
        JournalFile file = JournalFile.recover(path, i == left.size() - 1, counting);
        if (file.last().isEmpty()) {
          Files.delete(path); // a crash came before its first entry
        } else {
          files.add(file);
        }
      } catch (IOException failed) {
        throw FileErrors.of("read", path, failed);
      }
    }
  }

  /// The files of a journal, the oldest first.
  static List<Path> files(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(path -> path.getFileName().toString().matches(PREFIX + "\\d{20}"))
          .sorted()
          .toList();
    } catch (IOException failed) {
      throw FileErrors.of("read", directory, failed);
    }
  }

  /// Numbers below this are not given any more: the catalog knows them.
  public synchronized void atLeast(long number) {
    next = Math.max(next, number);
  }

  /// Makes an entry durable, then visible. Returns when it is both.
  ///
  /// @param shown makes its rows visible; called with the entry's number, after all before
  /// @throws VarveException NOT_ENOUGH_SPACE, and nothing was kept; IO_ERROR, and nobody knows
  public void commit(JournalEntry entry, LongConsumer shown) {
    List<Long> tables = entry.rows().stream().map(JournalEntry.Rows::table).toList();
    Pending own = new Pending(entry.encode(), tables, shown, new CompletableFuture<>());
    synchronized (queue) {
      if (closed) {
        throw new IllegalStateException("the journal " + directory + " is closed");
      }
      if (writer.getState() == Thread.State.NEW) {
        writer.start();
      }
      queue.add(own);
    }
    try {
      own.done.join();
    } catch (CompletionException failed) {
      switch (failed.getCause()) {
        case VarveException known ->
            throw new VarveException(known.code(), known.getMessage(), known);
        case RuntimeException error -> throw error;
        case Error error -> throw error;
        default -> throw failed;
      }
    }
  }

  private void run() {
    boolean last = false;
    while (!last) {
      List<Pending> group = new ArrayList<>();
      long bytes = 0;
      try {
        group.add(ahead == null ? queue.take() : ahead);
      } catch (InterruptedException nobodyDoes) {
        throw new IllegalStateException("the journal's thread was interrupted", nobodyDoes);
      }
      ahead = null;
      for (Pending more = queue.poll(); more != null; more = queue.poll()) {
        bytes += more.bytes.length;
        if (bytes > FRAME_BYTES) {
          ahead = more;
          break;
        }
        group.add(more);
      }
      last = group.remove(stop);
      if (!group.isEmpty()) {
        commit(group);
      }
    }
  }

  private void commit(List<Pending> group) {
    long number;
    try {
      number = append(group);
    } catch (RuntimeException | Error failed) {
      group.forEach(pending -> pending.done.completeExceptionally(failed));
      return;
    }
    for (Pending pending : group) {
      try {
        pending.shown.accept(number++);
        pending.done.complete(null);
      } catch (RuntimeException | Error failed) {
        pending.done.completeExceptionally(failed);
      }
    }
  }

  private synchronized long append(List<Pending> group) {
    if (broken != null) {
      throw broken;
    }
    long first = next;
    try {
      JournalFile file = current();
      ByteBuffer frame = JournalLayout.frame(first, group.stream().map(Pending::bytes).toList());
      file.append(frame);
      for (Pending pending : group) {
        for (long table : pending.tables) {
          file.note(table, next);
        }
        next++;
      }
      return first;
    } catch (JournalFile.Unknown failed) {
      broken =
          new VarveException(
              ErrorCode.IO_ERROR,
              current.path()
                  + " could not be synced ("
                  + failed.getMessage()
                  + "); what the disk holds is not known, restart the server to read it again",
              failed);
      throw broken;
    } catch (IOException failed) {
      throw FileErrors.of("write", directory, failed);
    }
  }

  private JournalFile current() throws IOException {
    if (current == null || current.bytes() >= FILE_BYTES) {
      if (!Files.isDirectory(directory)) {
        Files.createDirectories(directory);
        JournalFile.syncDirectory(directory.toAbsolutePath().getParent());
      }
      JournalFile fresh = JournalFile.create(directory, next);
      if (current != null) {
        current.close();
      }
      files.add(fresh);
      current = fresh;
    }
    return current;
  }

  /// Deletes files of which nothing is needed any more.
  ///
  /// @param durable for a table, the number below which its rows are in parts
  public synchronized void trim(LongUnaryOperator durable) {
    trim(durable, false);
  }

  private void trim(LongUnaryOperator durable, boolean all) {
    List<JournalFile> done = new ArrayList<>();
    for (JournalFile file : files) {
      if ((all || file != current) && isDone(file, durable)) {
        done.add(file);
      }
    }
    for (JournalFile file : done) {
      try {
        file.close();
        Files.deleteIfExists(file.path());
        files.remove(file);
      } catch (IOException failed) {
        throw FileErrors.of("delete", file.path(), failed);
      }
    }
  }

  private static boolean isDone(JournalFile file, LongUnaryOperator durable) {
    for (Map.Entry<Long, Long> table : file.last().entrySet()) {
      if (table.getValue() >= durable.applyAsLong(table.getKey())) {
        return false;
      }
    }
    return true;
  }

  /// Ends the writing; files of which nothing is needed go.
  ///
  /// @param durable as for [#trim]
  public void close(LongUnaryOperator durable) {
    close();
    synchronized (this) {
      if (broken == null) {
        trim(durable, true);
      }
    }
  }

  /// Ends the writing. What was committed stays for the next process.
  @Override
  public void close() {
    synchronized (queue) {
      if (closed) {
        return;
      }
      closed = true;
      queue.add(stop);
    }
    boolean interrupted = false;
    while (writer.isAlive()) {
      try {
        writer.join();
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      if (current != null) {
        try {
          current.close();
        } catch (IOException failed) {
          throw FileErrors.of("close", current.path(), failed);
        }
      }
    }
  }
}
