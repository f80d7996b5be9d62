// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.jdbc.VarveDriver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/// URLs of all three kinds, and wrong ones.
final class VarveUrlTest {
  @Test
  void aRemoteUrlNamesHostsDatabaseOptionsAndSettings() throws SQLException {
    Properties beside = new Properties();
    beside.setProperty("user", "beside");
    beside.setProperty("password", "p w");
    VarveUrl url =
        VarveUrl.parse(
            "jdbc:varve://a,b:81,[::1]:82/my%20db?user=ann&final=0&connectTimeout=5", beside);
    assertThat(url.hosts()).containsExactly("a:8123", "b:81", "[::1]:82");
    assertThat(url.database()).isEqualTo("my db");
    assertThat(url.user()).isEqualTo("ann");
    assertThat(url.password()).isEqualTo("p w");
    assertThat(url.settings()).containsOnlyKeys("final");
    assertThat(url.millis("connectTimeout", 1)).isEqualTo(5);
    assertThat(url.isRemote()).isTrue();
  }

  @Test
  void directoriesAndMemoryAreInThisProcess() throws SQLException {
    assertThat(VarveUrl.parse("jdbc:varve:/data/x", null).location()).isEqualTo("/data/x");
    assertThat(VarveUrl.parse("jdbc:varve:mem:", null).location()).isEqualTo("mem:");
    assertThat(VarveUrl.parse("jdbc:varve:mem:?database=d", null).database()).isEqualTo("d");
  }

  @Test
  void wrongUrlsAreExplainedWithoutTheirSecrets() {
    for (String wrong :
        new String[] {
          "jdbc:varve:",
          "jdbc:varve://?password=secret",
          "jdbc:varve://h:port/d?password=secret",
          "jdbc:varve://h:99999/d",
          "jdbc:varve://h/d?password"
        }) {
      assertThatThrownBy(() -> VarveUrl.parse(wrong, null))
          .as(wrong)
          .isInstanceOfSatisfying(
              SQLException.class,
              e -> {
                assertThat(e.getSQLState()).isEqualTo("08001");
                assertThat(e.getMessage()).doesNotContain("secret").contains("expected");
              });
    }
  }

  @Test
  void theDriverIsFoundByItsUrlAndLeavesOthersAlone() throws SQLException {
    assertThat(DriverManager.getDriver("jdbc:varve://h/d")).isInstanceOf(VarveDriver.class);
    assertThat(new VarveDriver().connect("jdbc:other:x", new Properties())).isNull();
  }

  @Test
  void withoutAnEngineOnTheClassPathTheErrorSaysWhatIsMissing() {
    assertThatThrownBy(() -> DriverManager.getConnection("jdbc:varve:mem:"))
        .hasMessageContaining("varve.jar");
  }
}
