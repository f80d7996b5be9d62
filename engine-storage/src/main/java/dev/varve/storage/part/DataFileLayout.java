// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.file.FieldReader;
import dev.varve.storage.file.FieldWriter;
import dev.varve.storage.file.FileErrors;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/// First bytes of a file of blocks; the blocks follow, and only `part.meta` knows where.
///
/// | bytes | field | meaning |
/// |-------|-------|---------|
/// | 0-7 | magic | `VARVDATA` |
/// | 8-9 | version | 1 to 3 |
/// | 10-15 | | 0 |
/// | 16-23 | part | id of the part it belongs to |
final class DataFileLayout {
  static final String FILE = "data.bin";
  static final int HEADER_BYTES = 24;
  static final int VERSION = 3;
  private static final byte[] MAGIC = "VARVDATA".getBytes(StandardCharsets.US_ASCII);

  private DataFileLayout() {}

  static byte[] header(long part) {
    FieldWriter header = new FieldWriter();
    header.putRaw(MAGIC);
    header.putShort(VERSION);
    header.putShort(0);
    header.putInt(0);
    header.putLong(part);
    return header.toByteArray();
  }

  static void check(Path path, byte[] header, long part) {
    if (!Arrays.equals(header, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw FileErrors.corrupt(path, 0, "the magic VARVDATA", "another file's first bytes");
    }
    FieldReader fields = new FieldReader(path, header, MAGIC.length, HEADER_BYTES);
    int version = fields.getShort();
    if (version < 1 || version > VERSION) {
      throw new VarveException(
          ErrorCode.UNSUPPORTED_FORMAT_VERSION,
          path
              + " has format version "
              + version
              + ", this program reads up to version "
              + VERSION
              + "; open it with the release that wrote it or a later one");
    }
    fields.getRaw(6);
    long found = fields.getLong();
    if (found != part) {
      throw FileErrors.corrupt(path, 16, "blocks of part " + part, "blocks of part " + found);
    }
  }
}
