// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.schema;

import dev.varve.merge.rule.CombinedColumns;
import dev.varve.merge.rule.RowLayout;
import dev.varve.merge.rule.RowMerger;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.type.DataType;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Whether rows of a key have to be one row before their table takes another definition.
///
/// Under a rule that combines rows, stored rows that still wait for it cannot be told from those
/// that a merge combined already. A definition that gives each stored row something to add (a
/// DEFAULT of 7 in a summed column), or adds up values of another type, would then show one thing
/// before a merge and another behind it. So it is applied to combined rows alone.
public enum Folding {
  /// Stored rows may stay as they are.
  NONE,
  /// Rows of a key in one partition have to be one.
  IN_PARTITIONS,
  /// Rows of a key have to be one, and hidden ones gone.
  WHOLE;

  private static final Pattern ZERO = Pattern.compile("[\\s(]*[-+]?0*(\\.0*)?[\\s)]*|NULL");

  /// Functions that give for a value that comes twice what they give for it alone.
  private static final Set<String> IDEMPOTENT =
      Set.of(
          "min",
          "max",
          "groupBitAnd",
          "groupBitOr",
          "groupUniqArrayArray",
          "groupUniqArrayArrayMap",
          "minMap",
          "maxMap",
          "any",
          "anyLast",
          "any_respect_nulls",
          "anyLast_respect_nulls");

  /// @param from the layout of the definition `before`, as `to` is of `after`
  public static Folding of(
      TableDefinition before, RowLayout from, TableDefinition after, RowLayout to) {
    if (!to.rule().combinesRows()) {
      return NONE;
    }
    List<String> hidden = hidingZeros(from);
    if (!hidden.isEmpty() && hidingZeros(to).isEmpty()) {
      return WHOLE;
    }
    RowMerger then = RowMerger.of(from);
    RowMerger now = RowMerger.of(to);
    Folding folding = NONE;
    for (ColumnDefinition column : to.columns()) {
      Optional<ColumnDefinition> declared = after.column(column.name());
      String name = declared.map(c -> c.nameAt(before.schemaVersion())).orElse(column.name());
      Optional<ColumnDefinition> old = name == null ? Optional.empty() : from.column(name);
      if (old.isEmpty()) {
        if (declared.isPresent() && addsUp(declared.get(), after, now)) {
          return WHOLE;
        }
      } else if (shows(old.get(), column, hidden, hidingZeros(to))) {
        return WHOLE;
      } else if (!old.get().type().equals(column.type())
          && (then.combines(name) || now.combines(column.name()))) {
        folding = IN_PARTITIONS;
      }
    }
    return folding;
  }

  private static List<String> hidingZeros(RowLayout layout) {
    return CombinedColumns.of(layout).map(CombinedColumns::hidingZeros).orElse(List.of());
  }

  /// Whether a hidden row would show because of a column: it is summed from now on, or its zero
  /// becomes the zero of a nullable column, which is a value.
  private static boolean shows(
      ColumnDefinition old, ColumnDefinition column, List<String> before, List<String> after) {
    boolean isValue = column.type().isNullable() && !old.type().isNullable();
    return !before.isEmpty()
        && after.contains(column.name())
        && (isValue || !before.contains(old.name()));
  }

  /// Whether rows that lack a column say something else of it together than combined.
  private static boolean addsUp(
      ColumnDefinition added, TableDefinition definition, RowMerger merger) {
    boolean isValue = added.type().isNullable() && !added.fill().equals("NULL");
    if (added.fill().isEmpty() || (ZERO.matcher(added.fill()).matches() && !isValue)) {
      return false;
    }
    List<ColumnDefinition> named = PartLens.named(definition, added.fill(), added.name());
    if (named.stream().anyMatch(column -> merger.combines(column.name()))) {
      return true;
    }
    boolean repeats =
        added.type() instanceof DataType.SimpleAggregate simple
            && IDEMPOTENT.contains(simple.functionName());
    return merger.combines(added.name()) && !(repeats && named.isEmpty());
  }
}
