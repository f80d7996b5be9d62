// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataTypes;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.List;

/// What the bytes of a text are: how many different ones, in which character set.
public final class TextMeasures {
  private TextMeasures() {}

  public static List<ScalarFunction> functions() {
    return List.of(
        Declared.rows(
            "stringBytesUniq(text String)",
            "How many different bytes a text has.",
            DataTypes.UINT16,
            (v, row, to) ->
                to.appendLong(
                    Arrays.stream(counts(v.getFirst().getBytes(row))).filter(n -> n > 0).count())),
        Declared.rows(
            "stringBytesEntropy(text String)",
            "Shannon entropy of a text's bytes, in bits.",
            DataTypes.FLOAT64,
            (v, row, to) -> to.appendDouble(entropy(v.getFirst().getBytes(row)))),
        Declared.rows(
            "toStringCutToZero(text String)",
            "The text up to its first zero byte.",
            DataTypes.STRING,
            (v, row, to) -> {
              byte[] bytes = v.getFirst().getBytes(row);
              int length = 0;
              while (length < bytes.length && bytes[length] != 0) {
                length++;
              }
              to.appendBytes(bytes, 0, length);
            }),
        Declared.rows(
            "convertCharset(text String, from String, to String)",
            "The bytes of the text in another character set.",
            DataTypes.STRING,
            (v, row, to) -> {
              Charset from = charset(RowBinding.text(v.get(1), row));
              Charset wanted = charset(RowBinding.text(v.get(2), row));
              to.appendBytes(new String(v.getFirst().getBytes(row), from).getBytes(wanted));
            }));
  }

  private static long[] counts(byte[] bytes) {
    long[] counts = new long[256];
    for (byte b : bytes) {
      counts[b & 0xFF]++;
    }
    return counts;
  }

  private static double entropy(byte[] bytes) {
    double entropy = 0;
    for (long count : counts(bytes)) {
      if (count > 0) {
        double share = (double) count / bytes.length;
        entropy -= share * Math.log(share) / Math.log(2);
      }
    }
    return entropy;
  }

  private static Charset charset(String name) {
    try {
      return Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "\"" + name + "\" is not a character set; use one like 'utf-8' or 'iso-8859-1'",
          e);
    }
  }
}
