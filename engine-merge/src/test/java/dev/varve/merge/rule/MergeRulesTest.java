// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import dev.varve.storage.type.DataTypes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MergeRulesTest {
  private static TableDefinition table(
      String engine, List<String> arguments, List<String> orderBy, List<String> partitionBy) {
    List<ColumnDefinition> columns =
        List.of(
            ColumnDefinition.of("id", DataTypes.UINT64),
            ColumnDefinition.of("day", DataTypes.DATE),
            ColumnDefinition.of("name", DataTypes.STRING),
            ColumnDefinition.of("sign", DataTypes.INT8),
            ColumnDefinition.of("version", DataTypes.UINT32),
            ColumnDefinition.of("gone", DataTypes.UINT8),
            ColumnDefinition.of("amount", DataTypes.FLOAT64));
    return new TableDefinition(
        new TableName("default", "t"),
        columns,
        engine,
        arguments,
        orderBy,
        orderBy,
        partitionBy,
        Map.of(),
        "",
        "",
        1);
  }

  private static MergeRule rule(String engine, String... arguments) {
    return MergeRules.of(table(engine, List.of(arguments), List.of("id"), List.of()));
  }

  @Test
  void readsTheSixEngines() {
    assertThat(rule("MergeTree")).isEqualTo(new MergeRule.Plain());
    assertThat(rule("ReplacingMergeTree"))
        .isEqualTo(new MergeRule.Replacing(Optional.empty(), Optional.empty()));
    assertThat(rule("ReplacingMergeTree", "`version`", "gone"))
        .isEqualTo(new MergeRule.Replacing(Optional.of("version"), Optional.of("gone")));
    assertThat(rule("CollapsingMergeTree", "sign")).isEqualTo(new MergeRule.Collapsing("sign"));
    assertThat(rule("VersionedCollapsingMergeTree", "sign", "version"))
        .isEqualTo(new MergeRule.VersionedCollapsing("sign", "version"));
    assertThat(rule("SummingMergeTree", "(amount, \"version\")"))
        .isEqualTo(new MergeRule.Summing(List.of("amount", "version")));
    assertThat(rule("AggregatingMergeTree")).isEqualTo(new MergeRule.Aggregating());
  }

  private static void assertRefused(
      ErrorCode code, String message, String engine, String... arguments) {
    assertThatThrownBy(() -> rule(engine, arguments))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((VarveException) e).code())
        .isEqualTo(code);
  }

  @Test
  void refusesWhatDoesNotFitAndSaysWhy() {
    assertRefused(
        ErrorCode.UNKNOWN_STORAGE, "did you mean \"SummingMergeTree\"?", "SumingMergeTree");
    assertRefused(
        ErrorCode.NUMBER_OF_ARGUMENTS_DOESNT_MATCH, "takes the sign column", "CollapsingMergeTree");
    assertRefused(
        ErrorCode.UNKNOWN_IDENTIFIER,
        "no column \"verison\" to be the version column; did you mean \"version\"?",
        "ReplacingMergeTree",
        "verison");
    assertRefused(
        ErrorCode.ILLEGAL_TYPE_OF_ARGUMENT,
        "the sign column \"gone\" must be Int8, found UInt8",
        "CollapsingMergeTree",
        "gone");
    assertRefused(ErrorCode.ILLEGAL_TYPE_OF_ARGUMENT, "found String", "ReplacingMergeTree", "name");
    assertRefused(
        ErrorCode.ILLEGAL_TYPE_OF_ARGUMENT, "must be a number", "SummingMergeTree", "name");
    assertRefused(ErrorCode.BAD_ARGUMENTS, "sorting key", "SummingMergeTree", "id");
  }

  private static boolean independent(List<String> orderBy, String partitionBy) {
    TableDefinition table = table("ReplacingMergeTree", List.of(), orderBy, List.of(partitionBy));
    return RowLayout.of(table, _ -> DataTypes.DATE).partitionsIndependent();
  }

  @Test
  void partitionsAreIndependentWhenTheSortingKeyDecidesThem() {
    assertThat(independent(List.of("id"), "day")).isFalse();
    assertThat(independent(List.of("id"), "toYYYYMM(day)")).isFalse();
    assertThat(independent(List.of("day", "id"), "toYYYYMM(day)")).isTrue();
    assertThat(independent(List.of("toMonday(day)", "id"), "toMonday(day)")).isTrue();
    assertThat(independent(List.of("toMonday(day)", "id"), "toYYYYMM(day)")).isFalse();
    assertThat(independent(List.of("id"), "id % 10")).isTrue();
    assertThat(independent(List.of("id"), "concat('day', toString(id))")).isTrue();
  }

  @Test
  void theVersionEndsTheKeyOfVersionedCollapsing() {
    TableDefinition table =
        table("VersionedCollapsingMergeTree", List.of("sign", "version"), List.of("id"), List.of());
    assertThat(RowLayout.of(table, _ -> DataTypes.DATE).key()).containsExactly("id", "version");
  }
}
