// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.merge.engine.MergeEngine;
import dev.varve.merge.engine.MergeSettings;
import dev.varve.sql.session.Request;
import dev.varve.sql.session.Session;
import dev.varve.sql.session.SqlEngine;
import dev.varve.storage.error.VarveException;
import dev.varve.test.Randomized;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `varve check`: it finds every flipped bit and every truncation, names file and byte, and can set
/// damaged parts aside.
final class DataCheckTest {
  @TempDir Path directory;

  private void run(Path data, String... statements) {
    try (BufferAllocator allocator = new RootAllocator();
        MergeEngine tables =
            MergeEngine.open(data, MergeSettings.defaults().withMergeThreads(0), allocator);
        SqlEngine sql = new SqlEngine(tables, allocator, 2, List.of());
        Session session = sql.open("tester", "")) {
      for (String statement : statements) {
        session.execute(Request.of(statement)).close();
      }
    }
  }

  private Path data() throws IOException {
    Path data = Files.createTempDirectory(directory, "data");
    run(
        data,
        "CREATE TABLE t (k UInt32, s String, d Nullable(Decimal(10, 2))) ENGINE ="
            + " ReplacingMergeTree ORDER BY k",
        "INSERT INTO t SELECT number, concat('text ', toString(number % 7)), number / 4"
            + " FROM numbers(20000)",
        "INSERT INTO t SELECT number, 'new', NULL FROM numbers(10)",
        "CREATE TABLE u (a Int64) ENGINE = MergeTree ORDER BY a",
        "INSERT INTO u VALUES (1), (1)",
        "DELETE FROM u WHERE a = 5",
        "DELETE FROM t WHERE k = 3");
    return data;
  }

  private static CheckReport check(Path data) throws IOException {
    return new DataCheck(data, _ -> true, _ -> {}).run(true);
  }

  private static Path newestManifest(Path data) throws IOException {
    try (Stream<Path> files = Files.list(data)) {
      return files
          .filter(file -> file.getFileName().toString().matches("manifest-\\d+"))
          .max(Path::compareTo)
          .orElseThrow();
    }
  }

  private static List<Path> partFiles(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data.resolve("parts"))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Test
  void aSoundDirectoryIsToldSoWithWhatWasRead() throws IOException {
    Path data = data();
    CheckReport report = check(data);
    assertThat(report.findings()).isEmpty();
    assertThat(report.status()).isZero();
    assertThat(report.tables()).isEqualTo(2);
    assertThat(report.parts()).isEqualTo(3);
    assertThat(report.rows()).isEqualTo(20_012);
    assertThat(CheckText.lines(report)).contains("no damage found", "3 of 2 tables");
    assertThat(CheckText.json(report)).startsWith("{\"status\":0").endsWith("\"findings\":[]}");
  }

  @Randomized(times = 25)
  void aFlippedBitOrATruncationOfAPartIsFoundNamedAndSetAside(RandomGenerator random)
      throws IOException {
    Path data = data();
    List<Path> files = partFiles(data);
    Path file = files.get(random.nextInt(files.size()));
    byte[] bytes = Files.readAllBytes(file);
    int at = random.nextInt(bytes.length);
    boolean cut = random.nextBoolean();
    if (cut) {
      bytes = Arrays.copyOf(bytes, at);
    } else {
      bytes[at] ^= (byte) (1 << random.nextInt(8));
    }
    Files.write(file, bytes);
    CheckReport report = check(data);
    if (!cut && at >= 10 && at <= 15 && file.endsWith("data.bin")) {
      return; // bytes that say nothing
    }
    assertThat(report.status()).as(file + " at " + at).isEqualTo(1);
    assertThat(report.findings()).allMatch(f -> f.kind() == Finding.Kind.DAMAGED);
    Finding finding = report.findings().getFirst();
    assertThat(finding.message()).contains(file.getFileName().toString());
    assertThat(QuarantineAll.of(data, report))
        .containsExactly(finding.table() + " " + finding.part());
    assertThat(check(data).findings()).anyMatch(f -> f.kind() == Finding.Kind.QUARANTINED);
    run(data, "SELECT count(*) FROM t SETTINGS skip_quarantined_parts = 1");
  }

  private Path dataWithDerivedFiles() throws IOException {
    Path data = Files.createTempDirectory(directory, "data");
    run(
        data,
        "CREATE TABLE s (k UInt32, v String, INDEX \"by v\" v TYPE bloom_filter(0.01) GRANULARITY 1)"
            + " ENGINE = ReplacingMergeTree ORDER BY k",
        "INSERT INTO s SELECT number, toString(number) FROM numbers(10000)",
        "INSERT INTO s SELECT number * 2, 'new' FROM numbers(10000)");
    writePair(data);
    return data;
  }

  /// The file of the two parts as `docs/format/pairs.md` draws it: the younger beats rows 0 and 2
  /// of the older one.
  private static void writePair(Path data) throws IOException {
    List<Long> ids =
        partFiles(data).stream()
            .filter(file -> file.endsWith("part.meta"))
            .map(file -> file.getParent().getFileName().toString().substring("part-".length()))
            .map(Long::parseLong)
            .sorted()
            .toList();
    ByteBuffer pair = ByteBuffer.allocate(54).order(ByteOrder.LITTLE_ENDIAN);
    pair.put("VARVPAIR".getBytes(StandardCharsets.US_ASCII)).putInt(1).putInt(1);
    pair.putLong(ids.get(1)).putLong(ids.get(0)).putInt(0);
    pair.put((byte) 0).putInt(0);
    pair.put((byte) 1).putInt(8).putInt(0).putInt(2);
    CRC32C checksum = new CRC32C();
    checksum.update(pair.array(), 0, 32);
    checksum.update(pair.array(), 36, 18);
    pair.putInt(32, (int) checksum.getValue());
    String name = "part-" + ids.get(1) + ".pair-" + ids.get(0);
    Files.write(data.resolve("parts").resolve(name), pair.array());
  }

