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
  void usersAreKnownByTheirPasswordAndHaveTheirGrants(@TempDir Path directory) {
    AccessControl control = AccessControl.open(directory, InstantSource.system());
    User ann = new User("ann", Optional.of(control.keep("pw-ann")), "", List.of());
    User guest = new User("guest", Optional.empty(), "", List.of());
    control.change(state ->
        state
            .with(ann)
            .with(guest)
            .with(new Grant("ann", Privilege.SELECT, "d", "", List.of(), false)));
    LogUsers users = new LogUsers(control);
    assertThat(users.accepts("ann", "pw-ann")).isTrue();
    assertThat(users.accepts("ann", "pw-bob")).isFalse();
    assertThat(users.accepts("guest", "")).isFalse();
    assertThat(users.accepts("nobody", "")).isFalse();
    assertThat(users.scram("SCRAM-SHA-256", "ann").orElseThrow().storedKey()).hasSize(32);
    assertThat(users.scram("SCRAM-SHA-512", "ann").orElseThrow().storedKey()).hasSize(64);
    assertThat(users.scram("SCRAM-SHA-256", "guest")).isEmpty();
    assertThat(users.access("ann").allowsWhole(Privilege.SELECT, "d", "t")).isTrue();
    assertThat(users.access("ann").allowsWhole(Privilege.INSERT, "d", "t")).isFalse();
    assertThat(users.access("guest").allowsSomewhere(Privilege.SELECT)).isFalse();
  }
}
