// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.http;

import static dev.varve.server.http.RunningServer.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import dev.varve.server.blocks.BlockInput;
import dev.varve.server.blocks.BlockOutput;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The HTTP interface as ClickHouse's clients use it: codings, sessions, headers, waiting.
final class HttpInterfaceTest {
  @RegisterExtension static final RunningServer SERVER = new RunningServer();

  @Test
  void answersComeInTheCodingThatTheClientTakes() throws Exception {
    HttpResponse<byte[]> zipped = send("/", bytes("SELECT 1"), "Accept-Encoding", "br, gzip");
    assertThat(zipped.headers().firstValue("Content-Encoding")).hasValue("gzip");
    assertThat(text(new GZIPInputStream(new ByteArrayInputStream(zipped.body())))).isEqualTo("1\n");
    HttpResponse<byte[]> zstd =
        send("/?wait_end_of_query=1", bytes("SELECT 2"), "Accept-Encoding", "gzip;q=0.5, zstd");
    assertThat(zstd.headers().firstValue("Content-Encoding")).hasValue("zstd");
    assertThat(text(new ZstdInputStream(new ByteArrayInputStream(zstd.body())))).isEqualTo("2\n");
    assertThat(
            send("/?enable_http_compression=0", bytes("SELECT 3"), "Accept-Encoding", "gzip")
                .body())
        .isEqualTo(bytes("3\n"));
    HttpResponse<byte[]> failed = send("/", bytes("SELEC"), "Accept-Encoding", "gzip");
    assertThat(failed.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(string(failed)).startsWith("Code: 62. DB::Exception");
  }

  @Test
  void anErrorShowsItsPlaceInTheStatement() throws Exception {
    HttpResponse<byte[]> failed = send("/", bytes("SELECT 1 AS one,\n  two FROM numbers(3)"));
    assertThat(failed.statusCode()).isEqualTo(404);
    assertThat(string(failed))
        .contains("line 2, column 3: ")
        .endsWith("(UNKNOWN_IDENTIFIER)\n    two FROM numbers(3)\n    ^\n");
    assertThat(string(send("/", bytes("SELECT * FROM nowhere")))).contains("(UNKNOWN_TABLE)\n");
  }

  @Test
  void bodiesComeInTheCodingThatTheClientSays() throws Exception {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(zipped)) {
      out.write(bytes("SELECT 'gzip'"));
    }
    assertThat(string(send("/", zipped.toByteArray(), "Content-Encoding", "gzip")))
        .isEqualTo("gzip\n");
    ByteArrayOutputStream zstd = new ByteArrayOutputStream();
    try (OutputStream out = new ZstdOutputStream(zstd)) {
      out.write(bytes("SELECT 'zstd'"));
    }
    assertThat(string(send("/", zstd.toByteArray(), "Content-Encoding", "zstd")))
        .isEqualTo("zstd\n");
    HttpResponse<byte[]> unknown = send("/", bytes("SELECT 1"), "Content-Encoding", "pack");
    assertThat(unknown.statusCode()).isEqualTo(400);
    assertThat(string(unknown)).contains("\"pack\"", "gzip");
  }