  private static List<Path> derivedFiles(Path data) throws IOException {
    return partFiles(data).stream()
        .filter(file -> file.getFileName().toString().matches("skip-.*|part-.*\\.pair-.*"))
        .toList();
  }

  @Test
  void soundSkipIndexesAndPairsAreNoNews() throws IOException {
    Path data = dataWithDerivedFiles();
    assertThat(derivedFiles(data))
        .extracting(file -> file.getFileName().toString().replaceAll("\\d+", "N"))
        .containsExactlyInAnyOrder("part-N.pair-N", "skip-by+v.index", "skip-by+v.index");
    assertThat(check(data).findings()).isEmpty();
  }

  @Randomized(times = 15)
  void damageOfASkipIndexOrAPairIsNamedAndCostsNoPart(RandomGenerator random) throws IOException {
    Path data = dataWithDerivedFiles();
    List<Path> files = derivedFiles(data);
    Path file = files.get(random.nextInt(files.size()));
    byte[] bytes = Files.readAllBytes(file);
    int at = random.nextInt(bytes.length);
    if (random.nextBoolean()) {
      bytes = Arrays.copyOf(bytes, at);
    } else {
      bytes[at] ^= (byte) (1 << random.nextInt(8));
    }
    Files.write(file, bytes);
    CheckReport report = check(data);
    assertThat(report.status()).as(file + " at " + at).isEqualTo(1);
    assertThat(report.findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.file()).isEqualTo(file);
          assertThat(finding.offset()).isBetween(0L, (long) bytes(file));
          assertThat(finding.message()).contains(file.getFileName().toString());
        });
    assertThat(QuarantineAll.of(data, report)).isEmpty();
    run(data, "SELECT count(*) FROM s WHERE v = 'new'");
  }

  private static int bytes(Path file) {
    try {
      return (int) Files.size(file);
    } catch (IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    }
  }

  @Test
  void aManifestWithoutItsFirstRecordTellsWhatLiesInTheParts() throws IOException {
    Path data = data();
    Path manifest = newestManifest(data);
    byte[] bytes = Files.readAllBytes(manifest);
    bytes[24 + 20] ^= 1;
    Files.write(manifest, bytes);
    CheckReport report = check(data);
    assertThat(report.status()).isEqualTo(1);
    assertThat(report.findings().getFirst().message())
        .contains("corrupt at byte 24", "holds the whole catalog", "sound records follow", "keep");
    assertThat(report.findings())
        .filteredOn(finding -> finding.kind() == Finding.Kind.NOTE)
        .extracting(Finding::message)
        .anySatisfy(text -> assertThat(text).contains("k, s, d", "2 parts with 20010 rows"))
        .anySatisfy(text -> assertThat(text).contains("1 parts with 2 rows", "0 of them damaged"));
  }

  @Test
  void damageInTheMiddleOfTheManifestIsNamedAndNeverCut() throws IOException {
    Path data = data();
    Path manifest = newestManifest(data);
    byte[] bytes = Files.readAllBytes(manifest);
    bytes[200] ^= 1;
    Files.write(manifest, bytes);
    CheckReport report = check(data);
    assertThat(report.status()).isEqualTo(1);
    assertThat(report.findings().getFirst().message())
        .contains("manifest-", "corrupt at byte", "sound ones follow", "lost");
    assertThatThrownBy(() -> QuarantineAll.of(data, report)).isInstanceOf(VarveException.class);
    assertThat(Files.readAllBytes(manifest)).isEqualTo(bytes);
  }

  @Test
  void whatTheNextStartPutsRightIsOnlyNoted() throws IOException {
    Path data = data();
    Path manifest = newestManifest(data);
    byte[] bytes = Files.readAllBytes(manifest);
    Files.write(manifest, Arrays.copyOf(bytes, bytes.length + 13));
    Files.createDirectories(data.resolve("parts/part-999.tmp"));
    CheckReport report = check(data);
    assertThat(report.status()).isZero();
    assertThat(report.findings())
        .hasSize(2)
        .allMatch(finding -> finding.kind() == Finding.Kind.NOTE);
    assertThat(report.findings().getFirst().offset()).isEqualTo(bytes.length);
  }

  @Test
  void aMissingPartIsDamage() throws IOException {
    Path data = data();
    Path part = partFiles(data).getLast().getParent();
    try (Stream<Path> files = Files.list(part)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(part);
    assertThat(check(data).findings())
        .singleElement()
        .matches(finding -> finding.message().contains("missing"));
  }

  @Test
  void filesOfOursCanBePrinted() throws IOException {
    Path data = data();
    assertThat(FileDump.of(newestManifest(data)))
        .anyMatch(line -> line.contains("AddPart") && line.contains("rows=20000"));
    Path part = partFiles(data).getLast().getParent();
    assertThat(FileDump.of(part)).anyMatch(line -> line.contains("data.bin byte 24: block of"));
    assertThatThrownBy(() -> FileDump.of(data.resolve("lock")))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining("no manifest");
  }
}
