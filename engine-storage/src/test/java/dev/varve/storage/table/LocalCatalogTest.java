// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.CatalogChange.Operation;
import dev.varve.test.FaultyDisk;
import dev.varve.test.Randomized;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class LocalCatalogTest {
  private final FaultyDisk disk = new FaultyDisk();
  private final Path data = disk.root().resolve("data");

  private Path manifest(int number) {
    return data.resolve(ManifestFile.name(number));
  }

  private static CatalogChange database(String name) {
    return CatalogChange.of(new Operation.CreateDatabase(name));
  }

  private static void assertRefused(ThrowingCallable call, ErrorCode code, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            VarveException.class,
            error -> {
              assertThat(error.code()).isEqualTo(code);
              assertThat(List.of(words))
                  .allSatisfy(w -> assertThat(error.getMessage()).contains(w));
            });
  }

  @Randomized(times = 40)
  void everyCommittedChangeIsThereAfterReopening(RandomGenerator random) {
    CatalogState model = CatalogState.empty();
    for (int life = 0; life < 4; life++) {
      try (LocalCatalog catalog = LocalCatalog.open(data)) {
        assertThat(catalog.state()).isEqualTo(model);
        for (int i = random.nextInt(20); i > 0; i--) {
          CatalogChange change = RandomChanges.change(model, random);
          model = model.apply(change);
          assertThat(catalog.commit(change)).isEqualTo(model);
        }
      }
    }
  }

  @Randomized(times = 200)
  void aPowerCutKeepsEveryAcknowledgedChangeAndHalvesNone(RandomGenerator random) {
    CatalogState model = CatalogState.empty();
    CatalogState attempted = model;
    for (int life = 0; life < 5; life++) {
      if (random.nextInt(4) > 0) {
        disk.failAfterWrites(random.nextInt(12));
      }
      try (LocalCatalog catalog = LocalCatalog.open(data)) {
        // The change under way when the power went may be there or not.
        assertThat(catalog.state()).isIn(model, attempted);
        model = catalog.state();
        for (int i = random.nextInt(10); i > 0; i--) {
          CatalogChange change = RandomChanges.change(model, random);
          attempted = model.apply(change);
          catalog.commit(change);
          model = attempted;
        }
      } catch (VarveException gone) {
        assertThat(disk.isGone()).as(gone.getMessage()).isTrue();
      }
      disk.powerCut(random);
    }
  }

  @Randomized(times = 30)
  void aTornEndIsCutWhateverItsBytes(RandomGenerator random) throws IOException {
    CatalogState committed;
    try (LocalCatalog catalog = LocalCatalog.open(data)) {
      catalog.commit(database("a"));
      committed = catalog.state();
    }
    byte[] record = ManifestLayout.record(3, ChangeCodec.encode(database("b"))).array();
    byte[] torn = new byte[1 + random.nextInt(record.length - 1)];
    System.arraycopy(record, 0, torn, 0, torn.length);
    if (random.nextBoolean()) {
      random.nextBytes(torn);
    }
    byte[] whole = Files.readAllBytes(manifest(1));
    ByteBuffer both = ByteBuffer.allocate(whole.length + torn.length).put(whole).put(torn);
    Files.write(manifest(1), both.array());
    try (LocalCatalog catalog = LocalCatalog.open(data)) {
      assertThat(catalog.cutBytes()).isEqualTo(torn.length);
      assertThat(catalog.state()).isEqualTo(committed);
      catalog.commit(database("c"));
    }
    try (LocalCatalog catalog = LocalCatalog.open(data)) {
      assertThat(catalog.state().databases()).containsExactly("a", "c");
    }
  }

  @Randomized(times = 60)
  void aFlippedBitInFrontOfSoundRecordsIsAnErrorThatNamesFileAndByte(RandomGenerator random)
      throws IOException {
    int bytes;
    try (LocalCatalog catalog = LocalCatalog.open(data)) {
      catalog.commit(database("a"));
      bytes = (int) Files.size(manifest(1));
      catalog.commit(database("b"));
    }
    // Anything but the mark and length of the last record, which would look like a torn end.
    disk.flipBit(manifest(1), random.nextInt(bytes * 8));
    assertThatThrownBy(() -> LocalCatalog.open(data))
        .isInstanceOfSatisfying(
            VarveException.class,
            error -> {
              assertThat(error.code())
                  .isIn(ErrorCode.CORRUPTED_DATA, ErrorCode.UNSUPPORTED_FORMAT_VERSION);
              assertThat(error.getMessage()).contains("manifest-000000000001");
            });
  }

  @Test
  void damageIsNamedWithItsByteAndTheWayOut() throws IOException {
    try (LocalCatalog catalog = LocalCatalog.open(data)) {
      catalog.commit(database("a"));
      catalog.commit(database("b"));
    }
    disk.flipBit(manifest(1), 8L * (ManifestLayout.HEADER_BYTES + 30));
    assertRefused(
        () -> LocalCatalog.open(data),
        ErrorCode.CORRUPTED_DATA,
        "/data/manifest-000000000001 is corrupt at byte 24",
        "restore");
  }

  @Test
  void wrongMagicAndUnknownVersionAreRefused() throws IOException {
    LocalCatalog.open(data).close();
    byte[] sound = Files.readAllBytes(manifest(1));
    byte[] other = sound.clone();
    other[0] = 'X';
    Files.write(manifest(1), other);
    assertRefused(() -> LocalCatalog.open(data), ErrorCode.CORRUPTED_DATA, "wrong magic");
    other = sound.clone();
    other[8] = 9;
    Files.write(manifest(1), other);
    assertRefused(() -> LocalCatalog.open(data), ErrorCode.UNSUPPORTED_FORMAT_VERSION, "version 9");
  }

  @Test
  void aFullDiskRefusesTheChangeAndNothingOfItStays() {
    try (LocalCatalog catalog = LocalCatalog.open(data)) {
      catalog.commit(database("a"));
      disk.fillAt(disk.usedBytes() + 10);
      assertRefused(
          () -> catalog.commit(database("b")), ErrorCode.NOT_ENOUGH_SPACE, "no space left");
      assertThat(catalog.state().databases()).containsExactly("a");
      disk.fillAt(Long.MAX_VALUE);
      catalog.commit(database("c"));
    }
    try (LocalCatalog catalog = LocalCatalog.open(data)) {
      assertThat(catalog.cutBytes()).isZero();
      assertThat(catalog.state().databases()).containsExactly("a", "c");
    }
  }

  @Test
  void afterAFailedSyncOnlyARestartGoesOn() {
    try (LocalCatalog catalog = LocalCatalog.open(data)) {
      disk.failSyncs(true);
      assertRefused(() -> catalog.commit(database("a")), ErrorCode.IO_ERROR, "restart");
      disk.failSyncs(false);
      assertRefused(() -> catalog.commit(database("b")), ErrorCode.IO_ERROR, "restart");
      assertThat(catalog.state().databases()).isEmpty();
    }
    try (LocalCatalog catalog = LocalCatalog.open(data)) {
      catalog.commit(database("c"));
      assertThat(catalog.state().databases()).contains("c").doesNotContain("b");
    }
  }

  @Test
  void aSecondOwnerIsToldWhoHoldsTheDirectory() {
    try (LocalCatalog first = LocalCatalog.open(data)) {
      assertThat(first.state().databases()).isEmpty();
      assertRefused(
          () -> LocalCatalog.open(data),
          ErrorCode.DIRECTORY_LOCKED,
          "/data",
          "pid " + ProcessHandle.current().pid());
    }
    LocalCatalog.open(data).close();
  }

  @Test
  void aGrownManifestIsRewrittenAndOldFilesGo() throws IOException {
    CatalogState last;
    try (LocalCatalog catalog = LocalCatalog.open(data)) {
      catalog.commit(CatalogChange.of(new Operation.PutTable(1, RandomChanges.definition("t", 1))));
      for (int i = 1; i < 1000; i++) {
        String comment = "x".repeat(2000) + i;
        catalog.commit(
            CatalogChange.of(new Operation.PutTable(1, RandomChanges.definition(comment, i))));
      }
      last = catalog.state();
    }
    assertThat(manifest(1)).doesNotExist();
    try (Stream<Path> files = Files.list(data)) {
      List<Path> manifests = files.filter(f -> f.toString().contains("manifest")).toList();
      assertThat(manifests).hasSize(1);
      assertThat(Files.size(manifests.getFirst())).isLessThan(1_100_000);
    }
    try (LocalCatalog catalog = LocalCatalog.open(data)) {
      assertThat(catalog.state()).isEqualTo(last);
    }
  }

  @Test
  void changesOfManyThreadsAreAllThere() throws Exception {
    try (LocalCatalog catalog = LocalCatalog.open(data);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<CatalogState>> changes = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        String name = "d" + i;
        changes.add(() -> catalog.commit(database(name)));
      }
      for (Future<CatalogState> done : threads.invokeAll(changes)) {
        done.get();
      }
      assertThat(catalog.state().version()).isEqualTo(200);
    }
    try (LocalCatalog catalog = LocalCatalog.open(data)) {
      assertThat(catalog.state().databases()).hasSize(200);
    }
  }

  @Test
  void partIdsAreNeverGivenTwiceEvenIfNothingWasCommitted() {
    long before;
    try (LocalCatalog catalog = LocalCatalog.open(data)) {
      catalog.newPartId();
      before = catalog.newPartId();
    }
    try (LocalCatalog catalog = LocalCatalog.open(data)) {
      assertThat(catalog.newPartId()).isGreaterThan(before);
    }
  }

  @Test
  void aChangeOfADroppedTableIsRefusedAndOthersGoOn() {
    try (LocalCatalog catalog = LocalCatalog.open(data)) {
      CatalogChange late = CatalogChange.of(new Operation.RaiseSequence(7, 1));
      assertRefused(() -> catalog.commit(late), ErrorCode.UNKNOWN_TABLE, "dropped");
      catalog.commit(database("a"));
    }
  }
}
