// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.file.FileErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.CRC32C;
import org.roaringbitmap.RoaringBitmap;

/// The deleted rows of one part, `part-<id>.deleted-<number>` beside the part's directory. Written
/// whole and never changed: more deleted rows make a file of the next number. Little-endian.
///
/// | bytes | field    | meaning                                                     |
/// |-------|----------|-------------------------------------------------------------|
/// | 0-7   | magic    | `VARVEDEL` in ASCII                                         |
/// | 8-11  | version  | 1                                                           |
/// | 12-19 | part     | id of the part                                              |
/// | 20-23 | number   | as in the name                                              |
/// | 24-27 | length   | bytes of the bitmap                                         |
/// | 28-31 | checksum | CRC32C of bytes 0 to 27, then of the bitmap                 |
/// | 32-   | bitmap   | row numbers, as Roaring's portable format lays them out     |
public final class DeletedRowsFile {
  private static final int VERSION = 1;
  private static final int HEADER_BYTES = 32;
  private static final long MAGIC = 0x4C45444556524156L;

  private DeletedRowsFile() {}

  public static String name(long part, int number) {
    return "part-" + part + ".deleted-" + number;
  }

  /// Durable when it returns.
  public static void write(Path directory, long part, int number, RoaringBitmap rows) {
    Path path = directory.resolve(name(part, number));
    Path draft = directory.resolve(name(part, number) + ".tmp");
    int length = rows.serializedSizeInBytes();
    ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(MAGIC).putInt(VERSION).putLong(part).putInt(number).putInt(length);
    rows.serialize(bytes.slice(HEADER_BYTES, length).order(ByteOrder.LITTLE_ENDIAN));
    bytes.putInt(28, checksum(bytes));
    bytes.clear();
    try {
      try (FileChannel out = FileChannel.open(draft, CREATE, WRITE, TRUNCATE_EXISTING)) {
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
      ManifestFile.syncDirectory(directory);
    } catch (IOException failed) {
      throw FileErrors.of("write", path, failed);
    }
  }

  /// @param rows how many rows the catalog says are deleted
  public static RoaringBitmap read(Path directory, long part, int number, long rows) {
    RoaringBitmap deleted = read(directory, part, number);
    if (deleted.getLongCardinality() != rows) {
      throw FileErrors.corrupt(
          directory.resolve(name(part, number)),
          HEADER_BYTES,
          rows + " deleted rows, as the catalog says",
          deleted.getLongCardinality() + " of them");
    }
    return deleted;
  }

  /// The rows of a part that no catalog tells of.
  public static RoaringBitmap read(Path directory, long part, int number) {
    Path path = directory.resolve(name(part, number));
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
      check(path, bytes, part, number);
      RoaringBitmap deleted = new RoaringBitmap();
      deleted.deserialize(
          bytes.slice(HEADER_BYTES, bytes.getInt(24)).order(ByteOrder.LITTLE_ENDIAN));
      return deleted;
    } catch (IOException failed) {
      throw FileErrors.of("read", path, failed);
    }
  }

  private static void check(Path path, ByteBuffer bytes, long part, int number) {
    if (bytes.limit() < HEADER_BYTES
        || bytes.getLong(0) != MAGIC
        || bytes.getInt(24) != bytes.limit() - HEADER_BYTES) {
      throw FileErrors.corrupt(
          path, 0, "the header of a deleted-rows file and its length", "other bytes");
    }
    int expected = bytes.getInt(28);
    if (expected != checksum(bytes)) {
      throw FileErrors.checksum(path, 28, expected, checksum(bytes));
    }
    if (bytes.getInt(8) != VERSION) {
      throw new VarveException(
          ErrorCode.UNSUPPORTED_FORMAT_VERSION,
          path
              + " has format version "
              + bytes.getInt(8)
              + ", this program reads version "
              + VERSION
              + "; open it with the release that wrote it or a later one");
    }
    if (bytes.getLong(12) != part || bytes.getInt(20) != number) {
      throw FileErrors.corrupt(
          path,
          12,
          "deleted rows " + number + " of part-" + part,
          "deleted rows " + bytes.getInt(20) + " of part-" + bytes.getLong(12));
    }
  }

  private static int checksum(ByteBuffer file) {
    CRC32C crc = new CRC32C();
    crc.update(file.slice(0, 28));
    crc.update(file.slice(HEADER_BYTES, file.capacity() - HEADER_BYTES));
    return (int) crc.getValue();
  }
}
