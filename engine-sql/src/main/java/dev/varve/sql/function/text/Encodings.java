// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataTypes;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;

/// Bytes as text of few characters and back: base 32, 58 and 64.
public final class Encodings {
  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final String BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

  private Encodings() {}

  public static List<ScalarFunction> functions() {
    List<ScalarFunction> all = new ArrayList<>();
    family(all, "ase32", Encodings::encode32, Encodings::decode32);
    family(all, "ase58", Encodings::encode58, Encodings::decode58);
    family(
        all,
        "ase64URL",
        bytes -> Base64.getUrlEncoder().withoutPadding().encode(bytes),
        bytes -> decode64(bytes, Base64.getUrlDecoder()));
    all.add(tried("tryBase64Decode", "64", bytes -> decode64(bytes, Base64.getDecoder())));
    return all;
  }

  private static void family(
      List<ScalarFunction> all,
      String base,
      UnaryOperator<byte[]> encode,
      UnaryOperator<byte[]> decode) {
    all.add(
        Declared.rows(
            "b" + base + "Encode(bytes String)",
            "The bytes as text in base " + base.substring(3) + ".",
            DataTypes.STRING,
            (v, row, to) -> to.appendBytes(encode.apply(v.getFirst().getBytes(row)))));
    all.add(
        Declared.rows(
            "b" + base + "Decode(text String)",
            "The bytes that text in base " + base.substring(3) + " means; fails where it is none.",
            DataTypes.STRING,
            (v, row, to) -> {
              byte[] decoded = decode.apply(v.getFirst().getBytes(row));
              if (decoded == null) {
                throw new VarveException(
                    ErrorCode.CANNOT_PARSE_INPUT,
                    "b"
                        + base
                        + "Decode was given text that is not in base "
                        + base.substring(3)
                        + "; tryB"
                        + base
                        + "Decode gives an empty text instead");
              }
              to.appendBytes(decoded);
            }));
    all.add(tried("tryB" + base + "Decode", base.substring(3), decode));
  }

  private static ScalarFunction tried(String name, String base, UnaryOperator<byte[]> decode) {
    return Declared.rows(
        name + "(text String)",
        "As the decoding of base " + base + ", but empty where the text is no such code.",
        DataTypes.STRING,
        (v, row, to) -> {
          byte[] decoded = decode.apply(v.getFirst().getBytes(row));
          to.appendBytes(decoded == null ? new byte[0] : decoded);
        });
  }

  private static byte[] decode64(byte[] text, Base64.Decoder decoder) {
    if (decoder == Base64.getDecoder() && text.length % 4 != 0) {
      return null;
    }
    try {
      return decoder.decode(text);
    } catch (IllegalArgumentException e) {
      return null; // The caller decides what bad text means.
    }
  }

  private static byte[] encode32(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    int buffer = 0;
    int bits = 0;
    for (byte b : bytes) {
      buffer = buffer << 8 | b & 255;
      bits += 8;
      while (bits >= 5) {
        bits -= 5;
        text.append(BASE32.charAt(buffer >>> bits & 31));
      }
      buffer &= (1 << bits) - 1;
    }
    if (bits > 0) {
      text.append(BASE32.charAt(buffer << (5 - bits) & 31));
    }
    while (text.length() % 8 != 0) {
      text.append('=');
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] decode32(byte[] text) {
    String digits = new String(text, StandardCharsets.ISO_8859_1).replaceFirst("={0,6}$", "");
    if (text.length % 8 != 0) {
      return null;
    }
    byte[] bytes = new byte[digits.length() * 5 / 8];
    int buffer = 0;
    int bits = 0;
    int size = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = BASE32.indexOf(Character.toUpperCase(digits.charAt(i)));
      if (digit < 0) {
        return null;
      }
      buffer = buffer << 5 | digit;
      bits += 5;
      if (bits >= 8) {
        bits -= 8;
        bytes[size++] = (byte) (buffer >>> bits);
      }
      buffer &= (1 << bits) - 1;
    }
    return bytes;
  }

  private static byte[] encode58(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    BigInteger value = new BigInteger(1, bytes);
    BigInteger base = BigInteger.valueOf(58);
    while (value.signum() > 0) {
      BigInteger[] parts = value.divideAndRemainder(base);
      text.append(BASE58.charAt(parts[1].intValue()));
      value = parts[0];
    }
    for (int i = 0; i < bytes.length && bytes[i] == 0; i++) {
      text.append('1');
    }
    return text.reverse().toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] decode58(byte[] text) {
    BigInteger value = BigInteger.ZERO;
    BigInteger base = BigInteger.valueOf(58);
    int zeros = 0;
    for (byte b : text) {
      int digit = BASE58.indexOf((char) (b & 255));
      if (digit < 0) {
        return null;
      }
      value = value.multiply(base).add(BigInteger.valueOf(digit));
      zeros += digit == 0 && value.signum() == 0 ? 1 : 0;
    }
    int size = (value.bitLength() + 7) / 8;
    byte[] signed = value.toByteArray();
    byte[] bytes = new byte[zeros + size];
    System.arraycopy(signed, signed.length - size, bytes, zeros, size);
    return bytes;
  }
}
