// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AccessControlTest {
  @TempDir Path directory;

  private AccessControl open() {
    return AccessControl.open(directory, InstantSource.system());
  }

  private static void add(AccessControl control, String name, String password) {
    User user = new User(name, Optional.of(control.keep(password)), "", List.of());
    control.change(state -> state.with(user));
  }

  @Test
  void whatWasChangedIsThereAfterReopening() {
    AccessControl control = open();
    assertThat(control.hasUsers()).isFalse();
    assertThat(control.of("anybody").isUnlimited()).isTrue();
    add(control, "ann", "pass");
    Audience all = new Audience(true, Set.of("bob"));
    control.change(state ->
        state
            .withRole("reader")
            .with(new Grant("reader", Privilege.SELECT, "d", "t", List.of("a"), true))
            .with(new AccessState.Membership("reader", "ann", false))
            .with(new RowPolicy("p", "d", "t", "a > 1", true, all))
            .with(new Quota("q", 60, Map.of(Quota.Resource.QUERIES, 2L), all)));
    AccessState read = open().state();
    assertThat(read.toString()).isEqualTo(control.state().toString()).doesNotContain("argon2");
    assertThat(read.of("ann").allows(Privilege.SELECT, "d", "t", "a")).isTrue();
    assertThat(read.of("ann").allows(Privilege.SELECT, "d", "t", "b")).isFalse();
    assertThat(read.of("ann").rowCondition("d", "t")).hasValue("(a > 1)");
    assertThat(read.of("bob").rowCondition("d", "t")).hasValue("1 = 1");
  }

  @Test
  void onlyTheRightPasswordIsLetIn() {
    AccessControl control = open();
    add(control, "ann", "pass");
    control.authenticate("ann", "pass", false);
    control.authenticate("ann", "pass", false);
    for (String[] pair : new String[][] {{"ann", "Pass"}, {"ann", ""}, {"bob", "pass"}}) {
      assertThatThrownBy(() -> control.authenticate(pair[0], pair[1], true))
          .isInstanceOfSatisfying(
              VarveException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.AUTHENTICATION_FAILED));
    }
    add(control, "ann", "other");
    assertThatThrownBy(() -> control.authenticate("ann", "pass", true))
        .isInstanceOf(VarveException.class);
  }

  @Test
  void theKeysOfScramAreThoseOfThePassword() throws Exception {
    AccessControl control = open();
    add(control, "ann", "pencil");
    ScramKeys keys = control.scram("ann", 256).orElseThrow();
    byte[] salted =
        SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
            .generateSecret(
                new PBEKeySpec("pencil".toCharArray(), keys.salt(), keys.iterations(), 256))
            .getEncoded();
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(salted, "HmacSHA256"));
    byte[] client = mac.doFinal("Client Key".getBytes(StandardCharsets.UTF_8));
    assertThat(keys.storedKey()).isEqualTo(MessageDigest.getInstance("SHA-256").digest(client));
    assertThat(keys.iterations()).isGreaterThanOrEqualTo(4096);
    assertThat(control.scram("ann", 512).orElseThrow().storedKey()).hasSize(64);
    assertThat(control.scram("bob", 256)).isEmpty();
  }

  @Test
  void keysThatWereGivenWithoutAPasswordLetTheirUserIn() {
    AccessControl control = open();
    byte[] salt = {1, 2, 3};
    ScramKeys keys = AccessControl.keys(256, salt, 4096, salted("pencil", salt));
    control.change(state -> state.withKeys("ann", 256, keys));
    assertThat(control.of("ann").allowsWhole(Privilege.ACCESS_MANAGEMENT, "", "")).isTrue();
    AccessControl again = open();
    again.authenticate("ann", "pencil", false);
    assertThat(again.scram("ann", 512)).isEmpty();
    assertThatThrownBy(() -> again.authenticate("ann", "Pencil", false))
        .isInstanceOf(VarveException.class);
    again.change(state -> state.withKeys("bob", 512, keys));
    assertThat(again.of("bob").allowsSomewhere(Privilege.SELECT)).isFalse();
    again.change(state -> state.withoutKeys("ann", 256));
    for (String password : new String[] {"pencil", ""}) {
      assertThatThrownBy(() -> again.authenticate("ann", password, true))
          .isInstanceOf(VarveException.class);
    }
  }

  @Test
  void usersOfOneNameWithOtherKeysAreNotTakenForOne() {
    byte[] salt = {1, 2, 3};
    ScramKeys one = AccessControl.keys(256, salt, 4096, salted("pencil", salt));
    ScramKeys same = AccessControl.keys(256, salt, 4096, salted("pencil", salt));
    ScramKeys other = AccessControl.keys(256, salt, 4096, salted("pen", salt));
    AccessControl control = open();
    control.change(state -> state.withKeys("ann", 256, one));
    AccessState merged = control.mergedWith(AccessState.EMPTY.withKeys("ann", 256, same));
    assertThat(merged.users()).containsOnlyKeys("ann");
    AccessState differs = AccessState.EMPTY.withKeys("ann", 256, other);
    assertThatThrownBy(() -> control.mergedWith(differs)).isInstanceOf(VarveException.class);
  }

  private static byte[] salted(String password, byte[] salt) {
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
          .generateSecret(new PBEKeySpec(password.toCharArray(), salt, 4096, 256))
          .getEncoded();
    } catch (java.security.GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aDamagedFileIsNamedAndLetsNobodyIn() throws Exception {
    add(open(), "ann", "pass");
    Path file = directory.resolve("access");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(this::open)
        .isInstanceOf(VarveException.class)
        .hasMessageContaining("access");
  }

  @Test
  void quotasCountForEachUserAndAnewInEachInterval() {
    long[] now = {1_000_000};
    AccessControl control =
        AccessControl.open(directory, () -> java.time.Instant.ofEpochMilli(now[0]));
    add(control, "ann", "pass");
    add(control, "bob", "pass");
    Audience all = new Audience(true, Set.of());
    control.change(
        state -> state.with(new Quota("q", 60, Map.of(Quota.Resource.QUERIES, 1L), all)));
    control.begins("ann");
    control.begins("bob");
    assertThatThrownBy(() -> control.begins("ann"))
        .isInstanceOfSatisfying(
            VarveException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED));
    now[0] += 60_000;
    control.begins("ann");
  }
}
