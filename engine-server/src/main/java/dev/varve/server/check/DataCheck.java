// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.check;

import dev.varve.ingest.log.SegmentVerifier;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.journal.JournalVerifier;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.part.PartVerifier;
import dev.varve.storage.table.CatalogState;
import dev.varve.storage.table.CatalogTable;
import dev.varve.storage.table.DeletedRowsFile;
import dev.varve.storage.table.ManifestVerifier;
import dev.varve.storage.table.Quarantine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Checks a data directory: the manifest, every part that it names, what lies beside the parts, and
/// the log. Changes nothing. One thread.
public final class DataCheck {
  private final Path data;
  private final Predicate<CatalogTable> wanted;
  private final Consumer<String> progress;
  private final List<Finding> findings = new ArrayList<>();
  private DerivedFiles derived;
  private int tables;
  private int parts;
  private long rows;
  private long bytes;

  /// @param wanted the tables to check
  /// @param progress hears a line now and then
  public DataCheck(Path data, Predicate<CatalogTable> wanted, Consumer<String> progress) {
    this.data = data;
    this.wanted = wanted;
    this.progress = progress;
  }

  /// @param withLog whether the log is read too
  public CheckReport run(boolean withLog) throws IOException {
    long start = System.nanoTime();
    ManifestVerifier.Report manifest = ManifestVerifier.verify(data);
    bytes += manifest.bytes();
    manifest.damage().ifPresent(damage -> add(Finding.Kind.DAMAGED, manifest.file(), damage));
    if (manifest.tornBytes() > 0) {
      findings.add(
          Finding.of(
              Finding.Kind.NOTE,
              manifest.file(),
              manifest.bytes() - manifest.tornBytes(),
              manifest.tornBytes()
                  + " bytes of a write that was never acknowledged; the next start cuts them off"));
    }
    if (manifest.state().isPresent()) {
      CatalogState state = manifest.state().get();
      derived = new DerivedFiles(state, findings);
      for (CatalogTable table : state.tables().values()) {
        if (wanted.test(table)) {
          check(table);
        }
      }
      if (manifest.damage().isEmpty()) {
        noteOrphans(state);
      }
      bytes += derived.bytes();
    } else {
      new UnnamedParts(findings).check(data, progress);
    }
    JournalVerifier.Report journal = JournalVerifier.verify(data.resolve("journal"));
    bytes += journal.bytes();
    journal.damage().forEach(found -> add(Finding.Kind.DAMAGED, data.resolve("journal"), found));
    SegmentVerifier.Report log =
        withLog ? checkLog() : new SegmentVerifier.Report(0, 0, 0, List.of());
    return new CheckReport(
        manifest.state().map(CatalogState::version).orElse(-1L),
        tables,
        parts,
        rows,
        log.segments(),
        log.batches(),
        bytes + log.bytes(),
        System.nanoTime() - start,
        findings);
  }

  private void add(Finding.Kind kind, Path file, VarveException found) {
    findings.add(
        new Finding(
            kind,
            found.place().map(place -> place.file()).orElse(file),
            found.place().map(place -> place.offset()).orElse(-1L),
            found.getMessage(),
            "",
            ""));
  }

  private void check(CatalogTable table) {
    tables++;
    boolean uniqueKeys = !table.definition().engine().equals("MergeTree");
    for (PartInfo part : table.parts().values()) {
      parts++;
      check(table, part, uniqueKeys);
      if (parts % 16 == 0) {
        progress.accept(parts + " parts, " + bytes / 1_000_000 + " MB");
      }
    }
  }

