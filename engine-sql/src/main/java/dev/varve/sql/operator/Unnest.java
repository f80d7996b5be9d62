// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.List;

/// ARRAY JOIN: a row for each element of the arrays in the last columns, which are read side by
/// side.
///
/// @param outer whether a row of empty arrays stays, with default values for the elements
public record Unnest(Operator input, int arrays, boolean outer) implements Operator {
  // Rows with at least so many elements are batches of their own, so that the other columns are
  // constants and a long array is not copied for each of its elements.
  private static final int LONG = 256;

  @Override
  public List<DataType> types() {
    List<DataType> types = new ArrayList<>(input.types());
    for (int c = types.size() - arrays; c < types.size(); c++) {
      types.set(c, element(types.get(c)));
    }
    return types;
  }

  private static DataType element(DataType type) {
    return switch (type.unwrapped()) {
      case DataType.Array(DataType element) -> element;
      case DataType.MapOf map -> DataTypes.entries(map);
      default -> throw new IllegalStateException(type.name() + " has no elements");
    };
  }

  @Override
  public List<Operator> inputs() {
    return List.of(input);
  }

  @Override
  public String describe() {
    return (outer ? "Left" : "") + "ArrayJoin of the last " + arrays + " columns";
  }

  @Override
  public ParallelSource open(QueryContext context) {
    return new MappedSource(context.open(input), share -> new Source(share, context));
  }

  private final class Source implements BatchSource {
    private final BatchSource share;
    private final QueryContext context;
    private final Scratch lists;
    private final Scratch scratch;
    private final List<DataType> types = types();
    private final int plain = types.size() - arrays;
    private final int[] rows = new int[Batch.MAX_ROWS];
    private final int[][] elements = new int[arrays][Batch.MAX_ROWS];
    private Batch batch;
    private List<Vector> flat;
    private int row;
    private int element;

    Source(BatchSource share, QueryContext context) {
      this.share = share;
      this.context = context;
      this.lists = context.newScratch();
      this.scratch = context.newScratch();
    }

    @Override
    public Batch next() {
      while (true) {
        context.check();
        if (batch == null || row == batch.rows()) {
          batch = share.next();
          if (batch == null) {
            return null;
          }
          lists.reset();
          flat = new ArrayList<>();
          for (Vector list : batch.columns().subList(plain, types.size())) {
            flat.add(VectorOps.flatten(list, lists));
          }
          row = 0;
          element = 0;
        }
        int first = row;
        int count = fill();
        if (count > 0) {
          return rows[0] == rows[count - 1] && length(rows[0]) >= LONG
              ? ofOneRow(rows[0], count)
              : of(first, count);
        }
      }
    }

    private int length(int of) {
      int length = flat.getFirst().listTo(of) - flat.getFirst().listFrom(of);
      for (Vector list : flat) {
        if (list.listTo(of) - list.listFrom(of) != length) {
          throw new VarveException(
              ErrorCode.BAD_ARGUMENTS,
              "ARRAY JOIN takes arrays of one length, found "
                  + length
                  + " and "
                  + (list.listTo(of) - list.listFrom(of))
                  + " elements in one row");
        }
      }
      return length;
    }

    /// Pairs of row and element, up to a batch of them; -1 is the element of an empty array.
    private int fill() {
      int count = 0;
      while (row < batch.rows() && count < Batch.MAX_ROWS) {
        int length = length(row);
        if (length >= LONG && count > 0) {
          return count;
        }
        if (length == 0 && outer) {
          rows[count] = row;
          for (int[] of : elements) {
            of[count] = -1;
          }
          count++;
        }
        int end = Math.min(length, element + Batch.MAX_ROWS - count);
        for (; element < end; element++) {
          rows[count] = row;
          for (int a = 0; a < arrays; a++) {
            elements[a][count] = flat.get(a).listFrom(row) + element;
          }
          count++;
        }
        if (element < length) {
          return count;
        }
        row++;
        element = 0;
        if (length >= LONG) {
          return count;
        }
      }
      return count;
    }

    private Batch ofOneRow(int only, int count) {
      scratch.reset();
      List<Vector> columns = new ArrayList<>(types.size());
      for (int c = 0; c < plain; c++) {
        Vector single =
            VectorOps.flatten(VectorOps.slice(batch.column(c), only, 1, scratch), scratch);
        columns.add(Vector.constant(types.get(c), count, single));
      }
      addElements(columns, count);
      return new Batch(count, columns);
    }

    private Batch of(int first, int count) {
      scratch.reset();
      List<Vector> columns = new ArrayList<>(types.size());
      boolean same = first == 0 && isEveryRowOnce(count);
      for (int c = 0; c < plain; c++) {
        Vector column = batch.column(c);
        columns.add(same ? column : VectorOps.gather(column, rows, count, scratch));
      }
      addElements(columns, count);
      return new Batch(count, columns);
    }

    private boolean isEveryRowOnce(int count) {
      for (int i = 0; i < count; i++) {
        if (rows[i] != i) {
          return false;
        }
      }
      return count == batch.rows();
    }

    private void addElements(List<Vector> columns, int count) {
      for (int a = 0; a < arrays; a++) {
        DataType type = types.get(plain + a);
        columns.add(
            outer
                ? withDefaults(a, count, type)
                : VectorOps.gather(flat.get(a).elements(), elements[a], count, scratch).as(type));
      }
    }

    private Vector withDefaults(int array, int count, DataType type) {
      VectorBuilder builder = new VectorBuilder(type, scratch);
      for (int i = 0; i < count; i++) {
        if (elements[array][i] < 0) {
          builder.appendDefault();
        } else {
          builder.append(flat.get(array).elements(), elements[array][i]);
        }
      }
      return builder.build();
    }

    @Override
    public void close() {
      share.close();
      lists.close();
      scratch.close();
    }
  }
}
