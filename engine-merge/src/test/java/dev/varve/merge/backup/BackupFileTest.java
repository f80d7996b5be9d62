// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.CatalogState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The file `backup`: what is written is read, and what was written once stays readable.
final class BackupFileTest {
  /// What version 1 wrote of [#BACKUP].
  private static final String VERSION_1 =
      "56424b500100000002000000623200d66d799b01000001020000000200000062320b0000002f6261636b7570"
          + "732f62320200000062310b0000002f6261636b7570732f623116000000020000000a01000000000000000b01"
          + "00000000000000020000001600000070617274732f706172742d372f706172742e6d657461010000002c0100"
          + "0000000000abababababababababababababababababababababababababababababababab0d000000626573"
          + "6964652f616363657373000000000c0000000000000001010101010101010101010101010101010101010101"
          + "010101010101010101015da26964";

  private static final Backup BACKUP =
      new Backup(
          "b2",
          1_767_268_800_000L,
          true,
          List.of(new Backup.Home("b2", "/backups/b2"), new Backup.Home("b1", "/backups/b1")),
          CatalogState.ofBytes(CatalogState.empty().toBytes()),
          List.of(
              new Backup.StoredFile("parts/part-7/part.meta", 1, 300, new Digest("ab".repeat(32))),
              new Backup.StoredFile("beside/access", 0, 12, new Digest("01".repeat(32)))));

  @TempDir Path directory;

  @Test
  void whatWasWrittenIsRead() throws IOException {
    new BackupFile(directory).write(BACKUP);
    assertThat(new BackupFile(directory).read()).contains(BACKUP);
    assertThat(HexFormat.of().formatHex(Files.readAllBytes(directory.resolve("backup"))))
        .isEqualTo(VERSION_1);
    assertThat(BACKUP.bytes()).isEqualTo(312);
    assertThat(BACKUP.ownBytes()).isEqualTo(12);
  }

  @Test
  void theFirstVersionStaysReadable() throws IOException {
    Files.write(directory.resolve("backup"), HexFormat.of().parseHex(VERSION_1));
    assertThat(new BackupFile(directory).read()).contains(BACKUP);
  }

  @Test
  void aFolderWithoutTheFileIsNoBackup() {
    assertThat(new BackupFile(directory).read()).isEmpty();
    assertThatThrownBy(() -> BackupFolder.open(directory, Optional.empty()))
        .isInstanceOfSatisfying(
            VarveException.class,
            failed -> assertThat(failed.code()).isEqualTo(ErrorCode.BACKUP_NOT_FOUND));
  }

  @Test
  void aPathThatLeadsOutOfTheFolderIsRefused() {
    Backup.StoredFile outside =
        new Backup.StoredFile("parts/../../secret", 0, 1, new Digest("00".repeat(32)));
    new BackupFile(directory)
        .write(new Backup("b", 0, false, BACKUP.homes(), CatalogState.empty(), List.of(outside)));
    assertThatThrownBy(() -> new BackupFile(directory).read())
        .hasMessageContaining("parts/../../secret");
  }
}
