// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.order;

import dev.varve.storage.part.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.roaringbitmap.IntIterator;
import org.roaringbitmap.RoaringBitmap;

/// What became of each row of the inputs of a merge: the output row that stands for its key, and
/// whether that output row is this very row (its base) or another of the key. What was known of the
/// inputs can so be told of the output without comparing a key. Immutable, but refers to the parts.
///
/// Costs four bytes a row where inputs interleave, next to nothing where they follow each other.
public final class MergeTrace {
  /// The output row of a key that was dropped for good.
  public static final int DROPPED = -1;

  private final List<Part> inputs;
  private final List<Slice> slices;
  private final int outputRows;

  /// Rows of all inputs in one range of keys.
  ///
  /// @param firstRows for each input, its first row in the range
  /// @param chunks for each input, what became of the rows from there on
  /// @param firstOutput the first output row of the range
  private record Slice(int[] firstRows, List<List<TraceChunk>> chunks, int firstOutput) {}

  private MergeTrace(List<Part> inputs, List<Slice> slices, int outputRows) {
    this.inputs = List.copyOf(inputs);
    this.slices = List.copyOf(slices);
    this.outputRows = outputRows;
  }

  /// The parts that were merged; an input is named by its position here.
  public List<Part> inputs() {
    return inputs;
  }

  public int outputRows() {
    return outputRows;
  }

  /// The output row that stands for the key of an input's row, or [#DROPPED].
  public int outputOf(int input, int row) {
    Slice slice = sliceOf(input, row);
    int fate = fate(slice, input, row);
    int output = fate < DROPPED ? -2 - fate : fate;
    return output == DROPPED ? DROPPED : output + slice.firstOutput;
  }

  /// Whether the output row of its key was taken from this row.
  public boolean isBase(int input, int row) {
    return fate(sliceOf(input, row), input, row) >= 0;
  }

  private static int fate(Slice slice, int input, int row) {
    int inSlice = row - slice.firstRows[input];
    return slice.chunks.get(input).get(inSlice / TraceChunk.ROWS).fate(inSlice % TraceChunk.ROWS);
  }

  private Slice sliceOf(int input, int row) {
    int low = 0;
    int high = slices.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (slices.get(middle).firstRows[input] <= row) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return slices.get(low);
  }

  /// The output rows whose base is one of these rows of an input: a mark of a row, carried on to
  /// the row that it became.
  public RoaringBitmap carried(int input, RoaringBitmap rows) {
    RoaringBitmap carried = new RoaringBitmap();
    for (IntIterator all = rows.getIntIterator(); all.hasNext(); ) {
      int row = all.next();
      if (isBase(input, row)) {
        carried.add(outputOf(input, row));
      }
    }
    return carried;
  }

  /// Traces of ranges of keys that follow each other, of the same inputs, as one.
  public static MergeTrace stitched(List<MergeTrace> ranges) {
    List<Slice> slices = new ArrayList<>();
    int outputs = 0;
    for (MergeTrace range : ranges) {
      for (Slice slice : range.slices) {
        slices.add(new Slice(slice.firstRows, slice.chunks, slice.firstOutput + outputs));
      }
      outputs = Math.addExact(outputs, range.outputRows);
    }
    return new MergeTrace(ranges.getFirst().inputs, slices, outputs);
  }

  /// Takes down what becomes of rows while they are merged: each row of each input once, those of
  /// an input in their order. One thread.
  public static final class Recorder {
    private final List<Part> inputs;
    private final int[] firstRows;
    private final List<List<TraceChunk>> chunks = new ArrayList<>();
    private final int[][] open;
    private final int[] openRows;
    private int[] fates = new int[0];
    private int outputs;

    public Recorder(List<Part> inputs) {
      this(inputs, new int[inputs.size()]);
    }

    /// @param firstRows for each input, the first row that comes
    public Recorder(List<Part> inputs, int[] firstRows) {
      this.inputs = inputs;
      this.firstRows = firstRows.clone();
      this.open = new int[inputs.size()][];
      this.openRows = new int[inputs.size()];
      for (int i = 0; i < inputs.size(); i++) {
        chunks.add(new ArrayList<>());
        open[i] = new int[0];
      }
    }

    /// Rows that were merged; groups that stay become the next output rows.
    ///
    /// @param all the next rows of the inputs
    /// @param left those of them that were not filtered out, in groups
    /// @param base for each group, its row that stays
    /// @param dropped groups that were dropped
    public void add(
        SourceMap all, SourceMap left, KeyGroups groups, int[] base, IntPredicate dropped) {
      if (all == left && groups.isUnique()) {
        addSingles(all, dropped);
        return;
      }
      if (fates.length < left.size()) {
        fates = new int[left.size()];
      }
      for (int g = 0; g < groups.count(); g++) {
        boolean stays = !dropped.test(g);
        int output = stays ? outputs++ : DROPPED;
        for (int i = groups.start(g); i < groups.end(g); i++) {
          boolean isOther = stays && i != base[g];
          fates[i] = isOther ? -2 - output : output;
        }
      }
      if (all == left) {
        for (int i = 0; i < all.size(); i++) {
          add(all.source(i), fates[i]);
        }
        return;
      }
      int next = 0;
      for (int i = 0; i < all.size(); i++) {
        boolean isLeft =
            next < left.size()
                && left.source(next) == all.source(i)
                && left.row(next) == all.row(i);
        add(all.source(i), isLeft ? fates[next++] : DROPPED);
      }
    }

    private void addSingles(SourceMap all, IntPredicate dropped) {
      for (int i = 0; i < all.size(); i++) {
        add(all.source(i), dropped.test(i) ? DROPPED : outputs++);
      }
    }

    /// The next rows of an input, which stay as they are and become the next output rows.
    public void addRun(int input, int count) {
      for (int i = 0; i < count; i++) {
        add(input, outputs++);
      }
    }

    private void add(int input, int fate) {
      int[] rows = open[input];
      int at = openRows[input]++;
      if (at == rows.length) {
        rows = Arrays.copyOf(rows, Math.clamp(4L * at, 1_024, TraceChunk.ROWS));
        open[input] = rows;
      }
      rows[at] = fate;
      if (at + 1 == TraceChunk.ROWS) {
        close(input);
      }
    }

    private void close(int input) {
      chunks.get(input).add(TraceChunk.of(open[input], openRows[input]));
      openRows[input] = 0;
    }

    /// The trace, after every row was taken down.
    public MergeTrace trace() {
      for (int input = 0; input < open.length; input++) {
        if (openRows[input] > 0) {
          close(input);
        }
      }
      Arrays.fill(open, null);
      return new MergeTrace(inputs, List.of(new Slice(firstRows, List.copyOf(chunks), 0)), outputs);
    }
  }
}
