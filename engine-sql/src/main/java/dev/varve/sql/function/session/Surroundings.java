// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.session;

import dev.varve.sql.expression.BoundFunction.Stability;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.VectorBuilder;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a statement can ask of its server and of the batch of rows it is given: `version`,
/// `blockSize`, `rowNumberInBlock`; and sizes and spans of time for people.
public final class Surroundings {
  private static final Map<String, BigDecimal> SIZES =
      Map.ofEntries(
          Map.entry("b", BigDecimal.ONE),
          Map.entry("kib", BigDecimal.valueOf(1L << 10)),
          Map.entry("kb", BigDecimal.valueOf(1000)),
          Map.entry("mib", BigDecimal.valueOf(1L << 20)),
          Map.entry("mb", BigDecimal.valueOf(1_000_000)),
          Map.entry("gib", BigDecimal.valueOf(1L << 30)),
          Map.entry("gb", BigDecimal.valueOf(1_000_000_000)),
          Map.entry("tib", BigDecimal.valueOf(1L << 40)),
          Map.entry("tb", BigDecimal.valueOf(1_000_000_000_000L)),
          Map.entry("pib", BigDecimal.valueOf(1L << 50)),
          Map.entry("pb", BigDecimal.valueOf(1_000_000_000_000_000L)),
          Map.entry("eib", BigDecimal.valueOf(1L << 60)),
          Map.entry("eb", BigDecimal.valueOf(1_000_000_000_000_000_000L)));
  private static final String[] SPANS = {"years", "months", "days", "hours", "minutes", "seconds"};
  private static final long[] SPAN_SECONDS = {31_536_000, 2_635_200, 86_400, 3600, 60, 1};

  private Surroundings() {}

  public static List<ScalarFunction> functions() {
    List<ScalarFunction> all = new ArrayList<>();
    all.add(constant("version", "The version of the server.", version()).inAnyCase());
    all.add(
        constant("hostName", "The name of the server's machine.", hostName())
            .alias("hostname", "FQDN", "fullHostName"));
    all.add(constant("displayName", "The name that the server shows to people.", "varve"));
    all.add(
        Declared.bound(
                "blockSize()",
                "How many rows the batch at hand has.",
                _ -> batch((row, rows) -> rows))
            .that(Stability.VOLATILE));
    all.add(
        Declared.bound(
                "rowNumberInBlock()",
                "The number of the row in its batch, from 0.",
                _ -> batch((row, rows) -> row))
            .that(Stability.VOLATILE));
    for (String ending : List.of("", "OrNull", "OrZero")) {
      all.add(readableSize("parseReadableSize" + ending, ending));
    }
    all.add(TimeSpans.parsed());
    all.add(
        Declared.bound(
            "formatReadableTimeDelta(seconds Number[, most const String[, least const String]])",
            "A span of time in words.",
            args -> {
              int most =
                  args.size() > 1
                      ? span(Arguments.constantText("formatReadableTimeDelta", args, 1))
                      : 0;
              int least =
                  args.size() > 2
                      ? span(Arguments.constantText("formatReadableTimeDelta", args, 2))
                      : 5;
              return RowBinding.of(
                  DataTypes.STRING,
                  (v, row, to) ->
                      RowBinding.append(
                          words(
                              dev.varve.merge.aggregate.Numeric.doubleOf(v.getFirst(), row),
                              most,
                              least),
                          to));
            }));
    all.add(
        Declared.bound(
            "getSizeOfEnumType(x Any)",
            "How many labels the enumeration has.",
            args -> {
              if (!(args.getFirst().plain() instanceof DataType.Enumeration labels)) {
                throw Arguments.illegal(
                    "getSizeOfEnumType", 0, args.getFirst().type(), "an enumeration");
              }
              return RowBinding.of(
                  DataTypes.UINT32, (_, _, to) -> to.appendLong(labels.labels().size()));
            }));
    all.add(
        Declared.bound(
            "countDigits(x Number)",
            "How many decimal digits x has.",
            args ->
                RowBinding.of(
                    DataTypes.UINT8,
                    (v, row, to) ->
                        to.appendLong(v.getFirst().getInteger(row).abs().toString().length()))));
    all.add(
        Declared.bound(
            "isDecimalOverflow(x Number[, digits const Int])",
            "Whether a decimal has more digits than its type or the number says.",
            args -> {
              int most =
                  args.size() > 1
                      ? Math.clamp(Arguments.constantInt("isDecimalOverflow", args, 1), 0, 76)
                      : args.getFirst().plain() instanceof DataType.Decimal d ? d.precision() : 76;
              return RowBinding.of(
                  DataTypes.UINT8,
                  (v, row, to) ->
                      to.appendLong(
                          v.getFirst().getInteger(row).abs().compareTo(BigInteger.TEN.pow(most))
                                  >= 0
                              ? 1
                              : 0));
            }));
    all.add(
        Declared.bound(
                "sleep(seconds Any)",
                "Refused: no statement may hold a thread idle.",
                _ -> {
                  throw new VarveException(
                      ErrorCode.NOT_IMPLEMENTED,
                      "sleep is not supported: a statement would hold a worker without using it");
                })
            .alias("sleepEachRow"));
    for (String name : List.of("dictGet", "dictGetOrDefault", "dictGetOrNull", "dictHas")) {
      all.add(
          Declared.bound(
              name + "(name Any, …)",
              "Refused: there are no dictionaries; join a table.",
              _ -> {
                throw new VarveException(
                    ErrorCode.NOT_IMPLEMENTED,
                    name
                        + " is not supported, as there are no dictionaries; use a table and LEFT"
                        + " JOIN");
              }));
    }
    return all;
  }

