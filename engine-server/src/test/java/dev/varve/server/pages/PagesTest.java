// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.varve.server.config.ServerConfig;
import dev.varve.server.node.VarveServer;
import dev.varve.server.pages.PageBlocks.Block;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the pages tell people to type does what they say: commands and queries are taken from the
/// pages as they stand, with the ports of a server of our own in place of the usual ones. Needs
/// bash and curl; lines with kcat are left out where it is not installed.
final class PagesTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir Path directory;
  private VarveServer server;
  private boolean hasKcat;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(isInstalled("bash") && isInstalled("curl"), "bash and curl are not installed");
    hasKcat = isInstalled("kcat");
    server = VarveServer.open(ServerConfig.onFreePorts(directory.resolve("data")));
    writeLauncher();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /// `./varve` as people have it, but of the classes under test, and led to this server.
  private void writeLauncher() throws IOException {
    String flags =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(flag -> flag.startsWith("--") || flag.startsWith("-Darrow"))
            .map(flag -> "'" + flag + "'")
            .collect(Collectors.joining(" "));
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    String url = "jdbc:varve://127.0.0.1:" + server.httpPort() + "/default";
    String script =
        """
        #!/usr/bin/env bash
        command=$1
        shift
        case $command in
          sql) set -- "%1$s" "$@" ;;
          backup) [[ " $* " = *" --check "* ]] || set -- --url "%1$s" "$@" ;;
          *) set -- --url "%1$s" "$@" ;;
        esac
        exec "%2$s" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC %3$s -cp '%4$s' \\
          dev.varve.server.main.Varve "$command" "$@"
        """
            .formatted(url, java, flags, System.getProperty("java.class.path"));
    Path launcher = directory.resolve("varve");
    Files.writeString(launcher, script);
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
  }

  /// Runs a block in a folder where `./varve` is; returns standard output and error together.
  private String run(Block block) throws Exception {
    String text =
        block
            .text()
            .lines()
            .filter(line -> hasKcat || !line.contains("kcat "))
            .collect(Collectors.joining("\n"))
            .replace("localhost:8123", "127.0.0.1:" + server.httpPort())
            .replace("localhost:9092", "127.0.0.1:" + server.kafkaPort())
            .replace("/backups/", directory.resolve("data/backups") + "/")
            .replace("curl ", "curl -sS ");
    Path output = directory.resolve("output");
    int status =
        new ProcessBuilder("bash", "-e", "-o", "pipefail", "-c", text)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start()
            .waitFor();
    String said = Files.readString(output);
    boolean isToFail = hasKcat && block.before().contains("*Delivery failed*");
    if (isToFail) {
      assertThat(said).as(block.text()).contains("Delivery failed");
    } else {
      assertThat(status).as("%s%n%s", block.text(), said).isZero();
      assertThat(said).as(block.text()).doesNotContain("Exception", "Delivery failed");
    }
    return said;
  }

  private static List<String> lines(String text) {
    return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  private HttpResponse<String> post(String sql, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + "/"))
            .POST(HttpRequest.BodyPublishers.ofString(sql));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private String answer(String sql, String... headers) throws Exception {
    HttpResponse<String> response = post(sql, headers);
    assertThat(response.statusCode()).as("%s: %s", sql, response.body()).isEqualTo(200);
    return response.body();
  }

  @Test
  void theTutorialLeadsToADashboard() throws Exception {
    String last = "";
    int commands = 0;
    int queries = 0;
    for (Block block : PageBlocks.of("docs/tutorial.md")) {
      if (block.isAnswer()) {
        assertThat(lines(last)).isEqualTo(lines(block.text()));
      } else if (block.isQuery()) {
        assertThat(answer(withoutMacros(block.text()))).isNotEmpty();
        queries++;
      } else if (block.isCommand() && !block.text().startsWith("./varve server")) {
        last = run(block);
        commands++;
      }
    }
    assertThat(commands).isGreaterThan(9);
    assertThat(queries).isEqualTo(2);
    if (hasKcat) {
      assertThat(last).isEqualTo("1\n");
    }
  }

  /// Grafana writes a range of time in place of its macro.
  private static String withoutMacros(String sql) {
    return sql.replaceAll("\\$__timeFilter\\((\\w+)\\)", "$1 > toDateTime('2000-01-01 00:00:00')");
  }

  @Test
  void theFiveLinesOfTheReadmeCountOneEvent() throws Exception {
    assumeTrue(hasKcat, "kcat is not installed");
    List<Block> blocks = PageBlocks.of("README.md");
    Block five = blocks.stream().filter(b -> b.text().contains("kcat")).findFirst().orElseThrow();
    String typed =
        five.text()
            .lines()
            .filter(line -> !line.startsWith("./varve server"))
            .collect(Collectors.joining("\n"));
    assertThat(lines(run(new Block("", typed)))).contains("1", "click\t2026-01-01 12:00:00");
  }

  @Test
  void theUserForToolsReadsAndChangesNothing() throws Exception {
    List<Block> blocks = PageBlocks.of("docs/tools.md");
    Block user =
        blocks.stream().filter(b -> b.text().contains("CREATE USER")).findFirst().orElseThrow();
    answer("CREATE TABLE page_views (n UInt64) ORDER BY n");
    answer("CREATE USER first IDENTIFIED BY 'first of all'");
    String[] first = {"X-ClickHouse-User", "first", "X-ClickHouse-Key", "first of all"};
    for (String statement : user.text().split(";")) {
      if (!statement.isBlank()) {
        answer(statement, first);
      }
    }
    String[] tool = {"X-ClickHouse-User", "tool", "X-ClickHouse-Key", "a long one"};
    assertThat(answer("SELECT count(*) FROM page_views SETTINGS max_threads = 1", tool))
        .isEqualTo("0\n");
    assertThat(post("INSERT INTO page_views VALUES (1)", tool).statusCode()).isNotEqualTo(200);
  }

  @Test
  void backupsAreTakenAndBroughtBackAsTheirPageSays() throws Exception {
    answer("CREATE DATABASE shop");
    answer("CREATE TABLE shop.sales (n UInt64) ORDER BY n");
    answer("INSERT INTO shop.sales SELECT number FROM numbers(100)");
    int run = 0;
    for (Block block : PageBlocks.of("docs/backup.md")) {
      if (block.text().startsWith("./varve backup")) {
        assertThat(run(block)).contains("BACKUP_CREATED", "RESTORED", "all is well");
        assertThat(answer("SELECT sum(n) FROM shop.sales_of_monday")).isEqualTo("4950\n");
        answer("DROP TABLE shop.sales_of_monday");
        run++;
      } else if (block.text().startsWith("BACKUP ALL")) {
        for (String statement : block.text().split(";")) {
          answer(statement.replace("'monday'", "'first'").replace("'tuesday'", "'second'"));
        }
        assertThat(answer("SELECT sum(n) FROM shop.sales_of_monday")).isEqualTo("4950\n");
        answer("DROP TABLE shop.sales_of_monday");
        run++;
      }
    }
    assertThat(run).isEqualTo(2);
  }
}
