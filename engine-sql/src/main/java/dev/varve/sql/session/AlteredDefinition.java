// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.rule.RowLayout;
import dev.varve.sql.parse.AlterAction;
import dev.varve.sql.parse.Statement;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.column.ColumnDefinition.Kind;
import dev.varve.storage.column.ColumnDefinition.Naming;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.ExpressionCompiler;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.type.DataType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// A definition that actions of an ALTER change, one after another. One thread.
///
/// What parts store is not touched: a column remembers under which names parts of earlier schema
/// versions have it, so one that is dropped and added again never shows what it held before.
final class AlteredDefinition {
  private final TableDefinition before;
  private final Definitions definitions;
  private final int version;
  private final List<ColumnDefinition> columns;
  private TableDefinition now;

  AlteredDefinition(TableDefinition before, ExpressionCompiler compiler) {
    this.before = before;
    this.now = before;
    this.definitions = new Definitions(compiler);
    this.version = before.schemaVersion() + 1;
    this.columns = new ArrayList<>(before.columns());
  }

  TableDefinition with(List<AlterAction.OfDefinition> actions) {
    actions.forEach(this::apply);
    rememberFormat();
    return now.change().columns(columns).schemaVersion(version).done();
  }

  /// Keeps what records looked like until now, if that changes.
  private void rememberFormat() {
    Map<String, String> all = new TreeMap<>(now.settings());
    boolean changes =
        TableDefinition.RECORD_FORMAT.stream()
            .anyMatch(name -> !Objects.equals(all.get(name), before.settings().get(name)));
    if (!changes) {
      return;
    }
    for (String name : TableDefinition.RECORD_FORMAT) {
      all.remove(TableDefinition.BEFORE + name);
      String value =
          name.equals("log_format")
              ? before.settings().getOrDefault(name, "JSONEachRow")
              : before.settings().get(name);
      if (value != null) {
        all.put(TableDefinition.BEFORE + name, value);
      }
    }
    now = now.change().settings(all).done();
  }

  private void apply(AlterAction.OfDefinition action) {
    switch (action) {
      case AlterAction.AddColumn add -> add(add);
      case AlterAction.DropColumn drop -> drop(drop);
      case AlterAction.ModifyColumn modify -> modify(modify);
      case AlterAction.RemoveOfColumn remove -> remove(remove);
      case AlterAction.RenameColumn rename -> rename(rename);
      case AlterAction.CommentColumn(String name, String comment, boolean ifExists) ->
          find(name, ifExists).ifPresent(at -> change(at, c -> c.withComment(comment)));
      case AlterAction.ForgetColumn(String name, boolean ifExists) ->
          find(name, ifExists)
              .ifPresent(at -> {
                refuseInKey(columns.get(at));
                change(at, this::since);
              });
      case AlterAction.ModifyComment(String comment) -> now = now.change().comment(comment).done();
      case AlterAction.ModifyOrderBy(List<String> key) -> orderBy(key);
      case AlterAction.ModifyTtl(var rules) -> now = now.change().ttls(rules).done();
      case AlterAction.ModifySettings(Map<String, String> settings) -> {
        Map<String, String> all = new TreeMap<>(now.settings());
        all.putAll(Definitions.settings(settings));
        now = now.change().settings(all).done();
      }
      case AlterAction.ResetSettings(List<String> names) -> {
        Map<String, String> all = new TreeMap<>(now.settings());
        all.keySet().removeAll(names);
        now = now.change().settings(all).done();
      }
      case AlterAction.AddIndex add -> {
        if (isNew("index", add.index().name(), now.indexes(), i -> i.name(), add.ifNotExists())) {
          now =
              now.change()
                  .indexes(placed(now.indexes(), add.index(), i -> i.name(), add.place()))
                  .done();
        }
      }
      case AlterAction.DropIndex(String name, boolean ifExists) ->
          now =
              now.change()
                  .indexes(without("index", name, now.indexes(), i -> i.name(), ifExists))
                  .done();
      case AlterAction.AddConstraint(var constraint, boolean ifNotExists) -> {
        if (isNew("constraint", constraint.name(), now.constraints(), c -> c.name(), ifNotExists)) {
          now =
              now.change()
                  .constraints(
                      placed(now.constraints(), constraint, c -> c.name(), Optional.empty()))
                  .done();
        }
      }
      case AlterAction.DropConstraint(String name, boolean ifExists) ->
          now =
              now.change()
                  .constraints(
                      without("constraint", name, now.constraints(), c -> c.name(), ifExists))
                  .done();
      case AlterAction.AddProjection(var projection, boolean ifNotExists) -> {
        if (isNew("projection", projection.name(), now.projections(), p -> p.name(), ifNotExists)) {
          now =
              now.change()
                  .projections(
                      placed(now.projections(), projection, p -> p.name(), Optional.empty()))
                  .done();
        }
      }
      case AlterAction.DropProjection(String name, boolean ifExists) ->
          now =
              now.change()
                  .projections(
                      without("projection", name, now.projections(), p -> p.name(), ifExists))
                  .done();
      case AlterAction.TouchProjection(String name, boolean ifExists) ->
          without("projection", name, now.projections(), p -> p.name(), ifExists);
    }
  }

