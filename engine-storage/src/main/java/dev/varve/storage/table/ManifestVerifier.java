// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.FilePlace;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.file.FileErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/// Reads the manifest of a data directory, changes nothing, and says what is wrong with it and what
/// would be lost.
public final class ManifestVerifier {
  private ManifestVerifier() {}

  /// What was found.
  ///
  /// @param file the manifest that holds
  /// @param state the catalog as far as it could be read; empty where not even the first record can
  /// @param records sound records from the first on
  /// @param tornBytes bytes of a write at the end that nobody was told about; the next start cuts
  ///   them off
  /// @param damage what is wrong
  public record Report(
      Path file,
      Optional<CatalogState> state,
      int records,
      long bytes,
      long tornBytes,
      Optional<VarveException> damage) {}

  /// @throws VarveException CORRUPTED_DATA if there is no manifest
  public static Report verify(Path data) {
    try {
      TreeMap<Long, Path> files = LocalCatalog.manifests(data);
      if (files.isEmpty()) {
        throw new VarveException(
            ErrorCode.CORRUPTED_DATA,
            data
                + " holds no manifest: it is no data directory, or its manifest is"
                + " lost; restore it from a backup");
      }
      Path newest = files.pollLastEntry().getValue();
      Report report = read(newest);
      return report.state().isEmpty() && !files.isEmpty()
          ? orOlder(report, files.lastEntry().getValue())
          : report;
    } catch (IOException failed) {
      throw FileErrors.of("read", data, failed);
    }
  }

  private static Report read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    return read(file, bytes, (_, _) -> {});
  }

  /// The manifest before a damaged one, where the next start will take it ([ManifestFallback]).
  private static Report orOlder(Report newest, Path file) throws IOException {
    Report older = read(file);
    if (older.damage().isPresent()
        || older.tornBytes() > 0
        || !ManifestFallback.holdsNoMore(newest.file(), older.state().orElseThrow())) {
      return newest;
    }
    VarveException damage = newest.damage().orElseThrow();
    VarveException told =
        new VarveException(
            damage.code(),
            damage.getMessage()
                + "; "
                + file.getFileName()
                + " holds the same state and is sound, the next start goes on with it",
            damage);
    return new Report(
        newest.file(), older.state(), older.records(), newest.bytes(), 0, Optional.of(told));
  }

  /// Every record of a manifest as text: its byte, its version, its operations.
  public static List<String> dump(Path file) {
    List<String> lines = new ArrayList<>();
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      Report report =
          read(
              file,
              bytes,
              (at, change) -> {
                lines.add(
                    "byte "
                        + at
                        + ": record "
                        + ManifestLayout.recordVersion(bytes, at)
                        + ", "
                        + ManifestLayout.payloadBytes(bytes, at)
                        + " bytes");
                change.operations().forEach(operation -> lines.add("  " + operation));
              });
      report.damage().ifPresent(damage -> lines.add("DAMAGED " + damage.getMessage()));
      if (report.tornBytes() > 0) {
        lines.add(report.tornBytes() + " bytes of a torn write follow");
      }
    } catch (IOException failed) {
      throw FileErrors.of("read", file, failed);
    }
    return lines;
  }

  private static Report read(
      Path file, ByteBuffer bytes, BiConsumer<Integer, CatalogChange> visitor) {
    CatalogState state = CatalogState.empty();
    int records = 0;
    int at = ManifestLayout.HEADER_BYTES;
    Optional<VarveException> damage = Optional.empty();
    long torn = 0;
    try {
      ManifestFile.checkHeader(file, numberOf(file), bytes);
      while (ManifestLayout.recordIsSound(bytes, at)) {
        state = ManifestFile.applyRecord(file, bytes, at, state);
        visitor.accept(at, ChangeCodec.decode(ManifestLayout.payload(bytes, at)));
        records++;
        at += ManifestLayout.RECORD_HEADER_BYTES + ManifestLayout.payloadBytes(bytes, at);
      }
      torn = bytes.limit() - at;
      damage = records == 0 ? Optional.of(noFirstRecord(file, bytes, at)) : lost(file, bytes, at);
    } catch (VarveException found) {
      damage = Optional.of(found);
    }
    return new Report(
        file,
        records == 0 ? Optional.empty() : Optional.of(state),
        records,
        bytes.limit(),
        damage.isPresent() ? 0 : torn,
        damage);
  }

  private static long numberOf(Path file) {
    String name = file.getFileName().toString();
    return Long.parseLong(name.substring(name.lastIndexOf('-') + 1));
  }

  /// Sound records behind a damaged one, and their first and last version.
  private record Behind(int records, long first, long last) {
    static Behind of(ByteBuffer bytes, int bad) {
      int sound = 0;
      long first = -1;
      long last = -1;
      for (int at = bad + 1; at <= bytes.limit() - ManifestLayout.RECORD_HEADER_BYTES; at++) {
        if (ManifestLayout.recordIsSound(bytes, at)) {
          first = first < 0 ? ManifestLayout.recordVersion(bytes, at) : first;
          last = ManifestLayout.recordVersion(bytes, at);
          sound++;
          at += ManifestLayout.RECORD_HEADER_BYTES + ManifestLayout.payloadBytes(bytes, at) - 1;
        }
      }
      return new Behind(sound, first, last);
    }
  }

  /// The record that makes the state cannot be read, so that no table is known. Parts know their
  /// own table and columns, but not their names, nor which of them are outdated.
  private static VarveException noFirstRecord(Path file, ByteBuffer bytes, int at) {
    Behind behind = Behind.of(bytes, at);
    return new VarveException(
        ErrorCode.CORRUPTED_DATA,
        file
            + " is corrupt at byte "
            + at
            + ": the first record, which holds the whole catalog of that moment, is damaged, so no"
            + " table can be named; "
            + (behind.records == 0
                ? "no sound record follows"
                : behind.records
                    + " sound records follow (versions "
                    + behind.first
                    + " to "
                    + behind.last
                    + "), which change that state and do not replace it")
            + "; the parts are not harmed by this, keep the directory, put back this file or the"
            + " whole directory from a replica or a backup",
        null,
        new FilePlace(file, at));
  }

  /// What stands behind a bad record, if anything sound does.
  private static Optional<VarveException> lost(Path file, ByteBuffer bytes, int bad) {
    Behind behind = Behind.of(bytes, bad);
    if (behind.records == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new VarveException(
            ErrorCode.CORRUPTED_DATA,
            file
                + " is corrupt at byte "
                + bad
                + ": the record here is damaged, and "
                + behind.records
                + " sound ones follow (versions "
                + behind.first
                + " to "
                + behind.last
                + "), so it is not the torn end of a crash; what the damaged record committed is"
                + " lost, restore the data directory from a replica or a backup",
            null,
            new FilePlace(file, bad)));
  }
}
