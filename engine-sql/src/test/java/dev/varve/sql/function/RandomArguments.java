// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function;

import dev.varve.storage.format.TextValues;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Validity;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Columns of many types, values and forms for tests of functions: flat, constant and dictionary,
/// cut out of the middle of a longer column, with values lying below their NULLs.
final class RandomArguments {
  private static final List<String> INTEGERS =
      List.of("0", "1", "2", "3", "7", "31", "64", "100", "120");
  private static final List<String> SIGNED =
      List.of("-128", "-7", "-1", "0", "1", "2", "3", "5", "64", "127");
  private static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "abc",
          "a,b,,c",
          "Grüße 日本",
          "  pad ",
          "12",
          "-3.75",
          "2024-02-29",
          "2024-02-29 12:34:56",
          "https://example.org:80/a/b?x=1&y=2#f",
          "{\"a\":[1,2,{\"b\":null}],\"c\":\"d\"}",
          "a%b_c\\",
          "[a-z]+(b)?",
          "192.168.0.1",
          "ff::1",
          "61f0c404-5cb3-11e7-907b-a6006ad3dba0",
          "the quick brown fox jumps over the lazy dog");
  private static final List<String> WORDS =
      List.of("day", "UTC", "Int32", "%Y-%m-%d", "a", "1", "month", "Europe/Berlin", ",");

  /// Texts of values by type.
  private static final Map<String, List<String>> VALUES =
      Map.ofEntries(
          Map.entry("UInt8", INTEGERS),
          Map.entry("Int8", SIGNED),
          Map.entry("Int16", List.of("-32768", "-2", "0", "1", "3", "9", "32767")),
          Map.entry("UInt32", List.of("0", "1", "5", "255", "1709210096", "4294967295")),
          Map.entry("Int32", List.of("-2147483648", "-4", "0", "1", "2", "6", "2147483647")),
          Map.entry(
              "Int64", List.of("-9223372036854775808", "-1", "0", "1", "3", "9223372036854775807")),
          Map.entry("UInt64", List.of("0", "1", "4", "63", "18446744073709551615")),
          Map.entry("Int128", List.of("-170141183460469231731687303715884105728", "0", "1", "9")),
          Map.entry("Float32", List.of("0", "-0.5", "1.5", "3e20", "nan")),
          Map.entry("Float64", List.of("0", "-1", "0.1", "2.5", "1e300", "-inf", "nan", "7")),
          Map.entry("Decimal(9, 2)", List.of("0", "-1.25", "3.99", "9999999.99")),
          Map.entry("Decimal(38, 6)", List.of("0", "-1.5", "12345678901234567890.123456")),
          Map.entry("Bool", List.of("true", "false")),
          Map.entry("String", TEXTS),
          Map.entry("FixedString(4)", List.of("", "ab", "abcd", "1234")),
          Map.entry("Date", List.of("1970-01-01", "2024-02-29", "2023-12-31", "2149-06-06")),
          Map.entry("Date32", List.of("1900-01-01", "1969-12-31", "2024-02-29", "2299-12-31")),
          Map.entry("DateTime", List.of("1970-01-01 00:00:00", "2024-03-31 01:30:00")),
          Map.entry(
              "DateTime64(3, 'Europe/Berlin')",
              List.of("1969-07-20 20:17:40.123", "2024-03-31 03:30:00.5", "2024-10-27 02:30:00")),
          Map.entry("Time", List.of("00:00:00", "-01:00:00", "23:59:59", "999:59:59")),
          Map.entry("Time64(3)", List.of("00:00:00.001", "12:30:15.5", "-00:00:00.250")),
          Map.entry("UUID", List.of(TEXTS.get(16), "00000000-0000-0000-0000-000000000000")),
          Map.entry("IPv4", List.of("0.0.0.0", "10.1.2.3", "255.255.255.255")),
          Map.entry("IPv6", List.of("::", "2001:db8::1", "::ffff:1.2.3.4")),
          Map.entry("Enum8('a' = 1, 'b' = -2)", List.of("a", "b")),
          Map.entry("Array(Int32)", List.of("[]", "[1]", "[3,1,2,3]", "[0,-7]")),
          Map.entry("Array(Nullable(Int64))", List.of("[]", "[NULL]", "[1,NULL,2]", "[5,5]")),
          Map.entry("Array(String)", List.of("[]", "['a']", "['b','','a,b']", "['a','x']")),
          Map.entry("Array(Float64)", List.of("[]", "[0.5]", "[1,2,nan]", "[-1,3]")),
          Map.entry("Array(Array(UInt8))", List.of("[]", "[[]]", "[[1,2],[3,4]]", "[[9]]")),
          Map.entry("Map(String, Int32)", List.of("{}", "{'a':1}", "{'b':2,'a':3}")),
          Map.entry("Map(UInt8, Float64)", List.of("{}", "{1:0.5}", "{2:1,7:-1}")),
          Map.entry("Tuple(Int32, Float64)", List.of("(1,2)", "(-3,0.5)", "(0,0)")),
          Map.entry("Tuple(String, UInt8)", List.of("('a',1)", "('',0)")));

  private static final List<String> TYPES = VALUES.keySet().stream().sorted().toList();

  private final RandomGenerator random;

  RandomArguments(RandomGenerator random) {
    this.random = random;
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  DataType type() {
    String name = random.nextInt(3) == 0 ? any(List.of("String", "Int32", "UInt8")) : any(TYPES);
    DataType type = DataTypes.parse(name);
    boolean scalar = type.physical() != Physical.LIST && type.physical() != Physical.STRUCT;
    return scalar && random.nextInt(3) == 0 ? DataTypes.nullable(type) : type;
  }

  /// A value that often makes sense as a constant: a unit, a format, a small number.
  Vector constant(DataType type, Scratch scratch) {
    boolean word = type.unwrapped() instanceof DataType.Text && random.nextBoolean();
    return build(DataTypes.parse(type.unwrapped().name()), 1, word ? WORDS : null, scratch);
  }

  private Vector build(DataType type, int rows, List<String> values, Scratch scratch) {
    List<String> from = values == null ? VALUES.get(type.name()) : values;
    VectorBuilder builder = new VectorBuilder(type, scratch);
    TextValues texts = TextValues.of("argument", type);
    for (int i = 0; i < rows; i++) {
      byte[] text = any(from).getBytes(StandardCharsets.UTF_8);
      texts.append(builder, text, 0, text.length);
    }
    return builder.build();
  }

  /// A column of a type that [#type] gave.
  Vector column(DataType type, int rows, Scratch scratch) {
    DataType plain = type.unwrapped();
    return switch (random.nextInt(6)) {
      case 0 -> {
        Vector single = nullable(build(plain, 1, null, scratch), type, scratch);
        yield rows == 0 ? single.head(0) : Vector.constant(type, rows, single);
      }
      case 1 -> {
        Vector dictionary = build(plain, 1 + random.nextInt(9), null, scratch);
        MemorySegment codes = scratch.allocate(rows * 4L);
        for (int i = 0; i < rows; i++) {
          codes.set(Vector.I32, i * 4L, random.nextInt(dictionary.rows()));
        }
        MemorySegment validity = type.isNullable() ? validity(rows, scratch) : null;
        yield Vector.dictionary(type, rows, codes, dictionary.as(type), validity);
      }
      case 2, 3 -> {
        int from = random.nextInt(70);
        Vector longer = build(plain, from + rows, null, scratch);
        yield nullable(VectorOps.slice(longer, from, rows, scratch), type, scratch);
      }
      default -> nullable(build(plain, rows, null, scratch), type, scratch);
    };
  }

  private Vector nullable(Vector flat, DataType type, Scratch scratch) {
    return type.isNullable() && random.nextInt(4) > 0
        ? flat.withValidity(validity(flat.rows(), scratch)).as(type)
        : flat.as(type);
  }

  private MemorySegment validity(int rows, Scratch scratch) {
    MemorySegment validity = scratch.allocateZeroed(Validity.bytes(rows));
    for (int i = 0; i < rows; i++) {
      if (random.nextInt(3) > 0) {
        Validity.set(validity, i);
      }
    }
    return validity;
  }
}
