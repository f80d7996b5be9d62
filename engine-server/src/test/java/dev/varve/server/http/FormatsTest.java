// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What formats make of a query's rows and totals, and forms that bring tables of their own.
final class FormatsTest {
  private static final String TOTALS =
      "SELECT toUInt8(number % 2) AS k, count() AS c FROM numbers(5) GROUP BY k WITH TOTALS"
          + " ORDER BY k";

  @RegisterExtension static final RunningServer SERVER = new RunningServer();

  @Test
  void totalsStandApartWhereAFormatHasAPlaceForThem() throws Exception {
    assertThat(ok("", TOTALS + " FORMAT TSV")).isEqualTo("0\t3\n1\t2\n\n0\t5\n");
    assertThat(ok("", TOTALS + " FORMAT CSV")).isEqualTo("0,3\n1,2\n\n0,5\n");
    assertThat(ok("output_format_write_statistics=0", TOTALS + " FORMAT JSON"))
        .contains("\"totals\":\n\t{\n\t\t\"k\": 0,\n\t\t\"c\": 5\n\t},\n\n\t\"rows\": 2\n");
    assertThat(ok("output_format_write_statistics=0", TOTALS + " FORMAT JSONCompact"))
        .endsWith("\t\t[1, 2]\n\t],\n\n\t\"totals\": [0, 5],\n\n\t\"rows\": 2\n}\n");
    assertThat(ok("", TOTALS + " FORMAT Vertical"))
        .endsWith("\n\n\nTotals:\n───────\nk: 0\nc: 5\n");
    assertThat(ok("", TOTALS + " FORMAT PrettyCompact")).contains("\nTotals:\n");
    assertThat(ok("", TOTALS + " FORMAT XML")).contains("<totals>\n\t\t<k>0</k>");
  }

  @Test
  void totalsAreLeftOutWhereAFormatHasRowsAlone() throws Exception {
    assertThat(ok("", TOTALS + " FORMAT JSONEachRow"))
        .isEqualTo("{\"k\":0,\"c\":3}\n{\"k\":1,\"c\":2}\n");
    assertThat(ok("", TOTALS + " FORMAT Values")).isEqualTo("(0,3),(1,2)");
    assertThat(ok("", TOTALS + " FORMAT RowBinary")).hasSize(18);
  }

  @Test
  void totalsOfManyBatchesComeOnceAndWhole() throws Exception {
    String many =
        "SELECT number AS k, 'x' AS s, count() AS c FROM numbers(50000) GROUP BY k, s WITH TOTALS"
            + " ORDER BY k FORMAT TSV";
    String[] lines = ok("batch_rows=1023", many).split("\n", -1);
    assertThat(lines).hasSize(50_003);
    assertThat(lines[49_999]).isEqualTo("49999\tx\t1");
    assertThat(lines[50_000]).isEmpty();
    assertThat(lines[50_001]).isEqualTo("0\t\t50000");
  }

  @Test
  void nestedValuesOfAJsonDocumentAreLaidOut() throws Exception {
    String sql = "SELECT map('x', [tuple(toUInt8(1), 'a')]) AS m FORMAT ";
    assertThat(ok("output_format_write_statistics=0", sql + "JSON"))
        .contains(
            "\t\t\t\"m\": {\n\t\t\t\t\"x\": [\n\t\t\t\t\t[\n\t\t\t\t\t\t1,\n\t\t\t\t\t\t\"a\"\n"
                + "\t\t\t\t\t]\n\t\t\t\t]\n\t\t\t}\n");
    assertThat(ok("", sql + "JSONEachRow")).isEqualTo("{\"m\":{\"x\":[[1,\"a\"]]}}\n");
    assertThat(ok("", "SELECT toUInt8(1) AS a, 'x' AS b FORMAT PrettyJSONEachRow"))
        .isEqualTo("{\n    \"a\": 1,\n    \"b\": \"x\"\n}\n");
  }

  @Test
  void customSeparatedGoesOutAndComesBackUnderEachRule() throws Exception {
    ok(
        "",
        "CREATE TABLE customs (n UInt32, s String, a Array(String), o Nullable(Int8))"
            + " ENGINE = MergeTree ORDER BY n");
    ok("", "INSERT INTO customs VALUES (1, 'a|b\\'\"\\\\,', ['x|\\'', ''], NULL), (2, '', [], 3)");
    String was = ok("", "SELECT * FROM customs ORDER BY n FORMAT TSV");
    for (String rule : new String[] {"Escaped", "Quoted", "CSV", "JSON"}) {
      String custom =
          "format_custom_escaping_rule="
              + rule
              + "&format_custom_field_delimiter=%20%3B%20"
              + "&format_custom_row_before_delimiter=%3C"
              + "&format_custom_row_after_delimiter=%3E"
              + "&format_custom_row_between_delimiter=%0A"
              + "&format_custom_result_before_delimiter=begin%0A"
              + "&format_custom_result_after_delimiter=%0Aend";
      String text = ok(custom, "SELECT * FROM customs ORDER BY n FORMAT CustomSeparatedWithNames");
      assertThat(text).startsWith("begin\n<").endsWith(">\nend");
      ok("", "CREATE TABLE again AS customs");
      ok(custom + "&query=" + encoded("INSERT INTO again FORMAT CustomSeparatedWithNames"), text);
      assertThat(ok("", "SELECT * FROM again ORDER BY n FORMAT TSV")).as(rule).isEqualTo(was);
      ok("", "DROP TABLE again");
    }
  }

