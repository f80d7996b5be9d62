// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.misc;

import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Addresses cut short: networks, classes, and the addresses of network cards.
public final class Networks {
  private static final Pattern MAC = Pattern.compile("([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}.*");
  private static final DataType SIXTEEN = new DataType.FixedText(16);

  private Networks() {}

  public static List<ScalarFunction> functions() {
    return List.of(
        ScalarFunction.of(
            "IPv4NumToStringClassC",
            "IPv4NumToStringClassC(n)",
            "The address that the number means, with xxx for its last byte.",
            args -> {
              requireNumber("IPv4NumToStringClassC", args);
              return RowBinding.of(
                  DataTypes.STRING,
                  (v, row, to) -> {
                    long n = v.getFirst().getLong(row);
                    RowBinding.append(
                        (n >>> 24 & 255) + "." + (n >>> 16 & 255) + "." + (n >>> 8 & 255) + ".xxx",
                        to);
                  });
            }),
        ScalarFunction.of(
            "IPv6CIDRToRange",
            "IPv6CIDRToRange(address, bits)",
            "The first and the last address of a network.",
            Networks::range),
        ScalarFunction.of(
            "cutIPv6",
            "cutIPv6(address, bytes, bytesOfIPv4)",
            "The address with its last bytes cleared; so many of one that stands for IPv4.",
            Networks::cut),
        ScalarFunction.of(
            "MACNumToString",
            "MACNumToString(n)",
            "The address of a network card that the number means.",
            args -> {
              requireNumber("MACNumToString", args);
              return RowBinding.of(
                  DataTypes.STRING,
                  (v, row, to) -> {
                    long n = v.getFirst().getLong(row);
                    String digits = String.format(Locale.ROOT, "%012X", n & 0xFFFFFFFFFFFFL);
                    RowBinding.append(digits.replaceAll("(..)(?!$)", "$1:"), to);
                  });
            }),
        ofMac("MACStringToNum", "The number of a network card's address, 0 for no address.", 0),
        ofMac("MACStringToOUI", "The first three bytes of a network card's address.", 24));
  }

  private static void requireNumber(String name, List<Argument> args) {
    Arguments.count(name, args, 1, 1);
    DataType type = args.getFirst().plain();
    boolean fits = type instanceof DataType.Int(int bits, boolean _) && bits <= 64;
    if (!fits && !(type instanceof DataType.Ipv4)) {
      throw Arguments.illegal(name, 0, type, "an integer of up to 64 bits");
    }
  }

  private static ScalarFunction ofMac(String name, String doc, int shift) {
    return ScalarFunction.of(
        name,
        name + "(text)",
        doc,
        args -> {
          Arguments.count(name, args, 1, 1);
          Arguments.requireText(name, args, 0);
          return RowBinding.of(
              DataTypes.UINT64,
              (v, row, to) -> {
                String text = RowBinding.text(v.getFirst(), row);
                // The first three bytes are enough for the maker's number.
                Matcher matcher =
                    MAC.matcher(shift > 0 && text.length() == 8 ? text + ":00:00:00" : text);
                to.appendLong(matcher.matches() ? number(matcher.group()) >>> shift : 0);
              });
        });
  }

  private static long number(String text) {
    return HexFormat.fromHexDigitsToLong(text.substring(0, 17).replace(":", ""));
  }

  private static boolean isAddress(DataType type) {
    return type instanceof DataType.Ipv6 || type.equals(SIXTEEN);
  }

  private static Binding range(List<Argument> args) {
    String name = "IPv6CIDRToRange";
    Arguments.count(name, args, 2, 2);
    boolean text = Arguments.isText(args.getFirst().plain()) && !isAddress(args.getFirst().plain());
    if (!text && !isAddress(args.getFirst().plain())) {
      throw Arguments.illegal(name, 0, args.getFirst().type(), "IPv6");
    }
    Arguments.requireInteger(name, args, 1);
    return RowBinding.of(
        new DataType.Tuple(List.of(), List.of(DataTypes.IPV6, DataTypes.IPV6)),
        (v, row, to) -> {
          byte[] first =
              text
                  ? Addresses.required6(name, RowBinding.text(v.getFirst(), row))
                  : v.getFirst().getBytes(row);
          byte[] last = first.clone();
          int bits = (int) Math.clamp(v.get(1).getInteger(row).longValue(), 0, 128);
          for (int bit = bits; bit < 128; bit++) {
            int mask = 0x80 >>> bit % 8;
            first[bit / 8] &= (byte) ~mask;
            last[bit / 8] |= (byte) mask;
          }
          to.child(0).appendBytes(first);
          to.child(1).appendBytes(last);
          to.endStruct();
        });
  }

  private static Binding cut(List<Argument> args) {
    String name = "cutIPv6";
    Arguments.count(name, args, 3, 3);
    if (!isAddress(args.getFirst().plain())) {
      throw Arguments.illegal(name, 0, args.getFirst().type(), "IPv6 or FixedString(16)");
    }
    Arguments.requireInteger(name, args, 1);
    Arguments.requireInteger(name, args, 2);
    return RowBinding.of(
        DataTypes.STRING,
        (v, row, to) -> {
          byte[] bytes = v.getFirst().getBytes(row);
          int cut = Addresses.isMapped(bytes) ? 2 : 1;
          int count = (int) Math.clamp(v.get(cut).getInteger(row).longValue(), 0, 16);
          Arrays.fill(bytes, 16 - count, 16, (byte) 0);
          RowBinding.append(Addresses.text6(bytes), to);
        });
  }
}
