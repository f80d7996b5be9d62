// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.part.Part;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import dev.varve.storage.vector.VectorValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/// Columns read for a few rows of a table once it is known which: below ORDER BY ... LIMIT only
/// what decides the order is carried, and the place of the row.
///
/// @param input gives some columns, then the part (`_part_index`), then the row (`_part_offset`)
/// @param scan whose view holds the rows
/// @param carried for each column given its place in the input, or -1 for one to be read
/// @param late the columns to be read, by their place among the columns given; null for others
public record LateColumns(
    Operator input, TableScan scan, List<Integer> carried, List<TableScan.Column> late)
    implements Operator {
  public LateColumns {
    carried = List.copyOf(carried);
    late = java.util.Collections.unmodifiableList(new ArrayList<>(late));
  }

  /// The same columns of other rows.
  public LateColumns over(Operator newInput) {
    return new LateColumns(newInput, scan, carried, late);
  }

  @Override
  public List<DataType> types() {
    List<DataType> types = new ArrayList<>();
    List<DataType> inputs = input.types();
    for (int c = 0; c < carried.size(); c++) {
      int from = carried.get(c);
      types.add(from >= 0 ? inputs.get(from) : late.get(c).type());
    }
    return types;
  }

  @Override
  public List<Operator> inputs() {
    return List.of(input);
  }

  @Override
  public String describe() {
    return "Late " + late.stream().filter(c -> c != null).map(TableScan.Column::name).toList();
  }

  @Override
  public ParallelSource open(QueryContext context) {
    ParallelSource rows = context.open(input);
    return ParallelSource.single(new Source(rows, rows.worker(0), context));
  }

  /// Rows of a batch that lie in one granule.
  private record Place(int part, int granule) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      return part != other.part
          ? Integer.compare(part, other.part)
          : Integer.compare(granule, other.granule);
    }
  }

  private final class Source implements BatchSource {
    private final ParallelSource rows;
    private final BatchSource share;
    private final QueryContext context;
    private final Scratch[] scratches;

    Source(ParallelSource rows, BatchSource share, QueryContext context) {
      this.rows = rows;
      this.share = share;
      this.context = context;
      this.scratches = new Scratch[carried.size()];
    }

    @Override
    public Batch next() {
      context.check();
      Batch batch = share.next();
      if (batch == null) {
        return null;
      }
      TreeMap<Place, int[]> places = places(batch);
      Vector[] columns = new Vector[carried.size()];
      List<Integer> wanted = new ArrayList<>();
      for (int c = 0; c < columns.length; c++) {
        if (carried.get(c) >= 0) {
          columns[c] = batch.column(carried.get(c));
        } else {
          wanted.add(c);
          if (scratches[c] == null) {
            scratches[c] = context.newScratch();
          }
          scratches[c].reset();
        }
      }
      context.parallel(
          wanted.size(),
          task -> {
            int c = wanted.get(task);
            columns[c] = read(late.get(c), places, batch.rows(), scratches[c]);
          });
      return new Batch(batch.rows(), Arrays.asList(columns));
    }

    private TreeMap<Place, int[]> places(Batch batch) {
      int width = batch.columns().size();
      TreeMap<Place, int[]> places = new TreeMap<>();
      for (int i = 0; i < batch.rows(); i++) {
        int index = (int) batch.column(width - 2).getLong(i);
        long offset = batch.column(width - 1).getLong(i);
        Part part = scan.view().parts().get(index).part();
        Place place = new Place(index, granule(part, offset));
        int[] before = places.get(place);
        int[] grown = before == null ? new int[2] : Arrays.copyOf(before, before.length + 2);
        grown[grown.length - 2] = i;
        grown[grown.length - 1] = (int) (offset - part.granuleFirstRow(place.granule));
        places.put(place, grown);
      }
      return places;
    }

    private static int granule(Part part, long offset) {
      int low = 0;
      int high = part.granules() - 1;
      while (low < high) {
        int middle = low + high + 1 >>> 1;
        if (part.granuleFirstRow(middle) <= offset) {
          low = middle;
        } else {
          high = middle - 1;
        }
      }
      return low;
    }

    /// One column of all rows: granule after granule, then back to the order of the batch.
    private Vector read(
        TableScan.Column column, TreeMap<Place, int[]> places, int count, Scratch scratch) {
      List<Vector> pieces = new ArrayList<>();
      int[] order = new int[count];
      int done = 0;
      try (LateReader reader = new LateReader(column, scan, context)) {
        for (var entry : places.entrySet()) {
          int[] pairs = entry.getValue();
          int[] selection = new int[pairs.length / 2];
          for (int i = 0; i < selection.length; i++) {
            order[pairs[2 * i]] = done++;
            selection[i] = pairs[2 * i + 1];
          }
          Vector all = reader.read(entry.getKey().part, entry.getKey().granule);
          if (all == null) {
            Vector value = VectorValues.of(column.type(), scratch, column.defaultValue());
            all = Vector.constant(column.type(), selection.length, value);
            Arrays.setAll(selection, i -> i);
          }
          Vector some = VectorOps.gather(all, selection, selection.length, scratch);
          // Copied, as the granule's bytes go with the next one.
          pieces.add(VectorOps.concat(List.of(some.as(column.type())), scratch));
        }
        return VectorOps.gather(VectorOps.concat(pieces, scratch), order, count, scratch);
      }
    }

    @Override
    public void close() {
      share.close();
      rows.close();
      for (Scratch scratch : scratches) {
        if (scratch != null) {
          scratch.close();
        }
      }
    }
  }
}
