// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.skip;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.file.Checksum;
import dev.varve.storage.file.FieldReader;
import dev.varve.storage.file.FieldWriter;
import dev.varve.storage.file.FileErrors;
import dev.varve.storage.file.OutputFile;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.skip.SkipIndexData.Bitmaps;
import dev.varve.storage.skip.SkipIndexData.Bounds;
import dev.varve.storage.skip.SkipIndexData.Filters;
import dev.varve.storage.skip.SkipIndexData.ValueSets;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;
import org.roaringbitmap.RoaringBitmap;

/// The file of one skip index of one part, beside the part's columns. `docs/format/skip-index.md`
/// draws it.
///
/// It says itself what it indexes, and is used only where that is what the table declares and where
/// its checksum is right. Else it is as if it were not there.
public final class SkipIndexFile {
  private static final String PREFIX = "skip-";
  private static final String SUFFIX = ".index";
  private static final byte[] MAGIC = "VARVSKIP".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int HEADER_BYTES = 12;
  private static final int FOOTER_BYTES = 4;
  private static final int BOUNDS = 1;
  private static final int SETS = 2;
  private static final int BITMAPS = 3;
  private static final int FILTERS = 4;

  private SkipIndexFile() {}

  static Path path(DiskPart part, String name) {
    return part.directory()
        .resolve(PREFIX + URLEncoder.encode(name, StandardCharsets.UTF_8) + SUFFIX);
  }