  private static String version() {
    String version = Surroundings.class.getPackage().getImplementationVersion();
    return version == null ? "0.1.0.0" : version;
  }

  // What the machine calls itself. No question to a name server, which may take seconds.
  private static String hostName() {
    String name = System.getenv("HOSTNAME");
    try {
      return name == null ? Files.readString(Path.of("/etc/hostname")).strip() : name;
    } catch (IOException unknown) {
      return "localhost";
    }
  }

  private static ScalarFunction constant(String name, String doc, String value) {
    return Declared.bound(
            name + "()",
            doc,
            _ -> RowBinding.ofAll(DataTypes.STRING, (_, _, to) -> RowBinding.append(value, to)))
        .that(Stability.STABLE);
  }

  private interface OfRow {
    long of(int row, int rows);
  }

  private static Binding batch(OfRow function) {
    return new Binding(
        DataTypes.UINT64,
        (_, rows, scratch) -> {
          VectorBuilder builder = new VectorBuilder(DataTypes.UINT64, scratch);
          for (int i = 0; i < rows; i++) {
            builder.appendLong(function.of(i, rows));
          }
          return builder.build();
        });
  }

  private static ScalarFunction readableSize(String name, String ending) {
    return Declared.bound(
        name + "(text String)",
        "How many bytes a text like 3 MiB means.",
        args ->
            RowBinding.of(
                ending.equals("OrNull") ? DataTypes.nullable(DataTypes.UINT64) : DataTypes.UINT64,
                (v, row, to) -> {
                  String text = RowBinding.text(v.getFirst(), row);
                  BigInteger bytes = bytes(text);
                  if (bytes != null) {
                    to.appendInteger(bytes);
                  } else if (ending.isEmpty()) {
                    throw new VarveException(
                        ErrorCode.CANNOT_PARSE_INPUT,
                        "\"" + text + "\" is not a size such as 3 MiB");
                  } else {
                    to.appendDefault();
                  }
                }));
  }

  private static BigInteger bytes(String text) {
    if (!text.matches("[0-9]{1,30}(\\.[0-9]{1,30})?\\s*[a-zA-Z]+")) {
      return null;
    }
    String number = text.replaceFirst("\\s*[a-zA-Z]+$", "");
    BigDecimal unit = SIZES.get(text.substring(number.length()).strip().toLowerCase(Locale.ROOT));
    return unit == null
        ? null
        : new BigDecimal(number)
            .multiply(unit)
            .setScale(0, java.math.RoundingMode.CEILING)
            .toBigInteger();
  }

  private static int span(String unit) {
    for (int i = 0; i < SPANS.length; i++) {
      if (SPANS[i].equals(unit)) {
        return i;
      }
    }
    throw new VarveException(
        ErrorCode.BAD_ARGUMENTS,
        "formatReadableTimeDelta knows years to seconds, found \"" + unit + "\"");
  }

  private static String words(double seconds, int most, int least) {
    List<String> parts = new ArrayList<>();
    long rest = (long) Math.abs(seconds);
    for (int i = most; i <= least; i++) {
      long count = rest / SPAN_SECONDS[i];
      rest -= count * SPAN_SECONDS[i];
      if (count > 0 || i == least && parts.isEmpty()) {
        parts.add(
            count + " " + (count == 1 ? SPANS[i].substring(0, SPANS[i].length() - 1) : SPANS[i]));
      }
    }
    String sign = seconds < 0 ? "- " : "";
    int last = parts.size() - 1;
    return sign
        + (last == 0
            ? parts.getFirst()
            : String.join(", ", parts.subList(0, last)) + " and " + parts.get(last));
  }
}
