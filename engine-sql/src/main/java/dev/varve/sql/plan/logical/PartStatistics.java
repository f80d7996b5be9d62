// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.logical;

import dev.varve.sql.hash.KeyHashes;
import dev.varve.sql.hash.LongReads;
import dev.varve.storage.column.ColumnStats;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartReader;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import org.apache.arrow.memory.BufferAllocator;

/// What planning knows of the columns of parts: bounds, and a guess at how many distinct values
/// there are. Worked out when first asked for, and kept as long as the part, which never changes.
/// Safe for threads.
public final class PartStatistics {
  /// Bounds of a column of whole numbers (dates and decimals unscaled among them).
  record Bounds(double low, double high) {
    /// No more distinct values than this.
    double values() {
      return high - low + 1;
    }

    /// The part of values below a point, if they are spread evenly.
    double below(double point) {
      return Math.clamp((point - low) / Math.max(1, high - low), 0.0, 1.0);
    }

    Bounds union(Bounds other) {
      return new Bounds(Math.min(low, other.low), Math.max(high, other.high));
    }
  }

  private static final class Known {
    final Map<String, Optional<Bounds>> bounds = new HashMap<>();
    final Map<String, Double> distinct = new HashMap<>();
    final Map<String, Rise> rises = new HashMap<>();
  }

  /// Looking at every row of a column is worth it for parts of no more rows than this.
  private static final long MOST_LOOKED_AT = 1 << 26;

  private final Map<Part, Known> parts = new WeakHashMap<>();
  private final BufferAllocator allocator;

  /// @param allocator memory to look at samples in
  public PartStatistics(BufferAllocator allocator) {
    this.allocator = allocator;
  }

  /// Bounds of a stored column, empty where it is not of whole numbers.
  Optional<Bounds> bounds(Part part, String column) {
    synchronized (parts) {
      return parts
          .computeIfAbsent(part, _ -> new Known())
          .bounds
          .computeIfAbsent(column, name -> readBounds(part, name));
    }
  }

  private static Optional<Bounds> readBounds(Part part, String column) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int granule = 0; granule < part.granules() && part.hasColumn(column); granule++) {
      ColumnStats stats = part.stats(column, granule);
      if (stats != null && stats.min() instanceof Number min && stats.max() instanceof Number max) {
        low = Math.min(low, min.doubleValue());
        high = Math.max(high, max.doubleValue());
      }
    }
    return low <= high ? Optional.of(new Bounds(low, high)) : Optional.empty();
  }

  /// A guess at the distinct values of a stored column.
  double distinct(Part part, String column) {
    synchronized (parts) {
      Double known = parts.computeIfAbsent(part, _ -> new Known()).distinct.get(column);
      if (known != null) {
        return known;
      }
    }
    double distinct = sample(part, column);
    double most = bounds(part, column).map(Bounds::values).orElse(Double.MAX_VALUE);
    distinct = Math.max(1, Math.min(most, Math.min(distinct, part.info().rows())));
    synchronized (parts) {
      parts.computeIfAbsent(part, _ -> new Known()).distinct.put(column, distinct);
    }
    return distinct;
  }

  /// Two granules far apart: if they share values, as many as are drawn of one pool by chance, the
  /// pool's size follows; if they share none, each stretch of the part has values of its own.
  private double sample(Part part, String column) {
    if (part.granules() == 0 || !part.hasColumn(column)) {
      return 1;
    }
    int first = part.granules() / 3;
    int second = part.granules() * 2 / 3;
    try (PartReader reader = part.openCached(List.of(column), allocator);
        Scratch scratch = new Scratch(allocator)) {
      long[] one = hashes(reader, part, first, scratch);
      if (first == second) {
        return one.length;
      }
      long[] other = hashes(reader, part, second, scratch);
      int shared = shared(one, other);
      double drawn = part.granuleRows(first) + part.granuleRows(second);
      return shared > 0
          ? (double) one.length * other.length / shared
          : (one.length + other.length) * (part.info().rows() / drawn);
    } catch (VarveException e) {
      // A block that cannot be read is for the query to report, if it reads it at all.
      return part.info().rows();
    }
  }

  /// How the values of a stored column go on from row to row.
  enum Rise {
    /// Some value is less than the one before it, or nobody knows.
    NONE,
    /// None is less than the one before it.
    RISING,
    /// Each is greater than the one before it.
    STRICT
  }

  /// How a stored column of whole numbers rises. Looks at the rows only where the bounds of the
  /// granules allow that it does.
  Rise rise(Part part, String column) {
    synchronized (parts) {
      Rise known = parts.computeIfAbsent(part, _ -> new Known()).rises.get(column);
      if (known != null) {
        return known;
      }
    }
    Rise rise = mayRise(part, column) ? readRise(part, column) : Rise.NONE;
    synchronized (parts) {
      parts.computeIfAbsent(part, _ -> new Known()).rises.put(column, rise);
    }
    return rise;
  }

  private static boolean mayRise(Part part, String column) {
    if (part.info().rows() > MOST_LOOKED_AT || !part.hasColumn(column)) {
      return false;
    }
    long last = Long.MIN_VALUE;
    for (int granule = 0; granule < part.granules(); granule++) {
      ColumnStats stats = part.stats(column, granule);
      if (stats == null
          || stats.nulls() > 0
          || !(stats.min() instanceof Long min)
          || !(stats.max() instanceof Long max)
          || min < last
          || max < min) {
        return false;
      }
      last = max;
    }
    return true;
  }

  private Rise readRise(Part part, String column) {
    try (PartReader reader = part.openCached(List.of(column), allocator);
        Scratch scratch = new Scratch(allocator)) {
      long[] values = new long[0];
      boolean strict = true;
      long last = 0;
      for (int granule = 0; granule < part.granules(); granule++) {
        int rows = part.granuleRows(granule);
        values = values.length < rows ? new long[rows] : values;
        scratch.reset();
        reader.seek(granule);
        Vector flat = VectorOps.flatten(reader.read(0), scratch);
        if (!flat.physical().isLong() || flat.validity() != null) {
          return Rise.NONE;
        }
        LongReads.read(flat, 0, rows, values);
        strict &= granule == 0 || values[0] > last;
        for (int row = 1; row < rows; row++) {
          if (values[row] < values[row - 1]) {
            return Rise.NONE;
          }
          strict &= values[row] > values[row - 1];
        }
        last = values[rows - 1];
      }
      return strict ? Rise.STRICT : Rise.RISING;
    } catch (VarveException e) {
      return Rise.NONE; // likewise
    }
  }

  /// The hashes of a granule's distinct values, in order.
  private static long[] hashes(PartReader reader, Part part, int granule, Scratch scratch) {
    reader.seek(granule);
    Vector vector = reader.read(0);
    int rows = part.granuleRows(granule);
    long[] hashes = new long[rows];
    KeyHashes.of(List.of(vector.type()), List.of(vector), rows, hashes, scratch);
    Arrays.sort(hashes);
    int distinct = 0;
    for (int i = 0; i < rows; i++) {
      if (i == 0 || hashes[i] != hashes[i - 1]) {
        hashes[distinct++] = hashes[i];
      }
    }
    return Arrays.copyOf(hashes, distinct);
  }

  private static int shared(long[] one, long[] other) {
    int shared = 0;
    int j = 0;
    for (long hash : one) {
      while (j < other.length && other[j] < hash) {
        j++;
      }
      shared += j < other.length && other[j] == hash ? 1 : 0;
    }
    return shared;
  }
}
