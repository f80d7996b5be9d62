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
    Path file =
        latest(data)
            .orElseThrow(() ->
                new VarveException(
                    ErrorCode.CORRUPTED_DATA,
                    data
                        + " holds no manifest: it is no data directory, or its manifest is"
                        + " lost; restore it from a backup"));
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      return read(file, bytes, (_, _) -> {});
    } catch (IOException failed) {
      throw FileErrors.of("read", file, failed);
    }
  }

  private static Optional<Path> latest(Path data) {
    try {
      return LocalCatalog.manifests(data).reversed().values().stream().findFirst();
    } catch (IOException failed) {
      throw FileErrors.of("list", data, failed);
    }
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
      damage = records == 0 ? Optional.of(noFirstRecord(file, at)) : lost(file, bytes, at);
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

  private static VarveException noFirstRecord(Path file, int at) {
    return ManifestFile.damaged(file, at, "no sound first record, which holds the whole catalog");
  }

  /// What stands behind a bad record, if anything sound does.
  private static Optional<VarveException> lost(Path file, ByteBuffer bytes, int bad) {
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
    if (sound == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new VarveException(
            ErrorCode.CORRUPTED_DATA,
            file
                + " is corrupt at byte "
                + bad
                + ": the record here is damaged, and "
                + sound
                + " sound ones follow (versions "
                + first
                + " to "
                + last
                + "), so it is not the torn end of a crash; what the damaged record committed is"
                + " lost, restore the data directory from a replica or a backup",
            null,
            new FilePlace(file, bad)));
  }
}
