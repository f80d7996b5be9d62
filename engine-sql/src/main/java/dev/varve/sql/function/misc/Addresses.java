// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.misc;

import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Addresses of the Internet as texts, numbers and bytes.
public final class Addresses {
  private static final Pattern IPV4 =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

  private Addresses() {}

  public static List<ScalarFunction> functions() {
    return List.of(
        fromText("IPv4StringToNum", DataTypes.UINT32, OnError.FAIL).alias("INET_ATON"),
        fromText("IPv4StringToNumOrDefault", DataTypes.UINT32, OnError.DEFAULT),
        fromText("IPv4StringToNumOrNull", DataTypes.nullable(DataTypes.UINT32), OnError.NULL),
        fromText("IPv6StringToNum", new DataType.FixedText(16), OnError.FAIL).alias("INET6_ATON"),
        fromText("IPv6StringToNumOrDefault", new DataType.FixedText(16), OnError.DEFAULT),
        fromText(
            "IPv6StringToNumOrNull", DataTypes.nullable(new DataType.FixedText(16)), OnError.NULL),
        one(
                "IPv6NumToString",
                DataTypes.STRING,
                "The address of 16 bytes as text.",
                Addresses::isSixteen,
                (v, row, to) ->
                    RowBinding.append(text6(Arrays.copyOf(v.getFirst().getBytes(row), 16)), to))
            .alias("INET6_NTOA"),
        one(
            "IPv4ToIPv6",
            DataTypes.IPV6,
            "The address mapped into IPv6.",
            Addresses::isFour,
            (v, row, to) -> to.appendBytes(mapped(v.getFirst().getLong(row)))),
        one(
            "isIPv4String",
            DataTypes.UINT8,
            "Whether the text is an IPv4 address.",
            Arguments::isText,
            (v, row, to) -> to.appendLong(parse4(RowBinding.text(v.getFirst(), row)) >= 0 ? 1 : 0)),
        one(
            "isIPv6String",
            DataTypes.UINT8,
            "Whether the text is an IPv6 address.",
            Arguments::isText,
            (v, row, to) ->
                to.appendLong(parse6(RowBinding.text(v.getFirst(), row)) != null ? 1 : 0)),
        ScalarFunction.of(
            "isIPAddressInRange",
            "isIPAddressInRange(address, 'network/bits')",
            "Whether a network holds the address.",
            args -> {
              Arguments.count("isIPAddressInRange", args, 2, 2);
              Arguments.requireText("isIPAddressInRange", args, 0);
              Arguments.requireText("isIPAddressInRange", args, 1);
              return RowBinding.of(
                  DataTypes.UINT8,
                  (v, row, to) ->
                      to.appendLong(
                          inRange(RowBinding.text(v.get(0), row), RowBinding.text(v.get(1), row))
                              ? 1
                              : 0));
            }),
        ScalarFunction.of(
            "IPv4CIDRToRange",
            "IPv4CIDRToRange(address, bits)",
            "The first and the last address of a network.",
            Addresses::range4));
  }

  private enum OnError {
    FAIL,
    DEFAULT,
    NULL
  }

  private static boolean isSixteen(DataType type) {
    return type instanceof DataType.Ipv6 || Arguments.isText(type);
  }

  private static boolean isFour(DataType type) {
    return type instanceof DataType.Ipv4
        || type instanceof DataType.Int number && !number.signed() && number.bits() <= 64;
  }

  private static ScalarFunction one(
      String name, DataType type, String doc, Predicate<DataType> taken, RowBinding.Row function) {
    return ScalarFunction.of(
        name,
        name + "(x)",
        doc,
        args -> {
          Arguments.count(name, args, 1, 1);
          if (!taken.test(args.getFirst().plain())) {
            throw Arguments.illegal(name, 0, args.getFirst().type(), "an address");
          }
          return RowBinding.of(type, function);
        });
  }

  private static ScalarFunction fromText(String name, DataType type, OnError onError) {
    boolean six = name.startsWith("IPv6");
    return ScalarFunction.of(
        name,
        name + "(text)",
        "The address as a number or bytes.",
        args -> {
          Arguments.count(name, args, 1, 1);
          Arguments.requireText(name, args, 0);
          return RowBinding.of(
              type,
              (v, row, to) -> {
                String text = RowBinding.text(v.getFirst(), row);
                long four = six ? -1 : parse4(text);
                byte[] bytes = six ? parse6(text) : null;
                if (six && bytes == null && parse4(text) >= 0) {
                  bytes = mapped(parse4(text));
                }
                if (four >= 0) {
                  to.appendLong(four);
                } else if (bytes != null) {
                  to.appendBytes(bytes);
                } else if (onError == OnError.FAIL) {
                  throw new VarveException(
                      ErrorCode.CANNOT_PARSE_INPUT,
                      "\"" + text + "\" is no address; " + name + "OrNull gives NULL instead");
                } else if (onError == OnError.NULL) {
                  to.appendNull();
                } else {
                  to.appendDefault();
                }
              });
        });
  }

