// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan;

import dev.varve.merge.engine.MergeTable;
import dev.varve.sql.catalog.Catalog;
import dev.varve.sql.catalog.Relation;
import dev.varve.sql.plan.validate.ScanTable;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.TableScan;

/// A query that was validated and optimized, to be run again over other rows of the same tables. It
/// holds no parts and no values of settings: operators are made of it for each run.
///
/// It remembers what the catalog answered while it was made, and is outdated once any of these
/// answers would be another one.
public final class Prepared {
  /// Calls of functions whose value is settled when a query is, or may be, and words that are such
  /// calls without brackets; the rest are called at each run. A column may have any of these names.
  private static final Pattern SETTLED_EARLY =
      Pattern.compile(
          "\\b(now|today|yesterday|current|local|rand|generate|uuid|user|uptime|host|server"
              + "|query_?id|initial_?query|connection|version|clock|file|read_|url|dictionary)"
              + "\\w*[\"`]?\\s*(\\(|/\\*|--|#)"
              + "|\\b(current_\\w+|localtime\\w*|user|session_user|system_user)\\b",
          Pattern.CASE_INSENSITIVE);

  private final List<String> names;
  private final RelNode tree;
  private final List<Answer> answers;
  private final boolean reusable;
  private final OpenValues open;

  /// What the catalog said of a name.
  record Answer(TableName name, Optional<Relation> relation, Optional<TableDefinition> definition) {
    static Answer of(TableName name, Optional<Relation> relation) {
      return new Answer(
          name,
          relation,
          relation.flatMap(found ->
              switch (found) {
                case Relation.Stored stored -> Optional.of(stored.table().definition());
                case Relation.View view -> Optional.of(view.definition());
                case Relation.Block block -> Optional.of(block.definition());
                case Relation.Rows _ -> Optional.empty();
              }));
    }

    boolean isFixed() {
      return relation.isEmpty() || definition.isPresent();
    }

    boolean still(Catalog catalog) {
      Answer now = of(name, catalog.find(name));
      return definition.equals(now.definition)
          && relation.isPresent() == now.relation.isPresent()
          && (relation.isEmpty() || isSame(relation.get(), now.relation.orElseThrow()));
    }

    private static boolean isSame(Relation before, Relation now) {
      return switch (before) {
        case Relation.Stored(var table) ->
            now instanceof Relation.Stored(var other) && table == other;
        case Relation.Block block ->
            now instanceof Relation.Block other && block.columns().equals(other.columns());
        case Relation.View _, Relation.Rows _ -> true;
      };
    }
  }

  Prepared(List<String> names, RelNode tree, AskedCatalog asked, OpenValues open) {
    this.open = open;
    this.names = List.copyOf(names);
    this.tree = tree;
    this.answers = asked.answers();
    this.reusable =
        asked.isComplete()
            && answers.stream().allMatch(Answer::isFixed)
            && answers.stream()
                .flatMap(a -> a.definition().stream())
                .noneMatch(d -> d.isView() && SETTLED_EARLY.matcher(d.query()).find())
            && readsOnlyTables(tree);
  }

  private static boolean readsOnlyTables(RelNode node) {
    if (node instanceof TableScan scan) {
      ScanTable table = scan.getTable().unwrap(ScanTable.class);
      return table != null
          && switch (table.origin()) {
            case ScanTable.Origin.Stored _ -> true;
            case ScanTable.Origin.Made made -> made.again();
            case ScanTable.Origin.Recursive _ -> false;
          };
    }
    return node.getInputs().stream().allMatch(Prepared::readsOnlyTables);
  }

  List<String> names() {
    return names;
  }

  RelNode tree() {
    return tree;
  }

  /// Whether the query, of this text, may be run again from here.
  public boolean isReusable(String text) {
    return reusable && !SETTLED_EARLY.matcher(text).find();
  }

  /// The literals that another run may have other values for.
  public OpenValues open() {
    return open;
  }

  /// The stored tables that it reads, each once.
  public List<MergeTable> tables() {
    return answers.stream()
        .flatMap(answer -> answer.relation().stream())
        .flatMap(found ->
            found instanceof Relation.Stored(var table) ? Stream.of(table) : Stream.empty())
        .distinct()
        .toList();
  }

  /// Whether the catalog would answer as it did.
  public boolean isCurrent(Catalog catalog) {
    for (Answer answer : answers) {
      if (!answer.still(catalog)) {
        return false;
      }
    }
    return true;
  }
}
