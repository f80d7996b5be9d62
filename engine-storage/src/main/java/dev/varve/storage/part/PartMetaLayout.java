// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import dev.varve.storage.column.BlockDirectory;
import dev.varve.storage.column.BlockPlace;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.column.GranuleRows;
import dev.varve.storage.column.StatsTable;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.file.Checksum;
import dev.varve.storage.file.FieldReader;
import dev.varve.storage.file.FieldWriter;
import dev.varve.storage.file.FileErrors;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Layout of `part.meta`: magic, version, the fields of [PartMeta] in order, CRC32C of all before.
/// `docs/format/part.md` draws it.
final class PartMetaLayout {
  static final byte[] MAGIC = "VARVPART".getBytes(StandardCharsets.US_ASCII);
  static final int VERSION = 3;

  /// The first version with a list of skip indexes.
  private static final int WITH_INDEXES = 2;

  static final int HEADER_BYTES = 16;
  static final int FOOTER_BYTES = 4;

  /// Bytes of a block's place.
  private static final int BLOCK_BYTES = 18;

  private PartMetaLayout() {}

  static byte[] write(PartMeta meta) {
    FieldWriter body = new FieldWriter();
    writeDraft(meta.draft(), body);
    body.putInt(meta.files().size());
    for (PartMeta.StoredFile file : meta.files()) {
      body.putText(file.name());
      body.putLong(file.bytes());
    }
    body.putInt(meta.granules().granules());
    for (int g = 0; g < meta.granules().granules(); g++) {
      body.putShort(meta.granules().rows(g));
    }
    body.putInt(meta.sortingKey().size());
    meta.sortingKey().forEach(body::putText);
    for (int offset : meta.keyOffsets()) {
      body.putInt(offset);
    }
    body.putRaw(meta.keys());
    body.putInt(meta.columns().size());
    meta.columns().forEach(column -> writeColumn(column, body));
    body.putInt(meta.indexes().size());
    meta.indexes().forEach(index -> writeIndex(index, body));
    return framed(body.toByteArray());
  }

  private static byte[] framed(byte[] body) {
    FieldWriter file = new FieldWriter();
    file.putRaw(MAGIC);
    file.putShort(VERSION);
    file.putShort(0);
    file.putInt(body.length);
    file.putRaw(body);
    byte[] checked = file.toByteArray();
    file.putInt(Checksum.of(checked, 0, checked.length));
    return file.toByteArray();
  }

  private static void writeDraft(PartDraft draft, FieldWriter body) {
    body.putLong(draft.id());
    body.putLong(draft.table());
    body.putInt(draft.schemaVersion());
    body.putInt(draft.level());
    body.putInt(draft.parents().size());
    draft.parents().forEach(body::putLong);
    body.putText(draft.partition());
    body.putLong(draft.sequences().first());
    body.putLong(draft.sequences().last());
    body.putInt(draft.sources().size());
    for (LogRange source : draft.sources()) {
      body.putInt(source.partition());
      body.putLong(source.from());
      body.putLong(source.to());
    }
    body.putLong(draft.createdMillis());
  }

  private static void writeColumn(StoredColumn column, FieldWriter body) {
    ColumnFields.write(column.definition(), body);
    body.putShort(column.file());
    body.putLong(column.plainBytes());
    body.putInt(column.blocks().blocks());
    for (int b = 0; b < column.blocks().blocks(); b++) {
      BlockPlace place = column.blocks().place(b);
      body.putLong(place.offset());
      body.putInt(place.length());
      body.putInt(place.checksum());
      body.putShort(place.granules());
    }
    for (int offset : column.stats().offsets()) {
      body.putInt(offset);
    }
    body.putRaw(column.stats().bytes());
  }

  /// Bytes that tell where the column's granules are and what is known of each.
  static long markBytes(StoredColumn column) {
    int[] offsets = column.stats().offsets();
    return BLOCK_BYTES * (long) column.blocks().blocks()
        + 4L * offsets.length
        + offsets[offsets.length - 1];
  }

  private static void writeIndex(StoredIndex index, FieldWriter body) {
    body.putText(index.name());
    body.putText(index.type());
    body.putText(index.expression());
    body.putInt(index.granularity());
    body.putShort(index.file());
    body.putLong(index.offset());
    body.putLong(index.length());
  }