  private static byte[] mapped(long four) {
    byte[] bytes = new byte[16];
    bytes[10] = -1;
    bytes[11] = -1;
    for (int i = 0; i < 4; i++) {
      bytes[12 + i] = (byte) (four >>> 24 - 8 * i);
    }
    return bytes;
  }

  private static long parse4(String text) {
    Matcher matcher = IPV4.matcher(text);
    if (!matcher.matches()) {
      return -1;
    }
    long address = 0;
    for (int i = 1; i <= 4; i++) {
      int part = Integer.parseInt(matcher.group(i));
      if (part > 255) {
        return -1;
      }
      address = address << 8 | part;
    }
    return address;
  }

  // The pattern keeps out whatever would be looked up as a name.
  private static byte[] parse6(String text) {
    if (!IPV6.matcher(text).matches()) {
      return null;
    }
    try {
      byte[] bytes = InetAddress.getByName(text).getAddress();
      if (bytes.length == 16) {
        return bytes;
      }
      return mapped(
          (bytes[0] & 0xFFL) << 24
              | (bytes[1] & 0xFFL) << 16
              | (bytes[2] & 0xFFL) << 8
              | bytes[3] & 0xFFL);
    } catch (UnknownHostException e) {
      return null;
    }
  }

  /// The bytes of an address that the user wrote.
  static byte[] required6(String function, String text) {
    byte[] bytes = parse6(text);
    if (bytes == null) {
      throw new VarveException(
          ErrorCode.CANNOT_PARSE_INPUT, function + ": \"" + text + "\" is no IPv6 address");
    }
    return bytes;
  }

  /// Whether the address stands for one of IPv4.
  static boolean isMapped(byte[] bytes) {
    return Arrays.equals(bytes, 0, 12, mapped(0), 0, 12);
  }

  static String text6(byte[] bytes) {
    try (var allocator = new org.apache.arrow.memory.RootAllocator();
        var scratch = new dev.varve.storage.vector.Scratch(allocator)) {
      Vector address = VectorValues.of(DataTypes.IPV6, scratch, (Object) bytes);
      return (String) VectorValues.get(address, 0);
    }
  }

  private static boolean inRange(String address, String network) {
    int slash = network.indexOf('/');
    byte[] base = bytes(slash < 0 ? network : network.substring(0, slash));
    byte[] own = bytes(address);
    if (own == null || base == null || slash < 0) {
      throw new VarveException(
          ErrorCode.CANNOT_PARSE_INPUT,
          "isIPAddressInRange takes an address and a network/bits, found \""
              + address
              + "\" and \""
              + network
              + "\"");
    }
    if (own.length != base.length) {
      return false;
    }
    int bits = Integer.parseInt(network.substring(slash + 1));
    for (int i = 0; i < bits; i++) {
      int mask = 0x80 >>> i % 8;
      if ((own[i / 8] & mask) != (base[i / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  private static byte[] bytes(String address) {
    long four = parse4(address);
    return four >= 0 ? Arrays.copyOfRange(mapped(four), 12, 16) : parse6(address);
  }

  private static Binding range4(List<Argument> args) {
    Arguments.count("IPv4CIDRToRange", args, 2, 2);
    if (!isFour(args.getFirst().plain())) {
      throw Arguments.illegal("IPv4CIDRToRange", 0, args.getFirst().type(), "IPv4");
    }
    Arguments.requireInteger("IPv4CIDRToRange", args, 1);
    DataType type = new DataType.Tuple(List.of(), List.of(DataTypes.IPV4, DataTypes.IPV4));
    return RowBinding.of(
        type,
        (v, row, to) -> {
          int bits = (int) Math.clamp(v.get(1).getInteger(row).longValue(), 0, 32);
          long mask = bits == 0 ? 0 : 0xFFFFFFFFL << 32 - bits & 0xFFFFFFFFL;
          long first = v.get(0).getLong(row) & mask;
          to.child(0).appendLong(first);
          to.child(1).appendLong(first | ~mask & 0xFFFFFFFFL);
          to.endStruct();
        });
  }
}
