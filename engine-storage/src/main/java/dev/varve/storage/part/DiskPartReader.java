// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import dev.varve.storage.column.ColumnReader;
import dev.varve.storage.column.GranuleRows;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.vector.RowPacking;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.Arrays;
import org.apache.arrow.memory.BufferAllocator;

/// Reads granules of a part on disk.
final class DiskPartReader implements PartReader {
  private final DiskPart part;
  private final GranuleRows granules;
  private final ColumnReader[] columns;
  private final Vector[] vectors;
  private final Scratch decoded;
  private int current = -1;

  DiskPartReader(DiskPart part, ColumnReader[] columns, BufferAllocator allocator) {
    this.part = part;
    this.granules = part.meta().granules();
    this.columns = columns;
    this.vectors = new Vector[columns.length];
    this.decoded = new Scratch(allocator);
  }

  @Override
  public void seek(int granule) {
    if (granule < 0 || granule >= granules.granules()) {
      throw new IndexOutOfBoundsException(
          "granule " + granule + " of a part of " + granules.granules());
    }
    if (granule == current) {
      return;
    }
    current = granule;
    Arrays.fill(vectors, null);
    decoded.reset();
  }

  @Override
  public Vector read(int column) {
    if (vectors[column] == null) {
      try {
        vectors[column] = columns[column].read(current, granules.rows(current), decoded);
      } catch (VarveException found) {
        throw part.damaged(found);
      }
    }
    return vectors[column];
  }

  @Override
  public Vector readLate(int column) {
    if (vectors[column] == null) {
      try {
        vectors[column] =
            columns[column].readLate(current, granules.rows(current), decoded, part::damaged);
      } catch (VarveException found) {
        throw part.damaged(found);
      }
    }
    return vectors[column];
  }

  @Override
  public Vector read(int column, int[] wanted, int count, Scratch out) {
    if (vectors[column] != null) {
      return VectorOps.gather(vectors[column], wanted, count, out);
    }
    try {
      return columns[column].read(current, granules.rows(current), wanted, count, out);
    } catch (VarveException found) {
      throw part.damaged(found);
    }
  }

  @Override
  public Vector read(int column, long[] mask, int left, RowPacking packing, Scratch out) {
    if (vectors[column] != null) {
      return null;
    }
    try {
      return columns[column].read(current, granules.rows(current), mask, left, packing, out);
    } catch (VarveException found) {
      throw part.damaged(found);
    }
  }

  @Override
  public boolean keep(int column, long low, long high, long[] mask) {
    if (vectors[column] != null) {
      return false;
    }
    try {
      return columns[column].keep(current, granules.rows(current), low, high, mask, decoded);
    } catch (VarveException found) {
      throw part.damaged(found);
    }
  }

  @Override
  public Vector dictionary(int column) {
    if (vectors[column] != null) {
      return null;
    }
    try {
      return columns[column].dictionary(current);
    } catch (VarveException found) {
      throw part.damaged(found);
    }
  }

  @Override
  public boolean keepCodes(int column, int low, int high, long[] mask) {
    if (vectors[column] != null) {
      return false;
    }
    try {
      return columns[column].keepCodes(current, granules.rows(current), low, high, mask);
    } catch (VarveException found) {
      throw part.damaged(found);
    }
  }

  @Override
  public void close() {
    for (ColumnReader column : columns) {
      column.close();
    }
    decoded.close();
  }
}