  /// The name of the index that a file in a part's directory belongs to; empty where it is none.
  public static Optional<String> indexOf(Path file) {
    String name = file.getFileName().toString();
    if (!name.startsWith(PREFIX) || !name.endsWith(SUFFIX)) {
      return Optional.empty();
    }
    String encoded = name.substring(PREFIX.length(), name.length() - SUFFIX.length());
    try {
      return Optional.of(URLDecoder.decode(encoded, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException foreign) {
      return Optional.empty();
    }
  }

  /// Checks every byte of a file against its checksum, and that it belongs to the part.
  ///
  /// @return how many bytes were read
  /// @throws VarveException CORRUPTED_DATA or CHECKSUM_DOESNT_MATCH with file and byte;
  ///   UNSUPPORTED_FORMAT_VERSION; IO_ERROR where it cannot be read
  public static long verify(Path file, long part) {
    byte[] bytes = bytes(file);
    if (bytes.length < HEADER_BYTES + FOOTER_BYTES) {
      throw FileErrors.corrupt(
          file,
          bytes.length,
          "at least " + (HEADER_BYTES + FOOTER_BYTES) + " bytes",
          bytes.length + " bytes");
    }
    ByteBuffer fields = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int end = bytes.length - FOOTER_BYTES;
    if (!hasMagic(bytes)) {
      throw FileErrors.corrupt(file, 0, "the magic bytes of a skip index", "others");
    }
    int expected = fields.getInt(end);
    int found = Checksum.of(bytes, 0, end);
    if (expected != found) {
      throw FileErrors.checksum(file, 0, expected, found);
    }
    if (fields.getShort(MAGIC.length) != VERSION) {
      throw new VarveException(
          ErrorCode.UNSUPPORTED_FORMAT_VERSION,
          file
              + " has format version "
              + fields.getShort(MAGIC.length)
              + ", this program reads version "
              + VERSION
              + "; use the version that wrote it, or a later one");
    }
    if (fields.getLong(HEADER_BYTES) != part) {
      throw FileErrors.corrupt(
          file, HEADER_BYTES, "an index of part " + part, "of " + fields.getLong(HEADER_BYTES));
    }
    return bytes.length;
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw FileErrors.of("read", file, e);
    }
  }

  private static boolean hasMagic(byte[] file) {
    return Arrays.equals(file, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  /// Whole or not there when it returns; a file of the same name is replaced.
  static void write(DiskPart part, SkipIndexes.Index index, SkipIndexData data) {
    FieldWriter file = new FieldWriter();
    file.putRaw(MAGIC);
    file.putShort(VERSION);
    file.putShort(0);
    file.putLong(part.info().id());
    file.putText(index.definition().type());
    file.putText(index.meaning(part));
    file.putInt(index.definition().granularity());
    file.putInt(part.granules());
    writeData(data, file);
    byte[] checked = file.toByteArray();
    file.putInt(Checksum.of(checked, 0, checked.length));
    Path path = path(part, index.definition().name());
    Path draft = path.resolveSibling(path.getFileName() + ".tmp");
    try {
      try (OutputFile out = OutputFile.create(draft)) {
        out.write(file.toByteArray());
        out.finish(true);
      }
      Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw FileErrors.of("write", path, e);
    }
  }

  private static void writeData(SkipIndexData data, FieldWriter out) {
    switch (data) {
      case Bounds(byte[][][] low, byte[][][] high) -> {
        out.putByte(BOUNDS);
        out.putInt(low.length);
        for (int c = 0; c < low.length; c++) {
          for (int e = 0; e < low[c].length; e++) {
            out.putByte(low[c][e] == null ? 0 : 1);
            if (low[c][e] != null) {
              out.putBytes(low[c][e]);
              out.putBytes(high[c][e]);
            }
          }
        }
      }
      case ValueSets(int[] counts, byte[] values) -> {
        out.putByte(SETS);
        Arrays.stream(counts).forEach(out::putInt);
        out.putBytes(values);
      }
      case Bitmaps(int count, byte[] values, RoaringBitmap[] entries) -> {
        out.putByte(BITMAPS);
        out.putInt(count);
        out.putBytes(values);
        for (RoaringBitmap bitmap : entries) {
          ByteBuffer bytes = ByteBuffer.allocate(bitmap.serializedSizeInBytes());
          bitmap.serialize(bytes);
          out.putBytes(bytes.array());
        }
      }
      case Filters(int hashes, long seed, byte[][][] bits) -> {
        out.putByte(FILTERS);
        out.putInt(hashes);
        out.putLong(seed);
        out.putInt(bits.length);
        for (byte[][] column : bits) {
          for (byte[] filter : column) {
            out.putBytes(filter);
          }
        }
      }
    }
  }

  /// What the file says, or nothing where there is none that fits the part and the declaration.
  static Optional<SkipIndexData> read(DiskPart part, SkipIndexes.Index index) {
    Path path = path(part, index.definition().name());
    byte[] file;
    try {
      file = Files.readAllBytes(path);
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (IOException e) {
      throw FileErrors.of("read", path, e);
    }
    if (!isWhole(file)) {
      return Optional.empty();
    }
    FieldReader in = new FieldReader(path, file, HEADER_BYTES, file.length - FOOTER_BYTES);
    boolean fits =
        in.getLong() == part.info().id()
            & in.getText().equals(index.definition().type())
            & in.getText().equals(index.meaning(part))
            & in.getInt() == index.definition().granularity()
            & in.getInt() == part.granules();
    return fits ? Optional.of(readData(in, index.entries(part))) : Optional.empty();
  }

  private static boolean isWhole(byte[] file) {
    if (file.length < HEADER_BYTES + FOOTER_BYTES
        || !hasMagic(file)
        || file[MAGIC.length] != VERSION) {
      return false;
    }
    int end = file.length - FOOTER_BYTES;
    int expected = ByteBuffer.wrap(file, end, FOOTER_BYTES).order(ByteOrder.LITTLE_ENDIAN).getInt();
    return expected == Checksum.of(file, 0, end);
  }

  private static SkipIndexData readData(FieldReader in, int entries) {
    return switch (in.getByte()) {
      case BOUNDS -> {
        int columns = in.getInt();
        byte[][][] low = new byte[columns][entries][];
        byte[][][] high = new byte[columns][entries][];
        for (int c = 0; c < columns; c++) {
          for (int e = 0; e < entries; e++) {
            if (in.getByte() != 0) {
              low[c][e] = in.getRaw(in.getInt());
              high[c][e] = in.getRaw(in.getInt());
            }
          }
        }
        yield new Bounds(low, high);
      }
      case SETS -> {
        int[] counts = new int[entries];
        Arrays.setAll(counts, e -> in.getInt());
        yield new ValueSets(counts, in.getRaw(in.getInt()));
      }
      case BITMAPS -> {
        int count = in.getInt();
        byte[] values = in.getRaw(in.getInt());
        RoaringBitmap[] bitmaps = new RoaringBitmap[Math.max(0, count)];
        for (int i = 0; i < bitmaps.length; i++) {
          bitmaps[i] = bitmap(in.getRaw(in.getInt()));
        }
        yield new Bitmaps(count, values, bitmaps);
      }
      case FILTERS -> {
        int hashes = in.getInt();
        long seed = in.getLong();
        byte[][][] bits = new byte[in.getInt()][entries][];
        for (byte[][] column : bits) {
          for (int e = 0; e < entries; e++) {
            column[e] = in.getRaw(in.getInt());
          }
        }
        yield new Filters(hashes, seed, bits);
      }
      default -> throw new IllegalStateException("a kind of skip index that nobody wrote");
    };
  }

  private static RoaringBitmap bitmap(byte[] bytes) {
    RoaringBitmap bitmap = new RoaringBitmap();
    try {
      bitmap.deserialize(ByteBuffer.wrap(bytes));
    } catch (IOException e) {
      throw new IllegalStateException("a bitmap whose checksum was right cannot be read", e);
    }
    return bitmap;
  }
}