  /// @param path named in errors
  static PartMeta read(Path path, byte[] file) {
    int end = checkFrame(path, file);
    FieldReader body = new FieldReader(path, file, HEADER_BYTES, end);
    PartDraft draft = readDraft(body);
    List<PartMeta.StoredFile> files = new ArrayList<>();
    for (int n = body.getCount(12); n > 0; n--) {
      files.add(new PartMeta.StoredFile(body.getText(), body.getLong()));
    }
    GranuleRows granules = new GranuleRows();
    for (int n = body.getCount(2); n > 0; n--) {
      granules.add(body.getShort());
    }
    List<String> sortingKey = new ArrayList<>();
    for (int n = body.getCount(4); n > 0; n--) {
      sortingKey.add(body.getText());
    }
    int[] keyOffsets = readOffsets(granules.granules() + 2, body);
    byte[] keys = body.getRaw(keyOffsets[keyOffsets.length - 1]);
    List<StoredColumn> columns = new ArrayList<>();
    for (int n = body.getCount(20); n > 0; n--) {
      columns.add(readColumn(path, granules.granules(), body));
    }
    List<StoredIndex> indexes = new ArrayList<>();
    if (version(file) >= WITH_INDEXES) {
      for (int n = body.getCount(34); n > 0; n--) {
        indexes.add(readIndex(body));
      }
    }
    return new PartMeta(draft, files, granules, sortingKey, keys, keyOffsets, columns, indexes);
  }

  private static StoredIndex readIndex(FieldReader body) {
    return new StoredIndex(
        body.getText(),
        body.getText(),
        body.getText(),
        body.getInt(),
        body.getShort(),
        body.getLong(),
        body.getLong());
  }

  private static int version(byte[] file) {
    return file[MAGIC.length] & 0xFF | (file[MAGIC.length + 1] & 0xFF) << 8;
  }

  /// Checks magic, version, length and checksum; returns where the fields end.
  private static int checkFrame(Path path, byte[] file) {
    if (file.length < HEADER_BYTES + FOOTER_BYTES) {
      throw FileErrors.corrupt(
          path,
          file.length,
          "at least " + (HEADER_BYTES + FOOTER_BYTES) + " bytes",
          "the end of the file");
    }
    if (!Arrays.equals(file, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw FileErrors.corrupt(path, 0, "the magic VARVPART", "another file's first bytes");
    }
    FieldReader header = new FieldReader(path, file, MAGIC.length + 2, HEADER_BYTES);
    int version = version(file);
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
    header.getShort();
    int end = header.getInt() + HEADER_BYTES;
    if (end != file.length - FOOTER_BYTES) {
      throw FileErrors.corrupt(
          path,
          12,
          (file.length - HEADER_BYTES - FOOTER_BYTES) + " bytes of fields",
          "" + (end - HEADER_BYTES));
    }
    int expected = new FieldReader(path, file, end, file.length).getInt();
    int found = Checksum.of(file, 0, end);
    if (expected != found) {
      throw FileErrors.checksum(path, 0, expected, found);
    }
    return end;
  }

  private static PartDraft readDraft(FieldReader body) {
    long id = body.getLong();
    long table = body.getLong();
    int schemaVersion = body.getInt();
    int level = body.getInt();
    List<Long> parents = new ArrayList<>();
    for (int n = body.getCount(8); n > 0; n--) {
      parents.add(body.getLong());
    }
    String partition = body.getText();
    SeqRange sequences = new SeqRange(body.getLong(), body.getLong());
    List<LogRange> sources = new ArrayList<>();
    for (int n = body.getCount(20); n > 0; n--) {
      sources.add(new LogRange(body.getInt(), body.getLong(), body.getLong()));
    }
    long created = body.getLong();
    return new PartDraft(
        id, table, schemaVersion, level, parents, partition, sequences, sources, created);
  }

  private static int[] readOffsets(int count, FieldReader body) {
    int[] offsets = new int[count];
    for (int i = 0; i < count; i++) {
      offsets[i] = body.getInt();
    }
    return offsets;
  }

  private static StoredColumn readColumn(Path path, int granules, FieldReader body) {
    ColumnDefinition definition = ColumnFields.read(path, body);
    int file = body.getShort();
    long plainBytes = body.getLong();
    List<BlockPlace> places = new ArrayList<>();
    for (int n = body.getCount(BLOCK_BYTES); n > 0; n--) {
      places.add(new BlockPlace(body.getLong(), body.getInt(), body.getInt(), body.getShort()));
    }
    int[] offsets = readOffsets(granules + 1, body);
    byte[] stats = body.getRaw(offsets[granules]);
    return new StoredColumn(
        definition,
        file,
        plainBytes,
        new BlockDirectory(places),
        new StatsTable(definition.type().physical(), stats, offsets));
  }
}
