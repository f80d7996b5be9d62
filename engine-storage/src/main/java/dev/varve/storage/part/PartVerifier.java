// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import dev.varve.storage.column.BlockPlace;
import dev.varve.storage.column.ColumnStats;
import dev.varve.storage.column.StatsCollector;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.FilePlace;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// Reads every byte of a part and checks it: checksums, structure, that nothing lies between the
/// blocks, and that the rows are those that the metadata and the catalog tell of.
public final class PartVerifier {
  /// Name of the file that lists the others.
  public static final String METADATA = PartMeta.FILE;

  private final DiskPart part;
  private final Expected expected;
  private final BufferAllocator allocator;
  private final List<Problem> problems = new ArrayList<>();

  private PartVerifier(DiskPart part, Expected expected, BufferAllocator allocator) {
    this.part = part;
    this.expected = expected;
    this.allocator = allocator;
  }

  /// What is known of a part before it is opened.
  ///
  /// @param catalog what the catalog says of it
  /// @param uniqueKeys whether each key stands once
  public record Expected(Optional<PartInfo> catalog, boolean uniqueKeys) {
    public static final Expected NOTHING = new Expected(Optional.empty(), false);
  }

  /// @param file the file the problem is in
  /// @param offset first byte of what is wrong, or -1 where the message alone tells
  /// @param message what was expected and what was found
  /// @param isDamage false where the system could not read, so that nothing is known
  public record Problem(Path file, long offset, String message, boolean isDamage) {
    static Problem of(Path file, long offset, VarveException found) {
      return new Problem(
          found.place().map(FilePlace::file).orElse(file),
          found.place().map(FilePlace::offset).orElse(offset),
          found.getMessage(),
          DiskPart.isDamage(found) || found.code() == ErrorCode.UNSUPPORTED_FORMAT_VERSION);
    }
  }

  /// @param bytes how many were read
  public record Report(List<Problem> problems, long bytes, long rows) {
    public Report {
      problems = List.copyOf(problems);
    }

    /// Whether bytes are not those that were written.
    public boolean isDamaged() {
      return problems.stream().anyMatch(Problem::isDamage);
    }
  }

  /// What is wrong with the part in itself; empty where nothing is.
  public static List<Problem> verify(Path directory) {
    return verify(directory, Expected.NOTHING).problems();
  }

  /// Names of the files that a part lists, and of the list itself.
  ///
  /// @throws VarveException if its metadata cannot be read
  public static Set<String> files(Path directory) {
    try (DiskPart part = DiskPart.open(directory)) {
      Set<String> names = new HashSet<>();
      names.add(PartMeta.FILE);
      part.meta().files().forEach(file -> names.add(file.name()));
      return names;
    }
  }

  /// Reads the part and compares it with what is known of it.
  public static Report verify(Path directory, Expected expected) {
    try (BufferAllocator allocator = new RootAllocator();
        DiskPart part = DiskPart.open(directory)) {
      PartVerifier verifier = new PartVerifier(part, expected, allocator);
      verifier.verifyInfo();
      verifier.verifyPlaces();
      verifier.verifyColumns();
      if (verifier.problems.isEmpty()) {
        verifier.verifyOrder();
        verifier.verifySequences();
      }
      return new Report(verifier.problems, part.info().bytes(), part.info().rows());
    } catch (VarveException e) {
      return new Report(List.of(Problem.of(directory.resolve(PartMeta.FILE), 0, e)), 0, 0);
    }
  }

  /// That it is the part that the catalog names.
  private void verifyInfo() {
    if (expected.catalog().isEmpty()) {
      return;
    }
    PartInfo told = expected.catalog().get();
    PartInfo found = part.info();
    differs("id", told.id(), found.id());
    differs("table", told.table(), found.table());
    differs("rows", told.rows(), found.rows());
    differs("partition", told.partition(), found.partition());
    differs("sequences", told.sequences(), found.sequences());
    differs("log ranges", told.sources(), found.sources());
    differs("level", told.level(), found.level());
    differs("schema version", told.schemaVersion(), found.schemaVersion());
    differs("bytes", told.bytes(), found.bytes());
  }

  private void differs(String what, Object told, Object found) {
    if (!told.equals(found)) {
      metaProblem(
          "the manifest and the part do not agree on "
              + what
              + ": expected "
              + told
              + ", found "
              + found);
    }
  }

  /// That blocks and indexes lie one behind the other, from the header of a file to its end.
  private void verifyPlaces() {
    Map<Integer, TreeMap<Long, Long>> files = new TreeMap<>();
    for (StoredColumn column : part.meta().columns()) {
      for (int block = 0; block < column.blocks().blocks(); block++) {
        BlockPlace place = column.blocks().place(block);
        place(files, column.file(), place.offset(), place.length());
      }
    }
    for (StoredIndex index : part.meta().indexes()) {
      place(files, index.file(), index.offset(), index.length());
    }
    files.forEach(this::verifyPlaces);
  }

