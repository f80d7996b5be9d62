// SPDX-License-Identifier: Apache-2.0
package dev.varve.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sqlline.SqlLine;

/// The command line of many JDBC projects, with the scripts that people type there.
final class SqllineTest {
  @RegisterExtension static final VarveAtWork VARVE = new VarveAtWork();

  private static String sqlline(String url, String... lines) throws IOException {
    SqlLine tool = new SqlLine();
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(output, true, StandardCharsets.UTF_8);
    tool.setOutputStream(print);
    tool.setErrorStream(print);
    List<String> arguments =
        new ArrayList<>(List.of("-u", url, "-n", "default", "-p", "none", "--maxWidth=200"));
    arguments.add("--isolation=TRANSACTION_NONE");
    for (String line : lines) {
      arguments.add("-e");
      arguments.add(line);
    }
    tool.begin(arguments.toArray(String[]::new), InputStream.nullInputStream(), false);
    return output.toString(StandardCharsets.UTF_8);
  }

  @Test
  void tablesAndColumnsAreListedJoinedAndGrouped() throws SQLException, IOException {
    VARVE.createShop();
    String output =
        sqlline(
            VARVE.url(),
            "!tables",
            "!columns orders",
            "!primarykeys orders",
            "!dbinfo",
            "!nativesql SELECT {fn UCASE(name)} FROM customers",
            "SELECT c.name, count(*) AS orders, sum(o.price) AS total FROM"
                + " orders o JOIN customers c ON c.id = o.customer GROUP BY c.name ORDER BY c.name;");
    assertThat(output)
        .contains("customers")
        .contains("Decimal(9, 2)")
        .contains("upper(name)")
        .containsPattern("supportsBatchUpdates\\s+true")
        .containsPattern("Ada\\s*\\|\\s*2\\s*\\|\\s*12\\.50")
        .containsPattern("Bob\\s*\\|\\s*1\\s*\\|\\s*4\\.25")
        .doesNotContain("Exception");
  }

  @Test
  void changesWaitForTheCommit() throws IOException, SQLException {
    VARVE.run("CREATE TABLE waiting (n Int32) ENGINE = MergeTree ORDER BY n");
    String output =
        sqlline(
            VARVE.url(),
            "!autocommit off",
            "INSERT INTO waiting VALUES (1);",
            "!rollback",
            "INSERT INTO waiting VALUES (2);",
            "!commit",
            "SELECT nonsense FROM waiting;",
            "SELECT n AS left_over FROM waiting;");
    assertThat(output).contains("nonsense").containsPattern("left_over\\s*\\|\\s*\\n.*\\n\\|\\s*2");
    assertThat(VARVE.rows("SELECT n FROM waiting")).containsExactly("2");
  }
}
