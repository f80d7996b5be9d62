// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rule;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads the merge rule of a table from its engine and checks that the columns it names fit.
public final class MergeRules {
  private static final List<String> ENGINES =
      List.of(
          "MergeTree",
          "ReplacingMergeTree",
          "CollapsingMergeTree",
          "VersionedCollapsingMergeTree",
          "SummingMergeTree",
          "AggregatingMergeTree");
  private static final Pattern LIST = Pattern.compile("\\s*,\\s*");

  private final TableDefinition definition;

  private MergeRules(TableDefinition definition) {
    this.definition = definition;
  }

  /// Names of the engines that have a rule.
  public static List<String> engines() {
    return ENGINES;
  }

  /// @throws VarveException UNKNOWN_STORAGE, NUMBER_OF_ARGUMENTS_DOESNT_MATCH, UNKNOWN_IDENTIFIER,
  ///   BAD_ARGUMENTS or ILLEGAL_TYPE_OF_ARGUMENT, naming the engine and the argument
  public static MergeRule of(TableDefinition definition) {
    return new MergeRules(definition).read();
  }

  private MergeRule read() {
    return switch (definition.engine()) {
      case "MergeTree" -> {
        arguments(0, 0, "no arguments");
        yield new MergeRule.Plain();
      }
      case "ReplacingMergeTree" -> replacing(arguments(0, 2, "[version[, is_deleted]]"));
      case "CollapsingMergeTree" ->
          new MergeRule.Collapsing(sign(arguments(1, 1, "the sign column").getFirst()));
      case "VersionedCollapsingMergeTree" -> {
        List<String> arguments = arguments(2, 2, "the sign column and the version column");
        yield new MergeRule.VersionedCollapsing(sign(arguments.get(0)), version(arguments.get(1)));
      }
      case "SummingMergeTree" -> summing();
      case "AggregatingMergeTree" -> {
        arguments(0, 0, "no arguments");
        yield new MergeRule.Aggregating();
      }
      default ->
          throw new VarveException(
              ErrorCode.UNKNOWN_STORAGE,
              "unknown table engine \""
                  + definition.engine()
                  + "\" of table "
                  + definition.name()
                  + NearNames.suggest(definition.engine(), ENGINES));
    };
  }

  private List<String> arguments(int least, int most, String wanted) {
    List<String> given = definition.engineArguments();
    if (given.size() < least || given.size() > most) {
      throw new VarveException(
          ErrorCode.NUMBER_OF_ARGUMENTS_DOESNT_MATCH,
          "engine " + definition.engine() + " takes " + wanted + ", found " + given);
    }
    return given.stream().map(MergeRules::unquoted).toList();
  }

  private MergeRule replacing(List<String> arguments) {
    Optional<String> version =
        arguments.isEmpty() ? Optional.empty() : Optional.of(version(arguments.get(0)));
    if (arguments.size() < 2) {
      return new MergeRule.Replacing(version, Optional.empty());
    }
    ColumnDefinition deleted = column(arguments.get(1), "is_deleted column");
    DataType type = deleted.type();
    if (!type.equals(DataTypes.UINT8) && !type.equals(DataTypes.BOOL)) {
      throw wrongType("is_deleted column", deleted, "UInt8");
    }
    return new MergeRule.Replacing(version, Optional.of(deleted.name()));
  }

  private MergeRule summing() {
    List<String> names = new ArrayList<>();
    for (String argument : definition.engineArguments()) {
      String list = argument.strip();
      if (list.startsWith("(") && list.endsWith(")")) {
        list = list.substring(1, list.length() - 1);
      }
      for (String name : LIST.split(list.strip())) {
        names.add(unquoted(name));
      }
    }
    for (String name : names) {
      if (isNested(name)) {
        continue;
      }
      ColumnDefinition column = column(name, "summed column");
      if (!isSummable(column.type())) {
        throw wrongType("summed column", column, "a number");
      }
      if (definition.orderBy().contains(column.name())) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS,
            "column \""
                + name
                + "\" of the sorting key cannot be summed: take it out of "
                + definition.engine()
                + "(…) or out of ORDER BY");
      }
    }
    return new MergeRule.Summing(names);
  }

  /// Nested columns are maps, which are added up with or without being named.
  private boolean isNested(String name) {
    return definition.columns().stream().anyMatch(column -> column.name().startsWith(name + "."));
  }

  private String sign(String name) {
    ColumnDefinition sign = column(name, "sign column");
    if (!sign.type().equals(DataTypes.INT8)) {
      throw wrongType("sign column", sign, "Int8");
    }
    return sign.name();
  }

  private String version(String name) {
    ColumnDefinition version = column(name, "version column");
    DataType type = version.type();
    boolean fits =
        switch (type) {
          case DataType.Int _, DataType.Decimal _ -> type.physical().isLong();
          case DataType.Date _,
              DataType.Date32 _,
              DataType.DateTime _,
              DataType.DateTime64 _,
              DataType.Time _,
              DataType.Time64 _ ->
              true;
          default -> false;
        };
    if (!fits) {
      throw wrongType("version column", version, "an integer, a date or a time of at most 64 bits");
    }
    return version.name();
  }

  private ColumnDefinition column(String name, String role) {
    ColumnDefinition column =
        definition
            .column(name)
            .orElseThrow(() ->
                new VarveException(
                    ErrorCode.UNKNOWN_IDENTIFIER,
                    "engine "
                        + definition.engine()
                        + ": no column \""
                        + name
                        + "\" to be the "
                        + role
                        + NearNames.suggest(
                            name,
                            definition.columns().stream().map(ColumnDefinition::name).toList())));
    if (!column.isStored()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "engine "
              + definition.engine()
              + ": the "
              + role
              + " \""
              + name
              + "\" is an ALIAS and has no stored values");
    }
    return column;
  }

  private VarveException wrongType(String role, ColumnDefinition column, String wanted) {
    return new VarveException(
        ErrorCode.ILLEGAL_TYPE_OF_ARGUMENT,
        "engine "
            + definition.engine()
            + ": the "
            + role
            + " \""
            + column.name()
            + "\" must be "
            + wanted
            + ", found "
            + column.type().name());
  }

  /// Whether the Summing rule adds values of this type when no columns are named.
  static boolean isSummable(DataType type) {
    return switch (type.unwrapped()) {
      case DataType.Int _, DataType.Float _, DataType.Decimal _ ->
          !(type instanceof DataType.SimpleAggregate);
      default -> false;
    };
  }

  private static String unquoted(String name) {
    String text = name.strip();
    if (text.length() >= 2
        && (text.startsWith("`") && text.endsWith("`")
            || text.startsWith("\"") && text.endsWith("\""))) {
      return text.substring(1, text.length() - 1);
    }
    return text;
  }
}
