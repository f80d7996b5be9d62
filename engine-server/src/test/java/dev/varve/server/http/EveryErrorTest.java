// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Each error code is provoked by a statement of the file `errors/provoked.txt`, and comes with its
/// number over HTTP and its SQLState over JDBC. What no statement at one healthy server provokes is
/// listed with the reason.
final class EveryErrorTest {
  private static final String ROOT = "user=root&password=r";
  private static final String ENDLESS = "SELECT sum(sipHash64(number)) FROM numbers(1000000000000)";

  @RegisterExtension static final RunningServer SERVER = new RunningServer();

  /// A line of the file.
  private record Provocation(String code, String parameters, String statement) {
    static Provocation of(String line) {
      String[] fields = line.split("\\|", 3);
      return new Provocation(
          fields[0].strip(), fields[1].strip(), fields[2].strip().translateEscapes());
    }
  }

  private static Map<ErrorCode, String> notProvoked() {
    Map<ErrorCode, String> reasons = new EnumMap<>(ErrorCode.class);
    reasons.put(ErrorCode.LOGICAL_ERROR, "is a defect; one that is known is mended");
    reasons.put(ErrorCode.NETWORK_ERROR, "needs a port in use, as in VarveServerTest");
    reasons.put(ErrorCode.TABLE_IS_READ_ONLY, "needs a cluster without quorum, as in ClusterTest");
    reasons.put(ErrorCode.TOO_FEW_LIVE_REPLICAS, "needs a cluster, as in ClusterTest");
    reasons.put(ErrorCode.UNKNOWN_STATUS_OF_INSERT, "needs a cluster, as in ClusterPartitionTest");
    reasons.put(ErrorCode.KEEPER_EXCEPTION, "needs a cluster, as in ClusterRestartTest");
    reasons.put(ErrorCode.NOT_ENOUGH_SPACE, "needs a full disk, as the faulty files of storage");
    reasons.put(ErrorCode.IO_ERROR, "needs a disk that fails, as the faulty files of storage");
    reasons.put(ErrorCode.CORRUPTED_DATA, "needs damaged files, as in DataCheckTest");
    reasons.put(ErrorCode.UNSUPPORTED_FORMAT_VERSION, "needs files of a newer program");
    reasons.put(ErrorCode.QUERY_WAS_CANCELLED, "needs another client, as in JdbcAcceptanceTest");
    return reasons;
  }

  private static List<Provocation> provocations() throws IOException {
    try (InputStream in = EveryErrorTest.class.getResourceAsStream("/errors/provoked.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(Provocation::of)
          .toList();
    }
  }

  @Test
  void everyCodeIsProvokedOrListedWithItsReason() throws IOException {
    List<String> known = new ArrayList<>();
    provocations().stream()
        .map(Provocation::code)
        .filter(code -> !code.equals("FIRST"))
        .forEach(known::add);
    notProvoked().keySet().forEach(code -> known.add(code.name()));
    assertThat(known)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(ErrorCode.values()).map(ErrorCode::name).toList());
    assertThat(ErrorCode.values())
        .allSatisfy(code -> assertThat(code.remedy()).as(code.name()).isNotBlank());
  }

  @Test
  void everyProvocationFailsWithItsCode() throws Exception {
    List<Provocation> all = provocations();
    List<String> wrong = new ArrayList<>();
    for (Provocation first : all) {
      if (first.code().equals("FIRST")) {
        HttpResponse<String> made = SERVER.ask(first.parameters(), first.statement());
        if (made.statusCode() != 200) {
          wrong.add(first.statement() + ": " + made.body());
        }
      }
    }
    damage(SERVER.directory().resolve("backups/kept"));
    Files.move(
        SERVER.directory().resolve("backups/base"), SERVER.directory().resolve("backups/gone.tmp"));
    String busy = ROOT + "&query_id=long&session_id=busy";
    CompletableFuture<Void> running =
        CompletableFuture.runAsync(() -> {
          try {
            SERVER.ask(busy, ENDLESS);
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    String watch = "SELECT count() FROM system.processes WHERE query_id = 'long'";
    while (SERVER.ok(ROOT, watch).equals("0\n") && !running.isDone()) {
      Thread.onSpinWait();
    }
    for (Provocation each : all) {
      if (!each.code().equals("FIRST")) {
        wrong.addAll(each.parameters().equals("jdbc") ? locked(each) : asked(each));
      }
    }
    SERVER.ok(ROOT, "KILL QUERY WHERE query_id = 'long'");
    running.join();
    assertThat(wrong).isEmpty();
  }

  private static List<String> asked(Provocation each) throws IOException, InterruptedException {
    ErrorCode code = ErrorCode.valueOf(each.code());
    String parameters =
        each.parameters().contains("user=") ? each.parameters() : ROOT + "&" + each.parameters();
    HttpResponse<byte[]> answer =
        SERVER.send("/?" + parameters, each.statement().getBytes(StandardCharsets.ISO_8859_1));
    String said = new String(answer.body(), StandardCharsets.UTF_8).strip();
    List<String> wrong = new ArrayList<>();
    if (answer.statusCode() < 400
        || !said.startsWith("Code: " + code.number() + ". DB::Exception: ")
        || !said.contains("(" + code.name() + ")")
        || !answer
            .headers()
            .firstValue("X-ClickHouse-Exception-Code")
            .orElse("")
            .equals(Integer.toString(code.number()))) {
      wrong.add(code + " over HTTP: " + each.statement() + " gives " + said);
    }
    if (each.parameters().isEmpty() && !each.statement().contains("\n")) {
      wrong.addAll(driven(each, code));
    }
    return wrong;
  }

  private static List<String> driven(Provocation each, ErrorCode code) {
    String url = "jdbc:varve://127.0.0.1:" + SERVER.httpPort() + "/default?" + ROOT;
    return failure(each, code, url);
  }

  private static List<String> locked(Provocation each) {
    return failure(
        each, ErrorCode.valueOf(each.code()), "jdbc:varve:" + SERVER.directory().toUri().getPath());
  }

  private static List<String> failure(Provocation each, ErrorCode code, String url) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      boolean more = statement.execute(each.statement());
      while (more) {
        more = statement.getResultSet().next();
      }
      return List.of(code + " over JDBC: " + each.statement() + " succeeds");
    } catch (SQLException e) {
      return e.getErrorCode() == code.number() && e.getSQLState().equals(code.sqlState())
          ? List.of()
          : List.of(code + " over JDBC: " + e.getErrorCode() + " " + e.getSQLState() + " " + e);
    }
  }

  private static void damage(Path backup) throws IOException {
    try (Stream<Path> files = Files.walk(backup)) {
      Path data =
          files
              .filter(file -> Files.isRegularFile(file) && !file.endsWith("backup"))
              .findFirst()
              .orElseThrow();
      byte[] bytes = Files.readAllBytes(data);
      bytes[bytes.length / 2] ^= 1;
      Files.write(data, bytes);
    }
  }
}
