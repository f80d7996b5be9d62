// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.misc;

import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// AES in its modes, and keyed hashes. Keys and vectors have the length that the mode wants; those
/// of MySQL's functions are folded or cut to it.
public final class Ciphers {
  private static final int BLOCK = 16;
  private static final int TAG_BITS = 128;
  private static final Pattern MODE = Pattern.compile("aes-(128|192|256)-(ecb|cbc|ofb|ctr|gcm)");
  private static final Map<String, String> MACS =
      Map.of(
          "md5", "HmacMD5",
          "sha1", "HmacSHA1",
          "sha224", "HmacSHA224",
          "sha256", "HmacSHA256",
          "sha384", "HmacSHA384",
          "sha512", "HmacSHA512");

  private Ciphers() {}

  public static List<ScalarFunction> functions() {
    String arguments = "(mode String, text String, key String[, iv String, aad String])";
    String mysql = "(mode String, text String, key String[, iv String])";
    return List.of(
        Declared.rows(
            "encrypt" + arguments,
            "The text encrypted by AES, mode 'aes-256-gcm' and its like.",
            DataTypes.STRING,
            (v, row, to) -> to.appendBytes(Call.of(v, row, false).run(Cipher.ENCRYPT_MODE))),
        Declared.rows(
            "decrypt" + arguments,
            "What encrypt made unreadable; an error where the key or the text is another.",
            DataTypes.STRING,
            (v, row, to) -> to.appendBytes(Call.of(v, row, false).run(Cipher.DECRYPT_MODE))),
        Declared.rows(
            "tryDecrypt" + arguments,
            "As decrypt, NULL where the key or the text is another.",
            DataTypes.nullable(DataTypes.STRING),
            (v, row, to) -> {
              byte[] text = Call.of(v, row, false).runOrNull(Cipher.DECRYPT_MODE);
              if (text == null) {
                to.appendNull();
              } else {
                to.appendBytes(text);
              }
            }),
        Declared.rows(
            "aes_encrypt_mysql" + mysql,
            "As AES_ENCRYPT of MySQL.",
            DataTypes.STRING,
            (v, row, to) -> to.appendBytes(Call.of(v, row, true).run(Cipher.ENCRYPT_MODE))),
        Declared.rows(
            "aes_decrypt_mysql" + mysql,
            "As AES_DECRYPT of MySQL.",
            DataTypes.STRING,
            (v, row, to) -> to.appendBytes(Call.of(v, row, true).run(Cipher.DECRYPT_MODE))),
        Declared.rows(
                "HMAC(hash String, text String, key String)",
                "The keyed hash of the text by 'md5', 'sha1', 'sha224' to 'sha512'.",
                DataTypes.STRING,
                (v, row, to) -> to.appendBytes(mac(v, row)))
            .inAnyCase());
  }

  private static byte[] mac(List<Vector> v, int row) {
    String hash = RowBinding.text(v.get(0), row).toLowerCase(Locale.ROOT);
    String name = MACS.get(hash);
    if (name == null) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "HMAC knows md5, sha1, sha224, sha256, sha384 and sha512, found \"" + hash + "\"");
    }
    byte[] key = v.get(2).getBytes(row);
    try {
      Mac mac = Mac.getInstance(name);
      // Java refuses an empty key, which is the same as one of zeros.
      mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, name));
      return mac.doFinal(v.get(1).getBytes(row));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no " + name + " in this Java", e);
    }
  }

  /// One text to be coded.
  private record Call(
      String name, String mode, byte[] text, byte[] key, byte[] vector, byte[] added) {
    static Call of(List<Vector> v, int row, boolean mysql) {
      String name = RowBinding.text(v.get(0), row).toLowerCase(Locale.ROOT);
      Matcher matcher = MODE.matcher(name);
      if (!matcher.matches() || mysql && matcher.group(2).equals("gcm")) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS,
            "unknown mode \""
                + name
                + "\"; use aes-128-ecb, or 192 or 256, and cbc, ofb, ctr"
                + (mysql ? "" : " or gcm"));
      }
      int keyBytes = Integer.parseInt(matcher.group(1)) / Byte.SIZE;
      byte[] key = v.get(2).getBytes(row);
      byte[] vector = v.size() > 3 ? v.get(3).getBytes(row) : new byte[0];
      String mode = matcher.group(2);
      if (mysql) {
        key = folded(key, keyBytes);
        vector = Arrays.copyOf(vector, vector.length == 0 ? 0 : BLOCK);
      }
      if (key.length != keyBytes) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS,
            name + " takes a key of " + keyBytes + " bytes, found " + key.length);
      }
      if (vector.length == 0 && mode.equals("gcm")) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS, name + " takes an initialization vector, best of 12 bytes");
      }
      if (vector.length != 0 && vector.length != BLOCK && !mode.equals("gcm")) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS,
            name + " takes an initialization vector of 16 bytes, found " + vector.length);
      }
      byte[] added = v.size() > 4 ? v.get(4).getBytes(row) : new byte[0];
      return new Call(name, mode, v.get(1).getBytes(row), key, vector, added);
    }

    private static byte[] folded(byte[] key, int length) {
      byte[] folded = new byte[length];
      for (int i = 0; i < key.length; i++) {
        folded[i % length] ^= key[i];
      }
      return folded;
    }

    byte[] run(int direction) {
      byte[] done = runOrNull(direction);
      if (done == null) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS,
            "the text cannot be decrypted by "
                + name
                + " with this key; tryDecrypt gives NULL instead");
      }
      return done;
    }

    /// Null where the text does not fit the key.
    byte[] runOrNull(int direction) {
      boolean padded = mode.equals("ecb") || mode.equals("cbc");
      String algorithm =
          "AES/" + mode.toUpperCase(Locale.ROOT) + "/" + (padded ? "PKCS5Padding" : "NoPadding");
      try {
        Cipher cipher = Cipher.getInstance(algorithm);
        AlgorithmParameterSpec parameters = parameters();
        SecretKeySpec secret = new SecretKeySpec(key, "AES");
        if (parameters == null) {
          cipher.init(direction, secret);
        } else {
          cipher.init(direction, secret, parameters);
        }
        if (added.length > 0 && mode.equals("gcm")) {
          cipher.updateAAD(added);
        }
        return cipher.doFinal(text);
      } catch (GeneralSecurityException e) {
        if (direction == Cipher.DECRYPT_MODE) {
          return null;
        }
        throw new IllegalStateException("cannot encrypt by " + algorithm, e);
      }
    }

    private AlgorithmParameterSpec parameters() {
      return switch (mode) {
        case "ecb" -> null;
        case "gcm" -> new GCMParameterSpec(TAG_BITS, vector);
        default -> new IvParameterSpec(vector.length == 0 ? new byte[BLOCK] : vector);
      };
    }
  }
}
