// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.spill;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.file.Checksum;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

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
/// The columns are the nodes of [dev.varve.storage.vector.BatchBytes].
final class SpillPage {
  static final int HEADER_BYTES = 24;

  private static final int MAGIC = 0x4C505356;

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
}
