// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.merge.engine.MergeSettings;
import dev.varve.server.config.ServerConfig;
import dev.varve.server.node.VarveServer;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A security test for each rule: what a user may, and what not, over HTTP.
final class AccessTest {
  private static final String ROOT = "root:correct horse";

  @TempDir static Path directory;

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static VarveServer server;

  @BeforeAll
  static void start() throws Exception {
    server = VarveServer.open(config());
    assertThat(ask("default:", "SELECT 1").statusCode()).as("nobody is asked yet").isEqualTo(200);
    ok("default:", "CREATE USER root IDENTIFIED BY 'correct horse'");
    ok(
        ROOT,
        "CREATE TABLE staff (id Int32, name String, salary Int64, team String)"
            + " ENGINE = MergeTree ORDER BY id");
    ok(
        ROOT,
        "INSERT INTO staff VALUES (1, 'ann', 10, 'red'), (2, 'bob', 20, 'blue'),"
            + " (3, 'cid', 30, 'red')");
  }

  private static ServerConfig config() {
    return new ServerConfig(directory, "127.0.0.1", 0, 0, 2, 256L << 20, MergeSettings.defaults());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aWrongPasswordAndAnUnknownUserAreRefusedAlike() throws Exception {
    HttpResponse<String> wrong = ask("root:wrong", "SELECT 1");
    HttpResponse<String> unknown = ask("nobody:wrong", "SELECT 1");
    assertThat(wrong.statusCode()).isEqualTo(401);
    assertThat(unknown.statusCode()).isEqualTo(401);
    assertThat(wrong.body().replace("root", "nobody")).isEqualTo(unknown.body());
    assertThat(ask("default:", "SELECT 1").statusCode()).isEqualTo(401);
    assertThat(ok(ROOT, "SELECT currentUser()")).isEqualTo("root\n");
  }

  @Test
  void withoutAGrantNothingIsReadWrittenOrMade() throws Exception {
    ok(ROOT, "CREATE USER poor IDENTIFIED BY 'x1'");
    String poor = "poor:x1";
    for (String sql :
        new String[] {
          "SELECT * FROM staff",
          "SELECT count() FROM staff",
          "SELECT 1 WHERE 1 IN (SELECT id FROM staff)",
          "SELECT * FROM merge('default', 'sta.*')",
          "INSERT INTO staff VALUES (9, 'x', 1, 'y')",
          "INSERT INTO staff SELECT * FROM staff",
          "ALTER TABLE staff DELETE WHERE 1",
          "DROP TABLE staff",
          "TRUNCATE TABLE staff",
          "OPTIMIZE TABLE staff",
          "CREATE TABLE own (a Int8) ENGINE = MergeTree ORDER BY a",
          "CREATE DATABASE own",
          "CREATE VIEW seen AS SELECT 1",
          "CREATE USER other IDENTIFIED BY 'y'",
          "GRANT SELECT ON *.* TO poor",
          "SHOW GRANTS FOR root",
          "SHOW CREATE TABLE staff",
          "DESCRIBE TABLE staff",
          "KILL QUERY WHERE 1",
          "SELECT * FROM system.query_log",
          "SELECT * FROM system.processes"
        }) {
      HttpResponse<String> answer = ask(poor, sql);
      assertThat(answer.statusCode()).as(sql + ": " + answer.body()).isNotEqualTo(200);
    }
    HttpResponse<String> denied = ask(poor, "SELECT * FROM staff");
    assertThat(denied.statusCode()).isEqualTo(403);
    assertThat(denied.body()).startsWith("Code: 497.").contains("GRANT SELECT ON default.staff");
    assertThat(ok(poor, "SELECT 1 + 1")).isEqualTo("2\n");
  }

  @Test
  void grantsOfTablesColumnsAndRolesReachAsFarAsTheySay() throws Exception {
    ok(ROOT, "CREATE ROLE reader");
    ok(ROOT, "CREATE USER cora IDENTIFIED BY 'x2'");
    String cora = "cora:x2";
    ok(ROOT, "GRANT SELECT(id, name) ON default.staff TO reader");
    ok(ROOT, "GRANT reader TO cora");
    assertThat(ok(cora, "SELECT name FROM staff WHERE id = 2")).isEqualTo("bob\n");
    for (String sql :
        new String[] {
          "SELECT salary FROM staff",
          "SELECT name FROM staff WHERE salary > 15",
          "SELECT max(salary) FROM staff",
          "SELECT s.salary FROM staff AS s JOIN staff AS t USING (id)"
        }) {
      assertThat(ask(cora, sql).statusCode()).as(sql).isNotEqualTo(200);
    }
    ok(ROOT, "GRANT INSERT ON default.* TO cora");
    ok(cora, "INSERT INTO staff VALUES (4, 'dan', 40, 'blue')");
    ok(ROOT, "REVOKE reader FROM cora");
    assertThat(ask(cora, "SELECT name FROM staff").statusCode()).isEqualTo(403);
    ok(ROOT, "ALTER TABLE staff DELETE WHERE id = 4");
    assertThat(ok(ROOT, "SHOW GRANTS FOR cora")).isEqualTo("GRANT INSERT ON default.* TO cora\n");
  }

  @Test
  void onlyWhoMayGiveOnGivesOn() throws Exception {
    ok(ROOT, "CREATE USER giver IDENTIFIED BY 'x3'");
    ok(ROOT, "CREATE USER taker IDENTIFIED BY 'x4'");
    ok(ROOT, "GRANT SELECT ON default.staff TO giver");
    assertThat(ask("giver:x3", "GRANT SELECT ON default.staff TO taker").statusCode())
        .isEqualTo(403);
    ok(ROOT, "GRANT SELECT ON default.staff TO giver WITH GRANT OPTION");
    ok("giver:x3", "GRANT SELECT(name) ON default.staff TO taker");
    assertThat(ok("taker:x4", "SELECT count(name) FROM staff")).isEqualTo("3\n");
    assertThat(ask("giver:x3", "GRANT INSERT ON default.staff TO taker").statusCode())
        .isEqualTo(403);
  }

  @Test
  void rowPoliciesHoldWhateverTheQuery() throws Exception {
    ok(ROOT, "CREATE TABLE docs (id Int32, owner String) ENGINE = ReplacingMergeTree ORDER BY id");
    ok(ROOT, "INSERT INTO docs VALUES (1, 'ida'), (2, 'root'), (3, 'ida')");
    ok(ROOT, "CREATE USER ida IDENTIFIED BY 'x5'");
    ok(ROOT, "GRANT SELECT ON default.docs TO ida");
    ok(ROOT, "CREATE ROW POLICY own ON docs USING owner = currentUser() TO ida");
    ok(ROOT, "CREATE ROW POLICY everything ON docs USING 1 TO root");
    String ida = "ida:x5";
    assertThat(ok(ida, "SELECT groupArray(id) FROM docs")).isEqualTo("[1,3]\n");
    assertThat(ok(ida, "SELECT count() FROM docs")).isEqualTo("2\n");
    assertThat(ok(ida, "SELECT count() FROM docs AS a JOIN docs AS b ON a.id = b.id"))
        .isEqualTo("2\n");
    assertThat(ok(ida, "SELECT count() FROM docs WHERE 1 OR owner = 'root'")).isEqualTo("2\n");
    assertThat(ok(ROOT, "SELECT count() FROM docs")).isEqualTo("3\n");
    ok(ROOT, "INSERT INTO docs VALUES (1, 'root')");
    assertThat(ok(ida, "SELECT groupArray(id) FROM docs"))
        .as("the row that another one of its key beats is nobody's")
        .isEqualTo("[3]\n");
    ok(ROOT, "CREATE ROW POLICY newest ON docs USING id > 1 AS RESTRICTIVE TO ida");
    assertThat(ok(ida, "SELECT groupArray(id) FROM docs")).isEqualTo("[3]\n");
    ok(ROOT, "DROP ROW POLICY own ON docs");
    assertThat(ok(ida, "SELECT count() FROM docs")).isEqualTo("0\n");
  }

  @Test
  void quotasAndBoundsOfSettingsAreHeld() throws Exception {
    ok(
        ROOT,
        "CREATE USER busy IDENTIFIED BY 'x6' SETTINGS max_threads = 1 MAX 2,"
            + " readonly = 2 READONLY");
    String busy = "busy:x6";
    assertThat(ok(busy, "SELECT 1 SETTINGS max_threads = 2")).isEqualTo("1\n");
    HttpResponse<String> beyond = send(busy, "/?max_threads=3", "SELECT 1");
    assertThat(beyond.body()).startsWith("Code: 452.").contains("max_threads");
    assertThat(ask(busy, "CREATE TABLE x (a Int8) ENGINE = MergeTree ORDER BY a").body())
        .startsWith("Code: ");
    ok(ROOT, "CREATE QUOTA few FOR INTERVAL 1 DAY MAX queries = 3 TO busy");
    for (int i = 0; i < 3; i++) {
      ok(busy, "SELECT 1");
    }
    assertThat(ask(busy, "SELECT 1").body()).startsWith("Code: 201.").contains("queries = 3");
    ok(ROOT, "DROP QUOTA few");
    ok(busy, "SELECT 1");
  }

  @Test
  void passwordsAreSeenNowhere() throws Exception {
    ok(ROOT, "CREATE USER shy IDENTIFIED WITH sha256_password BY 'top\\'secret'");
    assertThat(ask(ROOT, "CREATE USER shy IDENTIFIED BY 'topsecret2' BY").statusCode())
        .isEqualTo(400);
    String log = ok(ROOT, "SELECT query, exception FROM system.query_log FORMAT TSV");
    assertThat(log).contains("[HIDDEN]").doesNotContain("secret", "correct horse");
    byte[] file = Files.readAllBytes(directory.resolve("access"));
    assertThat(new String(file, StandardCharsets.ISO_8859_1))
        .contains("$argon2id$")
        .doesNotContain("secret", "correct horse");
    assertThat(ask("shy:top'secret", "SELECT 1").statusCode()).isEqualTo(200);
  }

  @Test
  void valuesOfParametersAreNeverSql() throws Exception {
    String evil = URLEncoder.encode("x' OR 1 = 1 --", StandardCharsets.UTF_8);
    String sql = "SELECT count() FROM staff WHERE name = {n:String}";
    assertThat(send(ROOT, "/?param_n=" + evil, sql).body()).isEqualTo("0\n");
    assertThat(send(ROOT, "/?param_n=1%20OR%201", "SELECT {n:Int32}").statusCode()).isEqualTo(400);
  }

  @Test
  void filesOfTheServerAreForAdministrators() throws Exception {
    ok(ROOT, "CREATE USER files IDENTIFIED BY 'x7'");
    HttpResponse<String> denied =
        ask("files:x7", "SELECT * FROM read_parquet('../../etc/passwd.parquet')");
    assertThat(denied.body()).startsWith("Code: 497.");
    assertThat(denied.statusCode()).isEqualTo(403);
  }

  @Test
  void usersAreThereAfterARestartAndTheLastAdministratorStays() throws Exception {
    ok(ROOT, "CREATE USER kept IDENTIFIED BY 'x8' DEFAULT DATABASE system");
    assertThat(ask(ROOT, "DROP USER root").body()).contains("last who may manage");
    server.close();
    server = VarveServer.open(config());
    assertThat(ask("kept:x8", "SELECT currentDatabase()").body()).isEqualTo("system\n");
    assertThat(ask("kept:", "SELECT 1").statusCode()).isEqualTo(401);
  }

  @Test
  void aUserWithoutAPasswordComesFromThisMachineAlone() throws Exception {
    ok(ROOT, "CREATE USER open NOT IDENTIFIED");
    assertThat(ok("open:", "SELECT 1")).isEqualTo("1\n");
  }

  private static String ok(String who, String sql) throws Exception {
    HttpResponse<String> answer = ask(who, sql);
    assertThat(answer.statusCode()).as(sql + ": " + answer.body()).isEqualTo(200);
    return answer.body();
  }

  private static HttpResponse<String> ask(String who, String sql) throws Exception {
    return send(who, "/", sql);
  }

  private static HttpResponse<String> send(String who, String path, String sql) throws Exception {
    String[] pair = who.split(":", 2);
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + path))
            .header("X-ClickHouse-User", pair[0])
            .header("X-ClickHouse-Key", pair[1])
            .POST(HttpRequest.BodyPublishers.ofString(sql))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
