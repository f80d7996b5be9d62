// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.vector;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.Physical;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Batches as bytes, every type without loss: each column is a node, little-endian.
///
/// A node is eight bytes (physical kind, whether it has NULLs, whether one row stands for all,
/// nothing; `u32` rows), then the validity bitmap, offsets, values or child nodes that its kind
/// has, each from a multiple of eight bytes on. Types are not written: the reader knows them. Nor
/// is there a checksum: whoever keeps such bytes has one.
public final class BatchBytes {
  /// The numbers of kinds are the format, so they stand here and not in the enumeration.
  private static final List<Physical> KINDS =
      List.of(
          Physical.INT8,
          Physical.INT16,
          Physical.INT32,
          Physical.INT64,
          Physical.INT128,
          Physical.INT256,
          Physical.FLOAT32,
          Physical.FLOAT64,
          Physical.BYTES,
          Physical.FIXED,
          Physical.LIST,
          Physical.STRUCT);

  private BatchBytes() {}

  /// The bytes of a batch, of columns of any form; they live in the scratch.
  public static MemorySegment encode(Batch batch, Scratch scratch) {
    List<Vector> columns = new ArrayList<>(batch.columns().size());
    long size = 0;
    for (Vector column : batch.columns()) {
      Vector plain = plain(column, scratch);
      columns.add(plain);
      size += size(plain);
    }
    MemorySegment page = scratch.allocate(size);
    long at = 0;
    for (Vector column : columns) {
      at = write(column, page, at);
    }
    return page;
  }

  /// Without dictionaries, at no depth, and with lists whose elements begin at the first.
  private static Vector plain(Vector vector, Scratch scratch) {
    if (vector.isConstant()) {
      return Vector.constant(vector.type(), vector.rows(), plain(vector.single(), scratch));
    }
    Vector flat = VectorOps.flatten(vector, scratch);
    return switch (flat.physical()) {
      case LIST -> {
        int rows = flat.rows();
        int from = flat.listFrom(0);
        int to = rows == 0 ? from : flat.listTo(rows - 1);
        Vector elements = flat.elements();
        if (from != 0 || to != elements.rows()) {
          elements = VectorOps.slice(elements, from, to - from, scratch);
        }
        yield Vector.list(
            flat.type(), rows, flat.offsets(), plain(elements, scratch), flat.validity());
      }
      case STRUCT -> {
        List<Vector> fields = new ArrayList<>();
        for (Vector field : flat.children()) {
          fields.add(plain(field, scratch));
        }
        yield Vector.struct(flat.type(), flat.rows(), fields, flat.validity());
      }
      default -> flat;
    };
  }

  private static long size(Vector vector) {
    if (vector.isConstant()) {
      return 8 + size(vector.single());
    }
    long rows = vector.rows();
    long size = 8 + (vector.validity() == null ? 0 : padded(Validity.bytes(vector.rows())));
    return size
        + switch (vector.physical()) {
          case BYTES -> padded((rows + 1) * 4) + padded(byteCount(vector));
          case LIST -> padded((rows + 1) * 4) + size(vector.elements());
          case STRUCT -> vector.children().stream().mapToLong(BatchBytes::size).sum();
          default -> padded(rows * vector.width());
        };
  }

  private static long byteCount(Vector vector) {
    return (long) vector.offsets().get(Vector.I32, vector.rows() * 4L)
        - vector.offsets().get(Vector.I32, 0);
  }

  private static long padded(long bytes) {
    return (bytes + 7) & -8;
  }

  private static long write(Vector vector, MemorySegment page, long start) {
    int rows = vector.rows();
    MemorySegment validity = vector.isConstant() ? null : vector.validity();
    page.set(
        Vector.I32,
        start,
        KINDS.indexOf(vector.physical())
            | (validity == null ? 0 : 1 << 8)
            | (vector.isConstant() ? 1 << 16 : 0));
    page.set(Vector.I32, start + 4, rows);
    long at = start + 8;
    if (vector.isConstant()) {
      return write(vector.single(), page, at);
    }
    if (validity != null) {
      at = copy(validity, 0, page, at, Validity.bytes(rows));
    }
    switch (vector.physical()) {
      case BYTES -> {
        at = offsets(vector, page, at);
        int from = vector.offsets().get(Vector.I32, 0);
        at = copy(vector.values(), from, page, at, byteCount(vector));
      }
      case LIST -> at = write(vector.elements(), page, offsets(vector, page, at));
      case STRUCT -> {
        for (Vector child : vector.children()) {
          at = write(child, page, at);
        }
      }
      default -> at = copy(vector.values(), 0, page, at, (long) rows * vector.width());
    }
    return at;
  }

  private static long copy(
      MemorySegment from, long offset, MemorySegment page, long at, long bytes) {
    MemorySegment.copy(from, offset, page, at, bytes);
    return at + padded(bytes);
  }

  private static long offsets(Vector vector, MemorySegment page, long at) {
    int rows = vector.rows();
    MemorySegment offsets = vector.offsets();
    int first = offsets.get(Vector.I32, 0);
    for (int i = 0; i <= rows; i++) {
      page.set(Vector.I32, at + i * 4L, offsets.get(Vector.I32, i * 4L) - first);
    }
    return at + padded((rows + 1) * 4L);
  }

  /// The batch of such bytes: vectors over them, nothing is copied.
  public static Batch decode(List<DataType> types, int rows, MemorySegment page) {
    Decoder decoder = new Decoder(page);
    List<Vector> columns = new ArrayList<>(types.size());
    for (DataType type : types) {
      columns.add(decoder.node(type));
    }
    return new Batch(rows, columns);
  }

  /// Vectors over the bytes of a page; nothing is copied.
  private static final class Decoder {
    private final MemorySegment page;
    private long at;

    Decoder(MemorySegment page) {
      this.page = page;
    }

    Vector node(DataType type) {
      int kind = page.get(Vector.I32, at);
      int rows = page.get(Vector.I32, at + 4);
      at += 8;
      if ((kind >> 16 & 1) != 0) {
        return Vector.constant(type, rows, node(type));
      }
      MemorySegment validity = (kind >> 8 & 1) == 0 ? null : take(Validity.bytes(rows));
      Physical physical = KINDS.get(kind & 0xFF);
      return switch (physical) {
        case BYTES -> {
          MemorySegment offsets = take((rows + 1) * 4L);
          MemorySegment values = take(offsets.get(Vector.I32, rows * 4L));
          yield Vector.bytes(type, rows, offsets, values, validity);
        }
        case LIST -> {
          MemorySegment offsets = take((rows + 1) * 4L);
          yield Vector.list(type, rows, offsets, node(element(type)), validity);
        }
        case STRUCT -> {
          List<Vector> fields = new ArrayList<>();
          for (DataType field : ((DataType.Tuple) type.unwrapped()).fields()) {
            fields.add(node(field));
          }
          yield Vector.struct(type, rows, fields, validity);
        }
        case FIXED -> Vector.fixed(type, rows, take((long) rows * type.width()), validity);
        default ->
            Vector.fixed(type, physical, rows, take((long) rows * physical.width()), validity);
      };
    }

    private static DataType element(DataType type) {
      return type.unwrapped() instanceof DataType.MapOf map
          ? DataTypes.entries(map)
          : ((DataType.Array) type.unwrapped()).element();
    }

    private MemorySegment take(long bytes) {
      MemorySegment taken = page.asSlice(at, bytes);
      at += padded(bytes);
      return taken;
    }
  }
}
