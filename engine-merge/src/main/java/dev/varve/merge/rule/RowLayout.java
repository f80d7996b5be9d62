// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rule;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.part.Part;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How the rows of a table lie in its parts: the stored columns, which of them are the sorting key,
/// and what the merge rule keeps beside them.
///
/// A part holds [#columns()], and of [#stateColumns()] those that some row of it needs; one that is
/// missing means the value of [#fallback(String)] in every row.
///
/// @param columns what each part holds: the table's stored columns, then one hidden column for each
///   expression of the sorting key that is not a column, then `_seq`
/// @param key names of the sorting key's columns in `columns`; the version comes last under
///   VersionedCollapsing
/// @param stateColumns hidden columns of the rule
/// @param partitionColumns columns that the partition key is computed from
/// @param keyColumns columns that the sorting key is computed from
/// @param partitionsIndependent whether rows of one key always lie in one partition
public record RowLayout(
    MergeRule rule,
    List<ColumnDefinition> columns,
    List<String> key,
    List<ColumnDefinition> stateColumns,
    Set<String> partitionColumns,
    Set<String> keyColumns,
    boolean partitionsIndependent) {
  /// Plus rows less minus rows of a key, Int64.
  public static final String NET = "_net";

  /// Sign of the last row of a key, Int8.
  public static final String LAST_SIGN = "_last_sign";

  /// `_seq` of the last row of a key, whatever its sign, Int64.
  public static final String LAST_SEQ = "_last_seq";

  private static final Pattern TOKEN =
      Pattern.compile("'(?:[^'\\\\]|\\\\.|'')*'|`[^`]*`|\"[^\"]*\"|[A-Za-z_][A-Za-z0-9_.]*");

  public RowLayout {
    columns = List.copyOf(columns);
    key = List.copyOf(key);
    stateColumns = List.copyOf(stateColumns);
    partitionColumns = Set.copyOf(partitionColumns);
    keyColumns = Set.copyOf(keyColumns);
  }

  /// @param expressionTypes the type of a sorting key expression that is not a column
  public static RowLayout of(
      TableDefinition definition, Function<String, DataType> expressionTypes) {
    MergeRule rule = MergeRules.of(definition);
    List<ColumnDefinition> columns = new ArrayList<>();
    for (ColumnDefinition column : definition.columns()) {
      if (column.isStored()) {
        columns.add(column);
      }
    }
    List<String> key = new ArrayList<>();
    for (String expression : definition.orderBy()) {
      String name = keyColumn(definition, expression);
      key.add(name);
      if (columns.stream().noneMatch(c -> c.name().equals(name))) {
        columns.add(ColumnDefinition.of(name, expressionTypes.apply(expression)));
      }
    }
    if (rule instanceof MergeRule.VersionedCollapsing(String _, String version)
        && !key.contains(version)) {
      key.add(version);
    }
    columns.add(ColumnDefinition.of(Part.SEQ, DataTypes.INT64));
    return new RowLayout(
        rule,
        columns,
        key,
        stateColumns(rule, columns, key),
        columnsIn(definition, definition.partitionBy()),
        columnsIn(definition, definition.orderBy()),
        partitionsIndependent(definition));
  }

  /// The stored column that holds an expression of the sorting key: the column of that name, else a
  /// hidden one.
  public static String keyColumn(TableDefinition definition, String expression) {
    return definition.column(expression).filter(ColumnDefinition::isStored).isPresent()
        ? expression
        : "_key(" + expression + ")";
  }

  private static List<ColumnDefinition> stateColumns(
      MergeRule rule, List<ColumnDefinition> columns, List<String> key) {
    return switch (rule) {
      case MergeRule.Plain _, MergeRule.Replacing _ -> List.of();
      case MergeRule.Collapsing _, MergeRule.VersionedCollapsing _ ->
          List.of(
              ColumnDefinition.of(NET, DataTypes.INT64),
              ColumnDefinition.of(LAST_SIGN, DataTypes.INT8),
              ColumnDefinition.of(LAST_SEQ, DataTypes.INT64));
      case MergeRule.Summing _, MergeRule.Aggregating _ ->
          columns.stream()
              .filter(c -> dependsOnOrder(c.type()) && !key.contains(c.name()))
              .map(c -> ColumnDefinition.of(seqOf(c.name()), DataTypes.INT64))
              .toList();
    };
  }

  /// The hidden column that says of which insert a value of `any` or `anyLast` is.
  static String seqOf(String column) {
    return "_seq(" + column + ")";
  }

  static boolean dependsOnOrder(DataType type) {
    String function =
        switch (type) {
          case DataType.SimpleAggregate simple -> simple.functionName();
          case DataType.AggregateState state -> state.function();
          default -> "";
        };
    return switch (function) {
      case "any", "anyLast", "any_respect_nulls", "anyLast_respect_nulls" -> true;
      default -> false;
    };
  }

  /// The column whose values a state column has where a part does not store it.
  public String fallback(String stateColumn) {
    return switch (stateColumn) {
      case NET, LAST_SIGN ->
          switch (rule) {
            case MergeRule.Collapsing(String sign) -> sign;
            case MergeRule.VersionedCollapsing(String sign, String _) -> sign;
            default -> throw new IllegalStateException(stateColumn + " under " + rule);
          };
      default -> Part.SEQ;
    };
  }

  /// Whether this is a hidden column of the rule.
  public boolean isState(String name) {
    return stateColumns.stream().anyMatch(c -> c.name().equals(name));
  }

  /// Whether a granule may hold rows that are stored but do not count; judged by bounds alone.
  public boolean mayHide(Part part, int granule) {
    return HidingBounds.mayHide(this, part, granule);
  }

  public Optional<ColumnDefinition> column(String name) {
    for (ColumnDefinition column : columns) {
      if (column.name().equals(name)) {
        return Optional.of(column);
      }
    }
    return stateColumns.stream().filter(c -> c.name().equals(name)).findFirst();
  }

  /// Columns whose values of a stored row can never change: those of the keys, and those by which
  /// the rule finds the row that counts.
  public List<String> fixedColumns() {
    Set<String> fixed = new LinkedHashSet<>(partitionColumns);
    fixed.addAll(keyColumns);
    switch (rule) {
      case MergeRule.Replacing(Optional<String> version, Optional<String> isDeleted) -> {
        version.ifPresent(fixed::add);
        isDeleted.ifPresent(fixed::add);
      }
      case MergeRule.Collapsing(String sign) -> fixed.add(sign);
      case MergeRule.VersionedCollapsing(String sign, String version) -> {
        fixed.add(sign);
        fixed.add(version);
      }
      case MergeRule.Plain _, MergeRule.Summing _, MergeRule.Aggregating _ -> {}
    }
    return List.copyOf(fixed);
  }

  public List<DataType> keyTypes() {
    return key.stream().map(name -> column(name).orElseThrow().type()).toList();
  }

  /// Conservative: an expression of the partition key counts when it stands in the sorting key, or
  /// names no column outside of it.
  private static boolean partitionsIndependent(TableDefinition definition) {
    for (String expression : definition.partitionBy()) {
      if (!definition.orderBy().contains(expression) && !usesKeyOnly(definition, expression)) {
        return false;
      }
    }
    return true;
  }

  private static boolean usesKeyOnly(TableDefinition definition, String expression) {
    return definition.orderBy().containsAll(columnsIn(definition, expression));
  }

  private static Set<String> columnsIn(TableDefinition definition, List<String> expressions) {
    Set<String> names = new LinkedHashSet<>();
    expressions.forEach(e -> names.addAll(columnsIn(definition, e)));
    return names;
  }

  /// Columns whose name stands in an expression. It may be too many, where a function has the name
  /// of a column; it is never too few.
  public static Set<String> columnsIn(TableDefinition definition, String expression) {
    Set<String> names = new LinkedHashSet<>();
    Matcher tokens = TOKEN.matcher(expression);
    while (tokens.find()) {
      String token = tokens.group();
      if (token.startsWith("'")) {
        continue;
      }
      String name = token.replaceAll("[`\"]", "");
      for (ColumnDefinition column : definition.columns()) {
        if (column.name().equalsIgnoreCase(name)) {
          names.add(column.name());
        }
      }
    }
    return names;
  }
}
