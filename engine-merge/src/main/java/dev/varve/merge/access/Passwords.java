// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.access;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/// Makes and checks what is kept of passwords: Argon2id (19 MiB, 2 passes) and the keys of SCRAM.
/// Safe for threads.
final class Passwords {
  private static final int MEMORY_KIB = 19_456;
  private static final int PASSES = 2;
  private static final int HASH_BYTES = 32;
  private static final int SALT_BYTES = 16;
  private static final int SCRAM_ITERATIONS = 8_192;

  private final SecureRandom random = new SecureRandom();

  User.Password keep(String password) {
    byte[] salt = salt();
    byte[] hash = argon2(MEMORY_KIB, PASSES).hash(bytes(password), salt).getBytes();
    String encoded =
        "$argon2id$v=19$m="
            + MEMORY_KIB
            + ",t="
            + PASSES
            + ",p=1$"
            + base64(salt)
            + "$"
            + base64(hash);
    return new User.Password(encoded, scram(256, password), scram(512, password));
  }

  private static Argon2Function argon2(int memoryKib, int passes) {
    return Argon2Function.getInstance(memoryKib, passes, 1, HASH_BYTES, Argon2.ID);
  }

  /// Whether the password is the one that is kept: by its hash, or where keys were given instead of
  /// it, by those of a mechanism. Takes as long for all that are not.
  ///
  /// @param decoy compared where something is not kept
  static boolean matches(User.Password kept, String password, User.Password decoy) {
    boolean isHashed = !kept.argon2().isEmpty();
    boolean isHash = isHash(isHashed ? kept.argon2() : decoy.argon2(), password);
    if (isHashed && isHash) {
      return true;
    }
    boolean fits = false;
    for (int bits : new int[] {256, 512}) {
      ScramKeys keys = kept.keys(bits).orElse(ScramKeys.NONE);
      ScramKeys compared = keys.isNone() ? decoy.keys(bits).orElse(keys) : keys;
      byte[] salted = salted(bits, compared.salt(), compared.iterations(), password);
      ScramKeys found = keys(bits, compared.salt(), compared.iterations(), salted);
      boolean isSame = MessageDigest.isEqual(compared.storedKey(), found.storedKey());
      fits |= isSame && !keys.isNone() && !isHashed;
    }
    return fits;
  }

  private static boolean isHash(String argon2, String password) {
    String[] fields = argon2.split("\\$");
    String[] cost = fields[3].split("[=,]");
    byte[] salt = Base64.getDecoder().decode(fields[4]);
    byte[] expected = Base64.getDecoder().decode(fields[5]);
    byte[] found =
        argon2(Integer.parseInt(cost[1]), Integer.parseInt(cost[3]))
            .hash(bytes(password), salt)
            .getBytes();
    return MessageDigest.isEqual(expected, found);
  }

  private ScramKeys scram(int bits, String password) {
    byte[] salt = salt();
    return keys(bits, salt, SCRAM_ITERATIONS, salted(bits, salt, SCRAM_ITERATIONS, password));
  }

  private static byte[] salted(int bits, byte[] salt, int iterations, String password) {
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA" + bits)
          .generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, bits))
          .getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has PBKDF2 with SHA-" + bits, e);
    }
  }

  /// The keys that follow from a salted password.
  static ScramKeys keys(int bits, byte[] salt, int iterations, byte[] saltedPassword) {
    String mac = "HmacSHA" + bits;
    try {
      byte[] clientKey = mac(mac, saltedPassword, "Client Key");
      byte[] storedKey = MessageDigest.getInstance("SHA-" + bits).digest(clientKey);
      return new ScramKeys(salt, iterations, storedKey, mac(mac, saltedPassword, "Server Key"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + mac, e);
    }
  }

  private static byte[] mac(String name, byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance(name);
    mac.init(new SecretKeySpec(key, name));
    return mac.doFinal(bytes(text));
  }

  private byte[] salt() {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return salt;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().withoutPadding().encodeToString(bytes);
  }

  /// Remembers for a while that a password was right, so that a client that sends it with each
  /// request does not pay for Argon2 each time. Keeps a keyed hash, and the key no longer than the
  /// process lives.
  static final class Known {
    private final byte[] key = new byte[32];
    private final byte[] hash;

    Known(String password, SecureRandom random) {
      random.nextBytes(key);
      hash = hash(password);
    }

    boolean is(String password) {
      return MessageDigest.isEqual(hash, hash(password));
    }

    private byte[] hash(String password) {
      try {
        return mac("HmacSHA256", Arrays.copyOf(key, key.length), password);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every Java has HmacSHA256", e);
      }
    }
  }

  Known known(String password) {
    return new Known(password, random);
  }
}