  private void place(Map<Integer, TreeMap<Long, Long>> files, int file, long offset, long length) {
    Long before = files.computeIfAbsent(file, _ -> new TreeMap<>()).put(offset, length);
    if (before != null && length > 0) {
      metaProblem("two blocks begin at byte " + offset + " of " + path(file).getFileName());
    }
  }

  private void verifyPlaces(int file, TreeMap<Long, Long> places) {
    long end = DataFileLayout.HEADER_BYTES;
    for (Map.Entry<Long, Long> place : places.entrySet()) {
      if (place.getKey() != end) {
        metaProblem(
            "expected a block at byte "
                + end
                + " of "
                + path(file).getFileName()
                + ", found one at byte "
                + place.getKey());
        return;
      }
      end += place.getValue();
    }
    long bytes = part.meta().files().get(file).bytes();
    if (end != bytes) {
      metaProblem(
          "the last block of "
              + path(file).getFileName()
              + " ends at byte "
              + end
              + ", the file at byte "
              + bytes);
    }
  }

  private Path path(int file) {
    return part.directory().resolve(part.meta().files().get(file).name());
  }

  private void metaProblem(String message) {
    problems.add(new Problem(part.directory().resolve(PartMeta.FILE), -1, message, true));
  }

  private void verifyColumns() {
    StatsCollector collector = new StatsCollector();
    try (Scratch temporary = new Scratch(allocator)) {
      for (StoredColumn column : part.meta().columns()) {
        for (int block = 0; block < column.blocks().blocks(); block++) {
          verifyBlock(column, block, collector, temporary);
        }
        if (column.blocks().granules() != part.granules()) {
          metaProblem(
              "column "
                  + column.definition().name()
                  + " has blocks of "
                  + column.blocks().granules()
                  + " granules, the part has "
                  + part.granules());
        }
      }
    }
  }

  private void verifyBlock(
      StoredColumn column, int block, StatsCollector collector, Scratch temporary) {
    String name = column.definition().name();
    BlockPlace place = column.blocks().place(block);
    Path file = path(column.file());
    try (PartReader reader = part.open(List.of(name), allocator)) {
      int first = column.blocks().firstGranule(block);
      for (int granule = first; granule < first + place.granules(); granule++) {
        reader.seek(granule);
        Vector rows = reader.read(0);
        ColumnStats found = collector.collect(rows, 0, rows.rows(), temporary);
        temporary.reset();
        if (!isSame(part.stats(name, granule), found)) {
          problems.add(
              new Problem(
                  file,
                  place.offset(),
                  "granule "
                      + granule
                      + " of column "
                      + name
                      + " holds other values than "
                      + PartMeta.FILE
                      + " tells of",
                  true));
        }
      }
    } catch (VarveException e) {
      problems.add(Problem.of(file, place.offset(), e));
    }
  }

  private static boolean isSame(ColumnStats a, ColumnStats b) {
    return Objects.deepEquals(a.min(), b.min())
        && Objects.deepEquals(a.max(), b.max())
        && a.nulls() == b.nulls()
        && Objects.equals(a.sum(), b.sum());
  }

  /// Checks that rows are sorted and that the index tells the keys that are there.
  private void verifyOrder() {
    List<String> key = part.meta().sortingKey();
    if (key.isEmpty()) {
      return;
    }
    KeyEncoder encoder = part.layout().keyEncoder();
    byte[] last = null;
    try (PartReader reader = part.open(key, allocator)) {
      for (int granule = 0; granule < part.granules(); granule++) {
        reader.seek(granule);
        List<Vector> columns = new ArrayList<>();
        for (int k = 0; k < key.size(); k++) {
          columns.add(reader.read(k));
        }
        for (int row = 0; row < part.granuleRows(granule); row++) {
          byte[] current = encoder.encode(columns, row);
          if (row == 0 && !Arrays.equals(current, part.firstKey(granule))) {
            problem(granule, row, "has another key than the index tells");
          }
          int order = last == null ? -1 : Arrays.compareUnsigned(last, current);
          if (order > 0) {
            problem(granule, row, "comes before the row it follows");
          } else if (order == 0 && expected.uniqueKeys()) {
            problem(granule, row, "has the key of the row it follows");
          }
          last = current;
        }
      }
    }
    if (!Arrays.equals(last, part.lastKey())) {
      problem(
          part.granules() - 1, part.granuleRows(part.granules() - 1) - 1, "is not the last key");
    }
  }

  /// That `_seq` is where the part says it is.
  private void verifySequences() {
    if (!part.hasColumn(Part.SEQ)) {
      return;
    }
    SeqRange range = part.info().sequences();
    try (PartReader reader = part.open(List.of(Part.SEQ), allocator)) {
      for (int granule = 0; granule < part.granules(); granule++) {
        reader.seek(granule);
        Vector sequences = reader.read(0);
        for (int row = 0; row < sequences.rows(); row++) {
          long sequence = ((Number) VectorValues.get(sequences, row)).longValue();
          if (sequence < range.first() || sequence > range.last()) {
            problem(granule, row, "has sequence " + sequence + ", outside of " + range);
            return;
          }
        }
      }
    }
  }

  private void problem(int granule, int row, String what) {
    metaProblem("row " + row + " of granule " + granule + " " + what);
  }
}
