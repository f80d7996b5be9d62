// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.storage.file.Checksum;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.RoaringBitmapWriter;

/// The file of a pair of parts, `part-<younger>.pair-<older>`. Little-endian.
///
/// | bytes | field    | meaning                                                           |
/// |-------|----------|-------------------------------------------------------------------|
/// | 0-7   | magic    | `VARVPAIR` in ASCII                                               |
/// | 8-11  | version  | 2; 1 is read, which has no form 3                                 |
/// | 12-15 | kind     | 1 beaten rows (Replacing), 2 rows of shared keys (the other rules) |
/// | 16-23 | younger  | id of the part with the greater id                                |
/// | 24-31 | older    | id of the other                                                   |
/// | 32-35 | checksum | CRC32C of bytes 0 to 31, then of all behind byte 35               |
/// | 36-   | rows     | of the younger part, then of the older                            |
///
/// Rows are one byte for the form, a length in bytes (`u32`) and as many bytes: form 0 no rows and
/// no bytes, 1 ascending `u32`, 2 Roaring's portable format, 3 gaps between rows as [RiceGaps];
/// whichever is the smallest.
final class PairLayout {
  private static final long MAGIC = 0x5249415056524156L;
  private static final int VERSION = 2;
  private static final int FIRST_VERSION = 1;
  private static final int CHECKSUM = 32;
  private static final int BODY = 36;
  private static final int FORM_BYTES = 5;
  private static final int EMPTY = 0;
  private static final int LIST = 1;
  private static final int ROARING = 2;
  private static final int GAPS = 3;
  private static final int[] NOTHING = {};

  private PairLayout() {}

  /// What is known of a pair, from either side.
  record Rows(int[] younger, int[] older) {}

  static byte[] write(long younger, long older, boolean shared, Rows rows) {
    byte[] first = body(rows.younger);
    byte[] second = body(rows.older);
    ByteBuffer bytes =
        ByteBuffer.allocate(BODY + first.length + second.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(MAGIC).putInt(VERSION).putInt(shared ? 2 : 1).putLong(younger).putLong(older);
    bytes.position(BODY);
    bytes.put(first).put(second);
    bytes.putInt(CHECKSUM, checksum(bytes.array()));
    return bytes.array();
  }

  /// Rows in the smallest of the forms.
  private static byte[] body(int[] rows) {
    if (rows.length == 0) {
      return form(EMPTY, 0).array();
    }
    RoaringBitmap bitmap = bitmap(rows);
    byte[] gaps = RiceGaps.write(rows);
    int roaring = bitmap.serializedSizeInBytes();
    int list = 4 * rows.length;
    if (list <= roaring && list <= gaps.length) {
      ByteBuffer bytes = form(LIST, list);
      for (int row : rows) {
        bytes.putInt(row);
      }
      return bytes.array();
    }
    if (roaring <= gaps.length) {
      ByteBuffer bytes = form(ROARING, roaring);
      bitmap.serialize(bytes.slice(FORM_BYTES, roaring).order(ByteOrder.LITTLE_ENDIAN));
      return bytes.array();
    }
    return form(GAPS, gaps.length).put(gaps).array();
  }

  private static ByteBuffer form(int form, int length) {
    return ByteBuffer.allocate(FORM_BYTES + length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) form)
        .putInt(length);
  }

  private static RoaringBitmap bitmap(int[] rows) {
    RoaringBitmapWriter<RoaringBitmap> writer = RoaringBitmapWriter.writer().get();
    for (int row : rows) {
      writer.add(row);
    }
    RoaringBitmap bitmap = writer.get();
    bitmap.runOptimize();
    return bitmap;
  }

  /// What a file says, or null if it is not the whole and undamaged file of this pair: then the
  /// pair has to be found out again.
  static Rows read(
      byte[] file, long younger, long older, boolean shared, long youngerRows, long olderRows) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (file.length < BODY + 2 * FORM_BYTES
        || bytes.getLong(0) != MAGIC
        || !isReadable(bytes.getInt(8))
        || bytes.getInt(12) != (shared ? 2 : 1)
        || bytes.getLong(16) != younger
        || bytes.getLong(24) != older
        || bytes.getInt(CHECKSUM) != checksum(file)) {
      return null;
    }
    bytes.position(BODY);
    int[] first = rows(bytes, youngerRows);
    int[] second = first == null ? null : rows(bytes, olderRows);
    boolean fits = second != null && (!shared || first.length == second.length);
    return fits && !bytes.hasRemaining() ? new Rows(first, second) : null;
  }

  private static boolean isReadable(int version) {
    return version >= FIRST_VERSION && version <= VERSION;
  }

  /// Where a file is not what was written, and in which way.
  record Fault(long offset, String message) {}

  /// What is wrong with the file of a pair, or null where nothing is.
  static Fault fault(byte[] file, long younger, long older, long youngerRows, long olderRows) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (file.length < BODY + 2 * FORM_BYTES) {
      return new Fault(file.length, "it ends here, before its rows");
    }
    if (bytes.getLong(0) != MAGIC) {
      return new Fault(0, "wrong magic bytes");
    }
    if (bytes.getInt(CHECKSUM) != checksum(file)) {
      return new Fault(
          0,
          "expected checksum "
              + Checksum.text(bytes.getInt(CHECKSUM))
              + ", found "
              + Checksum.text(checksum(file)));
    }
    if (!isReadable(bytes.getInt(8))) {
      return new Fault(8, "expected version " + VERSION + ", found " + bytes.getInt(8));
    }
    if (bytes.getLong(16) != younger || bytes.getLong(24) != older) {
      return new Fault(16, "it is of the parts " + bytes.getLong(16) + " and " + bytes.getLong(24));
    }
    boolean shared = bytes.getInt(12) == 2;
    return read(file, younger, older, shared, youngerRows, olderRows) == null
        ? new Fault(BODY, "rows that the two parts do not have")
        : null;
  }

  private static int[] rows(ByteBuffer from, long rowsOfPart) {
    if (from.remaining() < FORM_BYTES) {
      return null;
    }
    int form = from.get();
    int length = from.getInt();
    if (length < 0 || length > from.remaining()) {
      return null;
    }
    ByteBuffer bytes = from.slice(from.position(), length).order(ByteOrder.LITTLE_ENDIAN);
    from.position(from.position() + length);
    int[] rows =
        switch (form) {
          case EMPTY -> NOTHING;
          case LIST -> {
            int[] list = new int[length / 4];
            bytes.asIntBuffer().get(list);
            yield list;
          }
          case ROARING -> roaring(bytes);
          case GAPS -> RiceGaps.read(bytes);
          default -> null;
        };
    return rows != null && ascend(rows, rowsOfPart) ? rows : null;
  }

  private static int[] roaring(ByteBuffer bytes) {
    RoaringBitmap bitmap = new RoaringBitmap();
    try {
      bitmap.deserialize(bytes);
    } catch (IOException damaged) {
      return null;
    }
    return bitmap.toArray();
  }

  private static boolean ascend(int[] rows, long rowsOfPart) {
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] < 0 || rows[i] >= rowsOfPart || (i > 0 && rows[i] <= rows[i - 1])) {
        return false;
      }
    }
    return true;
  }

  private static int checksum(byte[] file) {
    CRC32C crc = new CRC32C();
    crc.update(file, 0, CHECKSUM);
    crc.update(file, BODY, file.length - BODY);
    return (int) crc.getValue();
  }
}
