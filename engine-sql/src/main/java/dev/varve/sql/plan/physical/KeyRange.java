// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.Expression;
import dev.varve.sql.operator.TableScan;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.index.KeyBounds;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;

/// The range of sorting keys outside of which conditions are true of no row. All rows of a key are
/// in it or none, so it may be applied before it is known which of them count.
final class KeyRange {
  /// A column's values, both ends included; null leaves a side open.
  private record Ends(DataType type, Object low, Object high) {
    Ends and(Ends other) {
      return new Ends(
          type,
          low == null || (other.low != null && Bound.compare(other.low, low, type) > 0)
              ? other.low
              : low,
          high == null || (other.high != null && Bound.compare(other.high, high, type) < 0)
              ? other.high
              : high);
    }

    boolean isOne() {
      return low != null && high != null && Bound.compare(low, high, type) == 0;
    }
  }

  private final TableDefinition table;
  private final Map<String, Ends> ends = new HashMap<>();
  private final Scratch scratch;

  private KeyRange(TableDefinition table, Scratch scratch) {
    this.table = table;
    this.scratch = scratch;
  }

  static KeyBounds of(
      List<Expression> conjuncts,
      List<TableScan.Column> columns,
      TableDefinition table,
      BufferAllocator allocator) {
    if (conjuncts.isEmpty() || table.orderBy().isEmpty()) {
      return KeyBounds.ALL;
    }
    try (Scratch scratch = new Scratch(allocator)) {
      KeyRange range = new KeyRange(table, scratch);
      for (Expression conjunct : conjuncts) {
        Bound.of(conjunct, columns, allocator).ifPresent(range::add);
      }
      return range.bounds();
    }
  }

  private void add(Bound bound) {
    switch (bound) {
      case Bound.Range(String column, DataType type, Object low, Object high) ->
          ends.merge(column, new Ends(type, low, high), Ends::and);
      case Bound.OneOf(String column, DataType type, List<Object> values) -> {
        if (!values.isEmpty()) {
          Object low = values.stream().min((a, b) -> Bound.compare(a, b, type)).orElseThrow();
          Object high = values.stream().max((a, b) -> Bound.compare(a, b, type)).orElseThrow();
          ends.merge(column, new Ends(type, low, high), Ends::and);
        }
      }
      case Bound.Both(List<Bound> bounds) -> bounds.forEach(this::add);
      case Bound.Either _, Bound.Monotone _ -> {}
    }
  }

  /// Single values of the first columns, then a range of the next.
  private KeyBounds bounds() {
    byte[] piece = {};
    for (String name : table.orderBy()) {
      ColumnDefinition column = table.column(name).filter(ColumnDefinition::isStored).orElse(null);
      Ends of = ends.get(name);
      if (column == null || of == null) {
        break;
      }
      byte[] low = of.low == null ? null : key(column.type(), of.low);
      byte[] high = of.high == null ? null : key(column.type(), of.high);
      if ((of.low != null && low == null) || (of.high != null && high == null)) {
        break;
      }
      if (!of.isOne()) {
        KeyBounds same = KeyBounds.startingWith(piece);
        KeyBounds above = low == null ? same : KeyBounds.atLeast(joined(piece, low));
        KeyBounds below = high == null ? same : KeyBounds.atMost(joined(piece, high));
        return same.and(above).and(below);
      }
      piece = joined(piece, low);
    }
    return piece.length == 0 ? KeyBounds.ALL : KeyBounds.startingWith(piece);
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /// The key of a value, or null where the type has none for it, or equal values of it have several
  /// (zeros of floats).
  private byte[] key(DataType type, Object raw) {
    DataType bare = type.unwrapped();
    VectorBuilder builder = new VectorBuilder(bare, scratch);
    switch (bare) {
      case DataType.Text _ -> builder.appendBytes((byte[]) raw);
      case DataType.Int _,
          DataType.Date _,
          DataType.Date32 _,
          DataType.DateTime _,
          DataType.DateTime64 _,
          DataType.Time _,
          DataType.Time64 _ -> {
        if (!fits(RawValues.integer(raw, bare), bare)) {
          return null;
        }
        builder.appendLong(RawValues.integer(raw, bare).longValue());
      }
      default -> {
        return null;
      }
    }
    Vector value = builder.build();
    return KeyEncoder.ascending(List.of(type)).encode(List.of(value), 0);
  }

  private static boolean fits(BigInteger value, DataType type) {
    int bits = 8 * type.physical().width();
    return bits <= 64
        && (type.isUnsigned()
            ? value.signum() >= 0 && value.bitLength() <= bits
            : value.bitLength() < bits);
  }
}
