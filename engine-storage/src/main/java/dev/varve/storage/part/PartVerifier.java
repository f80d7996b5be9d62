// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import dev.varve.storage.column.BlockPlace;
import dev.varve.storage.column.ColumnStats;
import dev.varve.storage.column.StatsCollector;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// Reads every byte of a part and checks it: checksums, structure, and that the rows are those that
/// the metadata tells of.
public final class PartVerifier {
  private final DiskPart part;
  private final BufferAllocator allocator;
  private final List<Problem> problems = new ArrayList<>();

  private PartVerifier(DiskPart part, BufferAllocator allocator) {
    this.part = part;
    this.allocator = allocator;
  }

  /// @param file the file the problem is in
  /// @param offset first byte of what is wrong, or -1 where the message alone tells
  /// @param message what was expected and what was found
  public record Problem(Path file, long offset, String message) {}

  /// What is wrong with the part; empty where nothing is.
  public static List<Problem> verify(Path directory) {
    try (BufferAllocator allocator = new RootAllocator();
        DiskPart part = DiskPart.open(directory)) {
      PartVerifier verifier = new PartVerifier(part, allocator);
      verifier.verifyColumns();
      if (verifier.problems.isEmpty()) {
        verifier.verifyOrder();
      }
      return verifier.problems;
    } catch (VarveException e) {
      return List.of(new Problem(directory.resolve(PartMeta.FILE), -1, e.getMessage()));
    }
  }

  private void verifyColumns() {
    StatsCollector collector = new StatsCollector();
    try (Scratch temporary = new Scratch(allocator)) {
      for (StoredColumn column : part.meta().columns()) {
        for (int block = 0; block < column.blocks().blocks(); block++) {
          verifyBlock(column, block, collector, temporary);
        }
        if (column.blocks().granules() != part.granules()) {
          problems.add(
              new Problem(
                  part.directory().resolve(PartMeta.FILE),
                  -1,
                  "column "
                      + column.definition().name()
                      + " has blocks of "
                      + column.blocks().granules()
                      + " granules, the part has "
                      + part.granules()));
        }
      }
    }
  }

  private void verifyBlock(
      StoredColumn column, int block, StatsCollector collector, Scratch temporary) {
    String name = column.definition().name();
    BlockPlace place = column.blocks().place(block);
    Path file = part.directory().resolve(part.meta().files().get(column.file()).name());
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
                      + " tells of"));
        }
      }
    } catch (VarveException e) {
      problems.add(new Problem(file, place.offset(), e.getMessage()));
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
          if (last != null && Arrays.compareUnsigned(last, current) > 0) {
            problem(granule, row, "comes before the row it follows");
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

  private void problem(int granule, int row, String what) {
    problems.add(
        new Problem(
            part.directory().resolve(PartMeta.FILE),
            -1,
            "row " + row + " of granule " + granule + " " + what));
  }
}
