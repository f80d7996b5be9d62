// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import org.junit.jupiter.api.Test;

final class ServerUrlTest {
  @Test
  void addressesOfServersAreUrlsOfTheDriver() {
    assertThat(ServerUrl.jdbc("jdbc:varve:mem:")).isEqualTo("jdbc:varve:mem:");
    assertThat(ServerUrl.jdbc("localhost:8123")).isEqualTo("jdbc:varve://localhost:8123");
    assertThat(ServerUrl.jdbc("[::1]:8123/shop")).isEqualTo("jdbc:varve://[::1]:8123/shop");
    assertThat(ServerUrl.jdbc("http://db:8123/")).isEqualTo("jdbc:varve://db:8123");
    assertThat(ServerUrl.jdbc("varve://db/shop?final=0")).isEqualTo("jdbc:varve://db/shop?final=0");
    assertThat(ServerUrl.jdbc("https://db:8443/shop"))
        .isEqualTo("jdbc:varve://db:8443/shop?ssl=true");
    assertThat(ServerUrl.jdbc("https://db?final=0")).isEqualTo("jdbc:varve://db?final=0&ssl=true");
  }

  @Test
  void whatIsNoAddressIsRefusedWithWhatMayBeWritten() {
    for (String wrong : new String[] {"", "localhost", "/var/data", "jdb:varve:x", "ftp://db:21"}) {
      assertThatThrownBy(() -> ServerUrl.jdbc(wrong))
          .as(wrong)
          .hasMessageContaining("http://host:port")
          .isInstanceOfSatisfying(
              VarveException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_ARGUMENTS));
    }
  }
}
