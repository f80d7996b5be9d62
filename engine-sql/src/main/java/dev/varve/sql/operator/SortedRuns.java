// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.expression.Batches;
import dev.varve.sql.spill.SpillFile;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/// Sorted runs on disk of an ORDER BY that does not fit into memory. Workers write theirs side by
/// side; then one thread merges them, in several rounds where there are more than memory has room
/// for pages of. Equal keys come in the order of workers and of time.
final class SortedRuns {
  private static final int MOST_AT_ONCE = 128;
  // A page as stored, plain, its keys, and the rows taken from it.
  private static final long BYTES_PER_RUN = 1 << 20;

  private final List<DataType> types;
  private final KeyEncoder encoder;
  private final Function<Batch, List<Vector>> keys;
  private final QueryContext context;
  private final List<Run> runs = new ArrayList<>();

  private record Run(int worker, int number, SpillFile file) {}

  SortedRuns(
      List<DataType> types,
      KeyEncoder encoder,
      Function<Batch, List<Vector>> keys,
      QueryContext context) {
    this.types = types;
    this.encoder = encoder;
    this.keys = keys;
    this.context = context;
  }

  boolean isEmpty() {
    synchronized (runs) {
      return runs.isEmpty();
    }
  }

  /// Writes the rows `order[0]` to `order[count - 1]` as one run.
  void write(int worker, Batch all, int[] order, int count) {
    SpillFile file = newFile();
    try (Scratch scratch = context.newScratch()) {
      for (int at = 0; at < count; at += Batch.MAX_ROWS) {
        context.check();
        scratch.reset();
        int rows = Math.min(Batch.MAX_ROWS, count - at);
        int[] selection = Arrays.copyOfRange(order, at, at + rows);
        file.append(Batches.gather(all, selection, rows, scratch), scratch);
      }
    }
    context.memory().addSpilled(file.fileBytes());
    synchronized (runs) {
      runs.add(new Run(worker, runs.size(), file));
    }
  }

  private SpillFile newFile() {
    SpillFile file = context.memory().newFile(types);
    context.register(file);
    return file;
  }

  /// All rows in order. No run may be written any more.
  BatchSource merged() {
    runs.sort(Comparator.comparingInt(Run::worker).thenComparingInt(Run::number));
    List<SpillFile> files = new ArrayList<>(runs.stream().map(Run::file).toList());
    long room = context.memory().limit() / 8 / BYTES_PER_RUN;
    int most = (int) Math.clamp(room, 4, MOST_AT_ONCE);
    while (files.size() > most) {
      List<SpillFile> wider = new ArrayList<>();
      for (int from = 0; from < files.size(); from += most) {
        wider.add(combined(files.subList(from, Math.min(files.size(), from + most))));
      }
      files = wider;
    }
    return merge(files);
  }

  private SpillFile combined(List<SpillFile> files) {
    if (files.size() == 1) {
      return files.getFirst();
    }
    SpillFile wider = newFile();
    try (BatchSource rows = merge(files);
        Scratch scratch = context.newScratch()) {
      for (Batch batch = rows.next(); batch != null; batch = rows.next()) {
        scratch.reset();
        wider.append(batch, scratch);
      }
    }
    context.memory().addSpilled(wider.fileBytes());
    return wider;
  }

  private RunMerge merge(List<SpillFile> files) {
    return new RunMerge(List.copyOf(files), encoder, keys, context);
  }
}