  @Test
  void brotliGoesBothWaysWhereItsLibraryIsAtHome() throws Exception {
    assumeTrue(Brotli4jLoader.isAvailable());
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new BrotliOutputStream(packed)) {
      out.write(bytes("SELECT number FROM numbers(3)"));
    }
    HttpResponse<byte[]> answer =
        send("/", packed.toByteArray(), "Content-Encoding", "br", "Accept-Encoding", "br;q=0.9");
    assertThat(answer.headers().firstValue("Content-Encoding")).contains("br");
    assertThat(text(new BrotliInputStream(new ByteArrayInputStream(answer.body()))))
        .isEqualTo("0\n1\n2\n");
  }

  @Test
  void compressedBlocksGoBothWays() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new BlockOutput(packed, BlockOutput.Packing.LZ4)) {
      out.write(bytes("SELECT number FROM numbers(5)"));
    }
    HttpResponse<byte[]> answer = send("/?compress=1&decompress=1", packed.toByteArray());
    assertThat(text(new BlockInput(new ByteArrayInputStream(answer.body()))))
        .isEqualTo("0\n1\n2\n3\n4\n");
  }

  @Test
  void blocksOfAnAnswerArePackedAsTheClientSays() throws Exception {
    String zstd = "/?compress=1&network_compression_method=ZSTD&network_zstd_compression_level=3";
    byte[] packed = send(zstd, bytes("SELECT number FROM numbers(2)")).body();
    assertThat(packed[16]).as("the method that the header names").isEqualTo((byte) 0x90);
    assertThat(text(new BlockInput(new ByteArrayInputStream(packed)))).isEqualTo("0\n1\n");
    HttpResponse<byte[]> unknown =
        send("/?compress=1&network_compression_method=zip", bytes("SELECT 1"));
    assertThat(unknown.statusCode()).isEqualTo(400);
    assertThat(string(unknown)).contains("\"zip\"", "LZ4 or ZSTD");
  }

  @Test
  void columnarFormatsGoOutAndComeIn() throws Exception {
    ok(
        "/",
        "CREATE TABLE columnar (id UInt32, name LowCardinality(String), at DateTime,"
            + " price Nullable(Decimal(10, 2)), day Date DEFAULT '2026-01-02')"
            + " ENGINE = MergeTree ORDER BY id");
    String source =
        "SELECT toUInt32(number) AS id, concat('n', toString(number % 3)) AS name,"
            + " toDateTime(number * 1000) AS at,"
            + " if(number % 2 = 0, NULL, toDecimal64(number, 2)) AS price"
            + " FROM numbers(20000) ORDER BY id FORMAT ";
    String expected = ok("/", source + "TSV");
    for (String format : new String[] {"Native", "ArrowStream", "Arrow", "Parquet"}) {
      byte[] rows = send("/", bytes(source + format)).body();
      ok("/", "TRUNCATE TABLE columnar");
      HttpResponse<byte[]> inserted =
          send("/?query=" + encoded("INSERT INTO columnar FORMAT " + format), rows);
      assertThat(inserted.statusCode()).as(format + ": " + string(inserted)).isEqualTo(200);
      assertThat(ok("/", "SELECT id, name, at, price FROM columnar ORDER BY id FORMAT TSV"))
          .as(format)
          .isEqualTo(expected);
      assertThat(ok("/", "SELECT DISTINCT day FROM columnar")).isEqualTo("2026-01-02\n");
    }
  }

  @Test
  void aSessionKeepsSettingsAndTemporaryTables() throws Exception {
    String session = "/?session_id=one&session_timeout=5";
    ok(session, "CREATE TEMPORARY TABLE kept (a Int32)");
    ok(session, "INSERT INTO kept VALUES (7)");
    ok(session, "SET output_format_json_quote_64bit_integers = 1");
    assertThat(ok(session, "SELECT a, toInt64(a) AS b FROM kept FORMAT JSONEachRow"))
        .isEqualTo("{\"a\":7,\"b\":\"7\"}\n");
    assertThat(send("/", bytes("SELECT * FROM kept")).statusCode()).isEqualTo(404);
    assertThat(string(send("/?session_id=none&session_check=1", bytes("SELECT 1"))))
        .startsWith("Code: 372.");
    assertThat(string(send("/?session_id=x&session_timeout=9999", bytes("SELECT 1"))))
        .contains("session_timeout");
  }

  @Test
  void getOnlyReads() throws Exception {
    HttpResponse<byte[]> refused =
        get("/?query=" + encoded("CREATE TABLE x (a Int8) ENGINE = MergeTree ORDER BY a"));
    assertThat(string(refused)).startsWith("Code: 164.").contains("POST");
    assertThat(string(get("/?query=" + encoded("SELECT 1 SETTINGS max_threads = 1"))))
        .isEqualTo("1\n");
    assertThat(string(get("/?query=" + encoded("SELECT 1 SETTINGS readonly = 0"))))
        .startsWith("Code: 164.");
  }

  @Test
  void headersTellIdFormatAndWhatWasRead() throws Exception {
    HttpResponse<byte[]> answer =
        send(
            "/?query_id=mine&send_progress_in_http_headers=1&wait_end_of_query=1",
            bytes("SELECT sum(number) FROM numbers(1000)"),
            "X-ClickHouse-Format",
            "JSONCompactEachRow");
    assertThat(string(answer)).isEqualTo("[499500]\n");
    assertThat(answer.headers().firstValue("X-ClickHouse-Query-Id")).hasValue("mine");
    assertThat(answer.headers().firstValue("X-ClickHouse-Format")).hasValue("JSONCompactEachRow");
    assertThat(answer.headers().firstValue("X-ClickHouse-Summary").orElseThrow())
        .contains("\"read_rows\":\"", "\"result_rows\":\"1\"", "\"elapsed_ns\":\"");
    assertThat(answer.headers().allValues("X-ClickHouse-Progress")).isNotEmpty();
  }

  @Test
  void anAnswerThatWaitsHasAStatusWhateverHappensAtItsEnd() throws Exception {
    String late = "SELECT throwIf(number = 300000), repeat('x', 20) FROM numbers(400000)";
    HttpResponse<byte[]> failed =
        send("/?wait_end_of_query=1&max_threads=1&max_block_size=8192", bytes(late));
    assertThat(failed.statusCode()).isNotEqualTo(200);
    assertThat(string(failed)).startsWith("Code: ");
    HttpResponse<byte[]> whole =
        send("/?wait_end_of_query=1", bytes("SELECT repeat('x', 99) FROM numbers(50000)"));
    assertThat(whole.body()).hasSize(5_000_000);
    try (var left = Files.list(SERVER.directory().resolve("tmp"))) {
      assertThat(left.filter(file -> file.getFileName().toString().startsWith("answer-")))
          .isEmpty();
    }
  }

  @Test
  void theUserComesByHeadersBasicAuthenticationOrParameters() throws Exception {
    String who = "SELECT currentUser()";
    assertThat(string(send("/", bytes(who), "X-ClickHouse-User", "ann"))).isEqualTo("ann\n");
    String basic = Base64.getEncoder().encodeToString(bytes("bob:secret"));
    assertThat(string(send("/", bytes(who), "Authorization", "Basic " + basic))).isEqualTo("bob\n");
    assertThat(ok("/?user=carl&password=x", who)).isEqualTo("carl\n");
    assertThat(ok("/", who)).isEqualTo("default\n");
    assertThat(send("/", bytes(who), "Authorization", "Basic ***").statusCode()).isEqualTo(401);
  }

  @Test
  void insertsTakeEveryFormatThatIsListedForInput() throws Exception {
    ok("/", "CREATE TABLE forms (a Int32, s String) ENGINE = MergeTree ORDER BY a");
    ok("/", "INSERT INTO forms FORMAT TSKV\na=1\ts=x\n");
    ok("/", "INSERT INTO forms FORMAT JSONCompactEachRow\n[2,\"y\"]\n");
    ok("/", "INSERT INTO forms FORMAT JSON {\"data\":[{\"a\":3,\"s\":\"z\"}]}");
    ok(
        "/?input_format_skip_unknown_fields=1&query=" + encoded("INSERT INTO forms FORMAT NDJSON"),
        "{\"a\":4,\"more\":[]}");
    ok("/?query=" + encoded("INSERT INTO forms VALUES"), "(5, 'v')");
    ok("/?query=" + encoded("INSERT INTO forms FORMAT Values"), "(6, 'v')");
    ok("/", "INSERT INTO forms FORMAT Values (7, 'v')");
    assertThat(ok("/", "SELECT * FROM forms ORDER BY a FORMAT CSV"))
        .isEqualTo("1,\"x\"\n2,\"y\"\n3,\"z\"\n4,\"\"\n5,\"v\"\n6,\"v\"\n7,\"v\"\n");
    assertThat(ok("/", "SELECT is_input, is_output FROM system.formats WHERE name = 'TSKV'"))
        .isEqualTo("1\t1\n");
  }

  @Test
  void healthAndReadinessAnswer() throws Exception {
    for (String path : new String[] {"/ping", "/health", "/ready", "/replicas_status", "/"}) {
      assertThat(string(get(path))).as(path).isEqualTo("Ok.\n");
    }
    assertThat(get("/nothing").statusCode()).isEqualTo(404);
  }

  private static String ok(String path, String sql) throws Exception {
    HttpResponse<byte[]> answer = send(path, bytes(sql));
    assertThat(answer.statusCode()).as(string(answer)).isEqualTo(200);
    return string(answer);
  }

  private static HttpResponse<byte[]> send(String path, byte[] body, String... headers)
      throws Exception {
    return SERVER.send(path, body, headers);
  }

  private static HttpResponse<byte[]> get(String path) throws Exception {
    return SERVER.get(path);
  }

  private static String text(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  private static String string(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static String encoded(String sql) {
    return URLEncoder.encode(sql, StandardCharsets.UTF_8);
  }
}
