// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.spill;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.file.Checksum;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Validity;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Layout of a page of a spill file, little-endian: a header, then each column as a node.
///
/// | bytes | field    | meaning                                       |
/// |-------|----------|-----------------------------------------------|
/// | 0-3   | magic    | `VSPL`                                        |
/// | 4-7   | rows     | rows of the page                              |
/// | 8-11  | plain    | bytes of the nodes                            |
/// | 12-15 | stored   | bytes that follow, perhaps compressed         |
/// | 16-19 | method   | 0 as they are, 1 LZ4                          |
/// | 20-23 | checksum | CRC32C of the stored bytes                    |
///
/// A node is eight bytes (physical kind, whether it has NULLs, whether one row stands for all,
/// nothing; `u32` rows), then the validity bitmap, offsets, values or child nodes that its kind
/// has, each from a multiple of eight bytes on. Types are not written: the reader knows them.
final class SpillPage {
  static final int HEADER_BYTES = 24;

  private static final int MAGIC = 0x4C505356;
  private static final Physical[] KINDS = Physical.values();

  record Header(int rows, int plainBytes, int storedBytes, int method, int checksum) {}

  private SpillPage() {}

  static void putHeader(
      MemorySegment header, int rows, long plainBytes, MemorySegment stored, int method) {
    header.set(Vector.I32, 0, MAGIC);
    header.set(Vector.I32, 4, rows);
    header.set(Vector.I32, 8, Math.toIntExact(plainBytes));
    header.set(Vector.I32, 12, Math.toIntExact(stored.byteSize()));
    header.set(Vector.I32, 16, method);
    header.set(Vector.I32, 20, Checksum.of(stored));
  }

  static Header header(Path path, long position, MemorySegment header) {
    if (header.get(Vector.I32, 0) != MAGIC) {
      throw corrupt(path, position, "the header of a page", "something else");
    }
    return new Header(
        header.get(Vector.I32, 4),
        header.get(Vector.I32, 8),
        header.get(Vector.I32, 12),
        header.get(Vector.I32, 16),
        header.get(Vector.I32, 20));
  }

  static VarveException corrupt(Path path, long position, String expected, String found) {
    return new VarveException(
        ErrorCode.CORRUPTED_DATA,
        "the temporary file "
            + path
            + " is corrupt at byte "
            + position
            + ": expected "
            + expected
            + ", found "
            + found
            + "; run the query again, and check this disk if it comes back");
  }

  /// Bytes of a batch once its columns are flat, nested ones guessed.
  static long roughBytes(Batch batch) {
    long sum = 0;
    for (Vector column : batch.columns()) {
      sum += roughBytes(column);
    }
    return sum;
  }

  private static long roughBytes(Vector vector) {
    if (vector.isConstant()) {
      return 16;
    }
    long rows = vector.rows();
    if (vector.isDictionary()) {
      Vector values = vector.dictionary();
      return rows * (4 + roughBytes(values) / Math.max(1, values.rows()));
    }
    long bytes = rows / 8;
    switch (vector.physical()) {
      case BYTES ->
          bytes +=
              rows * 4
                  + vector.offsets().get(Vector.I32, rows * 4)
                  - vector.offsets().get(Vector.I32, 0);
      case LIST -> bytes += rows * 4 + roughBytes(vector.elements());
      case STRUCT -> {
        for (Vector child : vector.children()) {
          bytes += roughBytes(child);
        }
      }
      default -> bytes += rows * vector.width();
    }
    return bytes;
  }

  static MemorySegment encode(Batch batch, Scratch scratch) {
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
          case STRUCT -> vector.children().stream().mapToLong(SpillPage::size).sum();
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
        vector.physical().ordinal()
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

  static Batch decode(List<DataType> types, int rows, MemorySegment page) {
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
      Physical physical = KINDS[kind & 0xFF];
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