  private void check(CatalogTable table, PartInfo part, boolean uniqueKeys) {
    Path directory = data.resolve("parts").resolve(part.name());
    Quarantine known = table.quarantined().get(part.id());
    if (known != null) {
      tell(Finding.Kind.QUARANTINED, table, part, directory, -1, known.reason());
    }
    if (!Files.isDirectory(directory)) {
      String text = "the part is missing, with " + part.rows() + " rows";
      tell(Finding.Kind.DAMAGED, table, part, directory, -1, text);
      return;
    }
    PartVerifier.Report report =
        PartVerifier.verify(directory, new PartVerifier.Expected(Optional.of(part), uniqueKeys));
    bytes += report.bytes();
    rows += report.rows();
    for (PartVerifier.Problem problem : report.problems()) {
      tell(
          problem.isDamage() ? Finding.Kind.DAMAGED : Finding.Kind.UNREADABLE,
          table,
          part,
          problem.file(),
          problem.offset(),
          problem.message());
    }
    checkDeletedRows(table, part);
    noteStrangers(table, part, directory);
  }

  private void checkDeletedRows(CatalogTable table, PartInfo part) {
    CatalogTable.Deletes deletes = table.deletes().get(part.id());
    if (deletes == null) {
      return;
    }
    Path file = data.resolve("parts").resolve(DeletedRowsFile.name(part.id(), deletes.number()));
    try {
      DeletedRowsFile.read(data.resolve("parts"), part.id(), deletes.number(), deletes.rows());
      bytes += Files.size(file);
    } catch (VarveException found) {
      Path wrong = found.place().map(place -> place.file()).orElse(file);
      long offset = found.place().map(place -> place.offset()).orElse(-1L);
      tell(Finding.Kind.DAMAGED, table, part, wrong, offset, found.getMessage());
    } catch (IOException failed) {
      tell(Finding.Kind.UNREADABLE, table, part, file, -1, failed.toString());
    }
  }

  private void tell(
      Finding.Kind kind, CatalogTable table, PartInfo part, Path file, long offset, String text) {
    String name = table.definition().name().toString();
    findings.add(new Finding(kind, file, offset, text, name, part.name()));
  }

  /// Files in a part's directory that its metadata does not list.
  private void noteStrangers(CatalogTable table, PartInfo part, Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      Set<String> own = PartVerifier.files(directory);
      for (Path entry : entries.sorted().toList()) {
        if (!own.contains(entry.getFileName().toString())
            && !derived.isSkipIndex(table, part, entry)) {
          tell(Finding.Kind.NOTE, table, part, entry, -1, "the part does not list this file");
        }
      }
    } catch (VarveException damaged) {
      progress.accept(part.name() + " cannot tell its files"); // told as damage above
    } catch (IOException failed) {
      tell(Finding.Kind.UNREADABLE, table, part, directory, -1, failed.toString());
    }
  }

  private void noteOrphans(CatalogState state) throws IOException {
    Path directory = data.resolve("parts");
    if (!Files.isDirectory(directory)) {
      return;
    }
    Set<String> named = new HashSet<>();
    for (CatalogTable table : state.tables().values()) {
      table.parts().values().forEach(part -> named.add(part.name()));
      table.deletes().forEach((part, rows) -> named.add(DeletedRowsFile.name(part, rows.number())));
    }
    try (Stream<Path> entries = Files.list(directory)) {
      entries
          .sorted()
          .filter(entry -> !named.contains(entry.getFileName().toString()))
          .filter(entry -> !derived.isPair(entry))
          .forEach(entry ->
              findings.add(
                  Finding.of(
                      Finding.Kind.NOTE,
                      entry,
                      -1,
                      "no record of the manifest names it; the next start removes it")));
    }
  }

  private SegmentVerifier.Report checkLog() throws IOException {
    Path log = data.resolve("log");
    if (!Files.isDirectory(log)) {
      return new SegmentVerifier.Report(0, 0, 0, List.of());
    }
    progress.accept("the log");
    SegmentVerifier.Report report = SegmentVerifier.verify(log);
    for (SegmentVerifier.Problem problem : report.problems()) {
      findings.add(
          Finding.of(
              problem.isDamage() ? Finding.Kind.DAMAGED : Finding.Kind.NOTE,
              problem.file(),
              problem.offset(),
              problem.message()));
    }
    return report;
  }
}