  @Test
  void rowsFillATemplate() throws Exception {
    String template =
        "format_template_row_format="
            + encoded("${n:CSV} is ${s:Quoted}, $$1")
            + "&format_template_rows_between_delimiter=%3B"
            + "&format_template_resultset_format="
            + encoded("<${data}>");
    assertThat(ok(template, "SELECT number AS n, 'x' AS s FROM numbers(2) FORMAT Template"))
        .isEqualTo("<0 is 'x', $1;1 is 'x', $1>");
  }

  @Test
  void namedRowsComeBack() throws Exception {
    ok("", "CREATE TABLE named (n UInt32, m Map(String, String)) ENGINE = MergeTree ORDER BY n");
    ok(
        "date_time_input_format=best_effort",
        "INSERT INTO named FORMAT JSONObjectEachRow\n"
            + "{ \"a{\": {\"n\": 1, \"m\": {\"x\": \"}\"}},\n \"b\": {\"n\": 2} }\n");
    assertThat(ok("", "SELECT * FROM named ORDER BY n FORMAT JSONObjectEachRow"))
        .isEqualTo(
            "{\n\t\"row_1\": {\"n\":1,\"m\":{\"x\":\"}\"}},\n\t\"row_2\": {\"n\":2,\"m\":{}}\n}\n");
    assertThat(send("", "INSERT INTO named FORMAT JSONObjectEachRow {\"a\": {\"n\"").statusCode())
        .isEqualTo(400);
  }

  @Test
  void nativeBlocksFollowTheProtocolThatTheClientSpeaks() throws Exception {
    String sql = "SELECT toUInt8(7) AS c FORMAT Native";
    String column = "\u0001\u0001\u0001c\u0005UInt8";
    assertThat(latin("", sql)).isEqualTo(column + "\u0007");
    String block = "\u0001\u0000\u0002\u00ff\u00ff\u00ff\u00ff";
    assertThat(latin("client_protocol_version=54405", sql))
        .isEqualTo(block + "\u0000" + column + "\u0007");
    assertThat(latin("client_protocol_version=54460", sql))
        .isEqualTo(block + "\u0000" + column + "\u0000\u0007");
    assertThat(latin("client_protocol_version=54483", sql))
        .isEqualTo(block + "\u0003\u0000\u0000" + column + "\u0000\u0007");
    assertThat(latin("client_protocol_version=54460", "SELECT 1 WHERE 0 FORMAT Native")).isEmpty();
  }

  /// What clients of ClickHouse's own ask before anything else.
  @Test
  void clientsAreToldWhoAnswersAndWhatMayBeSet() throws Exception {
    assertThat(ok("", "SELECT displayName(), revision(), timezone(), version() != '' FORMAT TSV"))
        .isEqualTo("varve\t54460\tUTC\ttrue\n");
    String sql =
        "SELECT name, value, readonly FROM system.settings"
            + " WHERE name = 'date_time_input_format' LIMIT 10000\n FORMAT TSV";
    assertThat(ok("", sql)).isEqualTo("date_time_input_format\tbasic\t0\n");
    assertThat(ok("date_time_input_format=best_effort", "SELECT 1")).isEqualTo("1\n");
  }

  private static String latin(String parameters, String sql) throws Exception {
    return new String(send(parameters, sql).body(), StandardCharsets.ISO_8859_1);
  }

  @Test
  void settingsThatClientsSendAreTakenOrRefused() throws Exception {
    assertThat(
            ok(
                "output_format_decimal_trailing_zeros=1&input_format_null_as_default=1"
                    + "&session_timezone=UTC&output_format_arrow_string_as_string=1",
                "SELECT toDecimal64(1.5, 3), toDecimal32(-0.05, 2)"))
        .isEqualTo("1.500\t-0.05\n");
    assertThat(ok("session_timezone=Asia%2FTokyo", "SELECT toDateTime(0)"))
        .isEqualTo("1970-01-01 09:00:00\n");
    assertThat(string(send("totals_mode=before_having", "SELECT 1")))
        .contains("after_having_exclusive");
  }

