// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.time;

import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.VectorValues;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/// Texts as times: `parseDateTimeBestEffort…` by guess, `parseDateTime…` by a pattern of MySQL or
/// of Joda, each failing, giving NULL or the first moment where the text is none.
public final class TimeParsing {
  private TimeParsing() {}

  private enum Failing {
    FAIL(""),
    NULL("OrNull"),
    ZERO("OrZero");

    private final String ending;

    Failing(String ending) {
      this.ending = ending;
    }
  }

  public static List<ScalarFunction> functions() {
    List<ScalarFunction> all = new ArrayList<>();
    for (Failing failing : Failing.values()) {
      for (boolean us : new boolean[] {false, true}) {
        String kind = (us ? "US" : "") + failing.ending;
        all.add(guess("parseDateTimeBestEffort" + kind, us, false, failing));
        all.add(guess("parseDateTime64BestEffort" + kind, us, true, failing));
      }
      all.add(guess("parseDateTime32BestEffort" + failing.ending, false, false, failing));
      for (boolean fine : new boolean[] {false, true}) {
        String name = "parseDateTime" + (fine ? "64" : "");
        ScalarFunction mysql = byPattern(name + failing.ending, false, fine, failing);
        all.add(
            fine
                ? mysql
                : switch (failing) {
                  case FAIL -> mysql.alias("TO_UNIXTIME");
                  case NULL -> mysql.alias("str_to_date");
                  case ZERO -> mysql;
                });
        all.add(byPattern(name + "InJodaSyntax" + failing.ending, true, fine, failing));
      }
    }
    return all;
  }

  private interface Parser {
    BestEffort.Moment parse(String text, List<dev.varve.storage.vector.Vector> v, int row);
  }

  private static ScalarFunction guess(String name, boolean us, boolean fine, Failing failing) {
    return Declared.bound(
        name
            + (fine
                ? "(text String[, precision const Int[, zone const String]])"
                : "(text String[, zone const String])"),
        "A time of a text, in any of the usual spellings.",
        args -> {
          int precision = fine && args.size() > 1 ? Arguments.constantInt(name, args, 1) : 3;
          String zone = zone(name, args, fine ? 2 : 1);
          DataType type =
              fine ? new DataType.DateTime64(precision, zone) : new DataType.DateTime(zone);
          return bind(type, zone, failing, (text, _, _) -> BestEffort.parse(text, us));
        });
  }

  private static ScalarFunction byPattern(
      String name, boolean joda, boolean fine, Failing failing) {
    return Declared.bound(
        name + "(text String, pattern String[, zone const String])",
        "A time of a text, by a pattern of " + (joda ? "Joda." : "MySQL."),
        args -> {
          String zone = zone(name, args, 2);
          String known = args.get(1).isConstant() ? Arguments.constantText(name, args, 1) : "";
          int precision = joda ? (int) known.chars().filter(c -> c == 'S').count() : 6;
          DataType type =
              fine ? new DataType.DateTime64(precision, zone) : new DataType.DateTime(zone);
          return bind(
              type,
              zone,
              failing,
              (text, v, row) -> {
                String pattern = RowBinding.text(v.get(1), row);
                return joda ? JodaPattern.parse(text, pattern) : MysqlPattern.parse(text, pattern);
              });
        });
  }

  private static String zone(String name, List<Argument> args, int index) {
    return args.size() > index ? TimeFields.zone(name, args, index).orElseThrow().getId() : "";
  }

  private static Binding bind(DataType type, String zoneName, Failing failing, Parser parser) {
    ZoneId zone = VectorValues.zone(zoneName);
    DataType result = failing == Failing.NULL ? DataTypes.nullable(type) : type;
    return RowBinding.of(
        result,
        (v, row, to) -> {
          try {
            Instant at = parser.parse(RowBinding.text(v.getFirst(), row), v, row).instant(zone);
            to.appendLong(stored(at, type));
          } catch (VarveException e) {
            switch (failing) {
              case FAIL -> throw e;
              case NULL -> to.appendNull();
              case ZERO -> to.appendLong(0);
            }
          }
        });
  }

  private static long stored(Instant at, DataType type) {
    if (!(type instanceof DataType.DateTime64(int precision, String _))) {
      return at.getEpochSecond();
    }
    long perSecond = LocalTimes.perSecond(precision);
    return at.getEpochSecond() * perSecond + at.getNano() / (1_000_000_000L / perSecond);
  }
}
