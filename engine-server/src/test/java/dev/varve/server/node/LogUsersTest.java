// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.merge.access.AccessControl;
import dev.varve.merge.access.Grant;
import dev.varve.merge.access.Privilege;
import dev.varve.merge.access.User;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogUsersTest {
  @Test
  void onlyWhoMayReadAndWriteEverythingIsLetIntoTheLog(@TempDir Path directory) {
    AccessControl access = AccessControl.open(directory, InstantSource.system());
    for (String name : new String[] {"ann", "bob"}) {
      User user = new User(name, Optional.of(access.keep("pw-" + name)), "", List.of());
      access.change(state -> state.with(user));
    }
    access.change(state ->
        state
            .with(new Grant("ann", Privilege.SELECT, "", "", List.of(), false))
            .with(new Grant("ann", Privilege.INSERT, "", "", List.of(), false))
            .with(new Grant("bob", Privilege.SELECT, "", "", List.of(), false))
            .with(new Grant("bob", Privilege.INSERT, "d", "", List.of(), false)));
    LogUsers users = new LogUsers(access);
    assertThat(users.accepts("ann", "pw-ann")).isTrue();
    assertThat(users.accepts("ann", "pw-bob")).isFalse();
    assertThat(users.accepts("bob", "pw-bob")).isFalse();
    assertThat(users.accepts("nobody", "")).isFalse();
    assertThat(users.scram("SCRAM-SHA-256", "ann").orElseThrow().storedKey()).hasSize(32);
    assertThat(users.scram("SCRAM-SHA-512", "ann").orElseThrow().storedKey()).hasSize(64);
    assertThat(users.scram("SCRAM-SHA-256", "bob")).isEmpty();
  }
}