  @Test
  void rowsAreTakenAsTheirHeadersAndBlanksSay() throws Exception {
    ok(
        "",
        "CREATE TABLE taken (n Int32, s Nullable(String), x Int32) ENGINE = MergeTree ORDER BY n");
    ok("", "INSERT INTO taken FORMAT CSV\n 1 , a b , 2\n2,,\n3, \" c,d \" ,4 \n");
    ok(
        "input_format_skip_unknown_fields=1",
        "INSERT INTO taken FORMAT CSVWithNames\nx,other,n\n5,zzz,4\n");
    ok(
        "input_format_skip_unknown_fields=1",
        "INSERT INTO taken FORMAT TSVWithNames\nother\tn\nzzz\t5\n");
    ok(
        "",
        "INSERT INTO taken FORMAT JSONCompact {\"meta\": [{\"name\": \"x\", \"type\": \"Int32\"},"
            + " {\"type\": \"Int32\", \"name\": \"n\"}], \"data\": [[7, 6]]}");
    assertThat(ok("", "SELECT * FROM taken ORDER BY n FORMAT JSONCompactEachRow"))
        .isEqualTo(
            "[1, \"a b\", 2]\n[2, null, 0]\n[3, \" c,d \", 4]\n[4, null, 5]\n[5, null, 0]\n"
                + "[6, null, 7]\n");
    assertThat(
            ok("format_csv_delimiter=%3B", "SELECT * FROM format(CSV, 'a Int8, b String', '1;x')"))
        .isEqualTo("1\tx\n");
    assertThat(string(send("", "INSERT INTO taken FORMAT CSVWithNames\nzz\n1\n"))).contains("zz");
  }

  @Test
  void samplesAreWrittenForPrometheus() throws Exception {
    assertThat(
            ok(
                "",
                "SELECT 'm' AS name, 1.5 AS value, 'a \\n b' AS help, 'gauge' AS type,"
                    + " map('k', 'it\"s') AS labels FORMAT Prometheus"))
        .isEqualTo("# HELP m a \\n b\n# TYPE m gauge\nm{k=\"it\\\"s\"} 1.5\n\n");
  }

  @Test
  void linesOfAHeadAreSkipped() throws Exception {
    ok("", "CREATE TABLE heads (n UInt32, s String DEFAULT 'd') ENGINE = MergeTree ORDER BY n");
    ok("input_format_csv_skip_first_lines=2", "INSERT INTO heads FORMAT CSV\n# a\n# b\n1,\"x\"\n");
    ok(
        "input_format_tsv_skip_first_lines=1&input_format_tsv_empty_as_default=1",
        "INSERT INTO heads FORMAT TSV\n# a\n2\t\n");
    assertThat(ok("", "SELECT * FROM heads ORDER BY n FORMAT TSV")).isEqualTo("1\tx\n2\td\n");
  }

  @Test
  void filesOfAFormAreTablesOfTheStatement() throws Exception {
    String form =
        part("name=\"pairs\"; filename=\"p.csv\"", "1,\"a\"\n2,\"b\"\n")
            + part("name=\"pairs_structure\"", "id UInt8, s String")
            + part("name=\"pairs_format\"", "CSV")
            + part("name=\"more\"; filename=\"m\"", "7\tx,y\n")
            + part("name=\"param_least\"", "2")
            + "--b--\r\n";
    String sql =
        "SELECT pairs.id, s, _1 FROM pairs, more WHERE pairs.id >= {least:UInt8} FORMAT CSV";
    assertThat(
            string(
                send(
                    "more_types=" + encoded("UInt64, String") + "&query=" + encoded(sql),
                    form,
                    "Content-Type",
                    "multipart/form-data; boundary=b")))
        .isEqualTo("2,\"b\",7\n");
    assertThat(
            string(
                send(
                    "query=SELECT+1",
                    part("name=\"t\"; filename=\"f\"", "1\n") + "--b--\r\n",
                    "Content-Type",
                    "multipart/form-data; boundary=b")))
        .contains("t_structure=");
    assertThat(
            send(
                    "query=SELECT+1",
                    "no form at all",
                    "Content-Type",
                    "multipart/form-data; boundary=b")
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void aParameterIsReadAsTabSeparatedTextIs() throws Exception {
    assertThat(
            ok(
                "param_s=" + encoded("a\\tb\\\\") + "&param_n=%5CN&param_a=" + encoded("['\\t']"),
                "SELECT {s:String}, {n:Nullable(UInt8)}, {a:Array(String)} FORMAT"
                    + " JSONCompactEachRow"))
        .isEqualTo("[\"a\\tb\\\\\", null, [\"\\t\"]]\n");
  }

  private static String part(String disposition, String content) {
    return "--b\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + content + "\r\n";
  }

  private static String ok(String parameters, String sql) throws Exception {
    HttpResponse<byte[]> answer = send(parameters, sql);
    assertThat(answer.statusCode()).as(string(answer)).isEqualTo(200);
    return string(answer);
  }

  private static HttpResponse<byte[]> send(String parameters, String body, String... headers)
      throws Exception {
    return SERVER.send("/?" + parameters, RunningServer.bytes(body), headers);
  }

  private static String string(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