  private <T> boolean isNew(
      String what, String name, List<T> there, Function<T, String> nameOf, boolean ifNotExists) {
    boolean isThere = there.stream().anyMatch(t -> nameOf.apply(t).equals(name));
    if (isThere && !ifNotExists) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "table " + before.name() + " has the " + what + " \"" + name + "\" already");
    }
    return !isThere;
  }

  private static <T> List<T> placed(
      List<T> there, T added, Function<T, String> nameOf, Optional<AlterAction.Place> place) {
    List<T> all = new ArrayList<>(there);
    int at = all.size();
    if (place.isPresent()) {
      at = 0;
      for (int i = 0; i < all.size() && place.get().after().isPresent(); i++) {
        at = nameOf.apply(all.get(i)).equals(place.get().after().get()) ? i + 1 : at;
      }
    }
    all.add(at, added);
    return all;
  }

  private <T> List<T> without(
      String what, String name, List<T> there, Function<T, String> nameOf, boolean ifExists) {
    List<T> left = there.stream().filter(t -> !nameOf.apply(t).equals(name)).toList();
    if (left.size() == there.size() && !ifExists) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "table "
              + before.name()
              + " has no "
              + what
              + " \""
              + name
              + "\""
              + NearNames.suggest(name, there.stream().map(nameOf).toList()));
    }
    return left;
  }

  private void add(AlterAction.AddColumn add) {
    List<ColumnDefinition> added = definitions.columns(List.of(add.column()), columns);
    Optional<AlterAction.Place> place = add.place();
    for (ColumnDefinition column : added) {
      if (columns.stream().anyMatch(c -> c.name().equals(column.name()))) {
        if (add.ifNotExists()) {
          continue;
        }
        throw new VarveException(
            ErrorCode.DUPLICATE_COLUMN,
            "table "
                + before.name()
                + " has the column \""
                + column.name()
                + "\" already; choose another name, or say IF NOT EXISTS");
      }
      columns.add(placeOf(column.name(), place), since(column));
      place = Optional.of(new AlterAction.Place(Optional.of(column.name())));
    }
  }

  /// A column whose values begin now: what older rows have is settled here, for good.
  private ColumnDefinition since(ColumnDefinition column) {
    return column.withHistory(
        List.of(new Naming(version, column.name())),
        column.kind() == Kind.EPHEMERAL ? "" : column.expression());
  }

  private int placeOf(String name, Optional<AlterAction.Place> place) {
    if (place.isPresent()) {
      Optional<String> after = place.get().after();
      return after.isEmpty() ? 0 : lastOf(after.get()) + 1;
    }
    int dot = name.indexOf('.');
    for (int i = columns.size() - 1; dot > 0 && i >= 0; i--) {
      if (columns.get(i).name().startsWith(name.substring(0, dot + 1))) {
        return i + 1;
      }
    }
    return columns.size();
  }

  /// Where a column stands, or the last one of a Nested.
  private int lastOf(String name) {
    for (int i = columns.size() - 1; i >= 0; i--) {
      if (columns.get(i).name().startsWith(name + ".")) {
        return i;
      }
    }
    return find(name, false).orElseThrow();
  }

  private Optional<Integer> find(String name, boolean ifExists) {
    List<String> names = columns.stream().map(ColumnDefinition::name).toList();
    int exact = names.indexOf(name);
    if (exact >= 0) {
      return Optional.of(exact);
    }
    List<String> near = names.stream().filter(name::equalsIgnoreCase).toList();
    if (near.size() == 1) {
      return Optional.of(names.indexOf(near.getFirst()));
    }
    if (ifExists) {
      return Optional.empty();
    }
    throw new VarveException(
        ErrorCode.NOT_FOUND_COLUMN_IN_BLOCK,
        "table "
            + before.name()
            + " has no column \""
            + name
            + "\""
            + NearNames.suggest(name, names));
  }

  private void change(int at, UnaryOperator<ColumnDefinition> change) {
    columns.set(at, change.apply(columns.get(at)));
  }

  private void drop(AlterAction.DropColumn drop) {
    List<ColumnDefinition> nested =
        columns.stream().filter(c -> c.name().startsWith(drop.name() + ".")).toList();
    if (!nested.isEmpty() && columns.stream().noneMatch(c -> c.name().equals(drop.name()))) {
      nested.forEach(this::refuseInKey);
      columns.removeAll(nested);
      return;
    }
    Optional<Integer> at = find(drop.name(), drop.ifExists());
    if (at.isEmpty()) {
      return;
    }
    ColumnDefinition column = columns.get(at.get());
    refuseInKey(column);
    refuseInExpressions(column);
    columns.remove(column);
  }

  private void refuseInKey(ColumnDefinition column) {
    for (String use : keyExpressions()) {
      if (RowLayout.columnsIn(before, use).contains(column.name())) {
        throw new VarveException(
            ErrorCode.ALTER_OF_COLUMN_IS_FORBIDDEN,
            "column \""
                + column.name()
                + "\" of table "
                + before.name()
                + " is used by \""
                + use
                + "\" in a key or in the engine, and stays as it is; make a new table and copy"
                + " the rows");
      }
    }
  }

  private List<String> keyExpressions() {
    List<String> all = new ArrayList<>(now.orderBy());
    all.addAll(now.partitionBy());
    all.addAll(now.engineArguments());
    return all;
  }

  private void refuseInExpressions(ColumnDefinition column) {
    List<String> uses = new ArrayList<>();
    columns.stream()
        .filter(c -> c != column)
        .forEach(c -> {
          uses.add(c.expression());
          uses.add(c.ttl());
          uses.add(c.fill());
        });
    now.ttls()
        .forEach(ttl -> {
          uses.add(ttl.expression());
          uses.add(ttl.where());
        });
    now.constraints().forEach(constraint -> uses.add(constraint.expression()));
    now.indexes().forEach(index -> uses.add(index.expression()));
    for (String use : uses) {
      if (RowLayout.columnsIn(before, use).contains(column.name())) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS,
            "column \""
                + column.name()
                + "\" of table "
                + before.name()
                + " is used by \""
                + use
                + "\"; change that first");
      }
    }
  }

  private void modify(AlterAction.ModifyColumn modify) {
    Statement.Column given = modify.column();
    Optional<Integer> at = find(given.name(), modify.ifExists());
    if (at.isEmpty()) {
      return;
    }
    ColumnDefinition column = columns.get(at.get());
    ColumnDefinition changed = column;
    if (given.type().isPresent()) {
      DataType type = definitions.columns(List.of(given), columns).getFirst().type();
      if (!type.equals(column.type())) {
        refuseTypeOfKey(column, type);
      }
      changed = FirstValues.settled(changed, type).withType(type);
    }
    if (!given.expression().isEmpty() || given.kind() != Kind.DEFAULT) {
      changed = withDefault(changed, given.kind(), given.expression());
    }
    if (!given.codec().isEmpty()) {
      changed = changed.withCodec(given.codec());
    }
    if (!given.comment().isEmpty()) {
      changed = changed.withComment(given.comment());
    }
    if (given.ttl().isPresent()) {
      changed = changed.withTtl(given.ttl().get());
    }
    columns.set(at.get(), changed);
    if (modify.place().isPresent()) {
      columns.remove(changed);
      columns.add(placeOf(changed.name(), modify.place()), changed);
    }
  }

  private ColumnDefinition withDefault(ColumnDefinition column, Kind kind, String expression) {
    if (column.kind() != kind) {
      refuseInKey(column);
    }
    ColumnDefinition changed = column.withDefault(kind, expression);
    return changed.isStored() && !column.isStored() ? since(changed) : changed;
  }

  private void refuseTypeOfKey(ColumnDefinition column, DataType type) {
    boolean sameOrder =
        column.type().unwrapped().equals(type.unwrapped())
            && column.type().isNullable() == type.isNullable();
    if (!sameOrder) {
      refuseInKey(column);
    }
  }

  private void remove(AlterAction.RemoveOfColumn remove) {
    Optional<Integer> at = find(remove.name(), remove.ifExists());
    if (at.isEmpty()) {
      return;
    }
    ColumnDefinition column = columns.get(at.get());
    columns.set(
        at.get(),
        switch (remove.what()) {
          case "DEFAULT", "MATERIALIZED", "ALIAS", "EPHEMERAL" -> {
            boolean isSo =
                column.kind().name().equals(remove.what()) && !column.expression().isEmpty();
            if (!isSo) {
              throw missing(remove);
            }
            yield withDefault(column, Kind.DEFAULT, "");
          }
          case "CODEC" -> column.withCodec("");
          case "COMMENT" -> column.withComment("");
          case "TTL" -> {
            if (column.ttl().isEmpty()) {
              throw missing(remove);
            }
            yield column.withTtl("");
          }
          case "SETTINGS" -> column;
          default ->
              throw new VarveException(
                  ErrorCode.SYNTAX_ERROR,
                  "REMOVE takes away DEFAULT, MATERIALIZED, ALIAS, CODEC, COMMENT or TTL; found "
                      + remove.what());
        });
  }

  private VarveException missing(AlterAction.RemoveOfColumn remove) {
    return new VarveException(
        ErrorCode.BAD_ARGUMENTS,
        "column \""
            + remove.name()
            + "\" of table "
            + before.name()
            + " has no "
            + remove.what()
            + " to remove");
  }

  private void rename(AlterAction.RenameColumn rename) {
    Optional<Integer> at = find(rename.from(), rename.ifExists());
    if (at.isEmpty()) {
      return;
    }
    ColumnDefinition column = columns.get(at.get());
    refuseInKey(column);
    if (columns.stream().anyMatch(c -> c.name().equals(rename.to()))) {
      throw new VarveException(
          ErrorCode.DUPLICATE_COLUMN,
          "table " + before.name() + " has the column \"" + rename.to() + "\" already");
    }
    List<Naming> namings = new ArrayList<>(column.namings());
    if (namings.isEmpty()) {
      namings.add(new Naming(0, column.name()));
    }
    namings.removeIf(naming -> naming.since() == version);
    namings.add(new Naming(version, rename.to()));
    String fill = column.fill();
    columns.set(at.get(), column.withName(rename.to()).withHistory(namings, fill));
    NameChange names = new NameChange(column.name(), rename.to());
    columns.replaceAll(names::in);
    now = names.in(now);
  }

  private void orderBy(List<String> key) {
    Set<String> added = new HashSet<>();
    columns.stream()
        .filter(c -> before.column(c.name()).isEmpty())
        .forEach(c -> added.add(c.name()));
    List<String> sorting = now.orderBy();
    boolean extendsIt =
        key.size() >= sorting.size() && key.subList(0, sorting.size()).equals(sorting);
    boolean byNewOnes = extendsIt && added.containsAll(key.subList(sorting.size(), key.size()));
    boolean plain =
        byNewOnes
            && columns.stream()
                .filter(c -> key.contains(c.name()) && added.contains(c.name()))
                .allMatch(c -> c.expression().isEmpty());
    if (!plain && !key.equals(sorting)) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "the sorting key "
              + sorting
              + " of table "
              + before.name()
              + " can only be continued, by columns without DEFAULT that the same ALTER adds;"
              + " found "
              + key);
    }
    now = now.change().orderBy(key).done();
  }
}
