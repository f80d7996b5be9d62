// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlWindow;

/// What identifiers can mean inside one SELECT: columns of FROM, aliases of the select list,
/// parameters of lambdas around, and whatever the query outside offers.
///
/// A column of FROM comes before an alias, as in the standard.
final class Names {
  /// One item of FROM.
  ///
  /// @param database of a table named without alias, else empty
  /// @param columns every column that can be named
  /// @param starred those that `*` stands for
  record Source(String alias, String database, List<String> columns, List<String> starred) {
    Source {
      columns = List.copyOf(columns);
      starred = List.copyOf(starred);
    }

    static Source of(String alias, List<String> columns) {
      return new Source(alias, "", columns, columns);
    }
  }

  private final Names outer;
  private final List<Source> sources = new ArrayList<>();
  private final Map<String, SqlNode> aliases = new LinkedHashMap<>();
  private boolean inAggregate;
  private final Set<String> parameters = new HashSet<>();
  private final Set<String> expanding = new HashSet<>();
  private final Map<String, SqlNode> subqueries = new LinkedHashMap<>();
  private final Map<String, String> redirected = new LinkedHashMap<>();
  private final Map<String, Source> preferred = new LinkedHashMap<>();
  private final Map<String, Boolean> using = new HashMap<>();
  private final Map<String, SqlWindow> windows = new LinkedHashMap<>();
  private final Map<String, SqlNode> applied = new LinkedHashMap<>();
  private final Map<String, String> originals = new LinkedHashMap<>();
  private boolean hidesSources;

  Names(Names outer) {
    this.outer = outer;
  }

  void add(Source source) {
    sources.add(source);
  }

  /// Lets a table be named by itself, too, where it has an alias: `system.tables.name`.
  void original(String qualified, String alias) {
    originals.putIfAbsent(qualified, alias);
  }

  /// The item that is this table under an alias, here or outside.
  Optional<Source> originalSource(String qualified) {
    for (Names at = this; at != null; at = at.outer) {
      Optional<String> alias = match(qualified, at.originals.keySet()).map(at.originals::get);
      if (alias.isPresent()) {
        return at.sources.stream().filter(s -> s.alias().equals(alias.get())).findFirst();
      }
    }
    return Optional.empty();
  }

  void alias(String name, SqlNode expression) {
    aliases.putIfAbsent(name, expression);
  }

  List<Source> sources() {
    return sources;
  }

  /// Columns that two sides of a join share: `*` gives them once, and their bare names mean those
  /// of one item.
  void share(List<Source> once, Map<String, Source> meant) {
    for (Source source : once) {
      for (int i = 0; i < sources.size(); i++) {
        if (sources.get(i).alias().equals(source.alias())) {
          sources.set(i, source);
        }
      }
    }
    preferred.putAll(meant);
    hidesSources = true;
  }

  /// A column of USING, which the validator gives once and by its bare name.
  ///
  /// @param mayMissLeft whether the join has rows without a left side
  void using(String column, boolean mayMissLeft) {
    using.merge(column, mayMissLeft, Boolean::logicalOr);
  }

  /// Whether a column is one of USING.
  boolean isUsing(String column) {
    return using.containsKey(column);
  }

  /// The items whose column a bare name of USING means, the first that is not NULL; empty where the
  /// validator knows: it joins two of them, not more.
  List<Source> usedOf(String column) {
    if (!isUsing(column)) {
      return List.of();
    }
    List<Source> having = sources.stream().filter(s -> s.columns().contains(column)).toList();
    return having.size() < 3 ? List.of() : using.get(column) ? having : having.subList(0, 1);
  }

  /// Whether a bare name has to be spelled with its item: more than one have such a column.
  boolean isShared(String column) {
    return hidesSources
        || (!using.containsKey(column)
            && sources.stream().filter(s -> s.columns().contains(column)).count() > 1);
  }

  /// Puts one item in the place of all: what ARRAY JOIN makes of them.
  ///
  /// @param moved columns of the items before, by `alias.column`
  void replaceSources(Source source, Map<String, String> moved) {
    sources.clear();
    sources.add(source);
    redirected.putAll(moved);
  }

  void replaceLast(Source source) {
    sources.set(sources.size() - 1, source);
  }

  /// What became of a column that was in another item before.
  Optional<String> redirected(String qualified) {
    return Optional.ofNullable(redirected.get(qualified));
  }

  /// Some item has a column that no star shows.
  void hideSources() {
    hidesSources = true;
  }

  /// Whether the validator sees more columns than can be named, so that names and stars must be
  /// spelled out with their tables.
  boolean hidesSources() {
    return hidesSources;
  }

  /// The item that has this column, as spelled by [#column].
  Source sourceOf(String column) {
    if (preferred.containsKey(column)) {
      return preferred.get(column);
    }
    for (Source source : sources) {
      if (source.columns().contains(column)) {
        return source;
      }
    }
    throw new IllegalStateException("no source of column " + column);
  }

  /// The item whose column `*` shows for that of this one.
  Source shownIn(Source source, String column) {
    return preferred.getOrDefault(column, source);
  }

  /// Remembers the query behind an alias of FROM, which other items may name.
  void subquery(String alias, SqlNode query) {
    subqueries.put(alias, query);
  }

  Optional<SqlNode> subquery(String alias) {
    return Optional.ofNullable(subqueries.get(alias));
  }

  /// Remembers a window of the WINDOW clause.
  void window(String name, SqlWindow window) {
    windows.put(name, window);
  }

  /// Lets a name mean a value that is rewritten already, or nothing again.
  void applied(String name, SqlNode value) {
    if (value == null) {
      applied.remove(name);
    } else {
      applied.put(name, value);
    }
  }

  Optional<SqlNode> applied(String name) {
    return Optional.ofNullable(applied.get(name));
  }

  /// The window of this name.
  Optional<SqlWindow> window(String name) {
    return match(name, windows.keySet()).map(windows::get);
  }

  Set<String> windows() {
    return windows.keySet();
  }

  Names outer() {
    return outer;
  }

  boolean isParameter(String name) {
    return parameters.contains(name);
  }

  boolean addParameter(String name) {
    return parameters.add(name);
  }

  void removeParameter(String name) {
    parameters.remove(name);
  }

  /// The item of FROM of this name, here or outside.
  Optional<Source> source(String name) {
    for (Names at = this; at != null; at = at.outer) {
      Optional<String> alias = match(name, at.sources.stream().map(Source::alias).toList());
      if (alias.isPresent()) {
        return at.sources.stream().filter(s -> s.alias().equals(alias.get())).findFirst();
      }
    }
    return Optional.empty();
  }

  /// How a column that this name means is spelled, among the items of this SELECT only.
  Optional<String> column(String name) {
    Set<String> all = new LinkedHashSet<>();
    sources.forEach(source -> all.addAll(source.columns()));
    return match(name, all);
  }

  /// The expression behind an alias, unless it is being expanded just now.
  Optional<SqlNode> alias(String name) {
    return match(name, aliases.keySet()).filter(a -> !expanding.contains(a)).map(aliases::get);
  }

  Optional<String> aliasName(String name) {
    return match(name, aliases.keySet());
  }

  /// Whether the expression that is rewritten now is one of an aggregate.
  boolean isInAggregate() {
    return inAggregate;
  }

  void inAggregate(boolean is) {
    inAggregate = is;
  }

  void startExpanding(String alias) {
    expanding.add(alias);
  }

  void endExpanding(String alias) {
    expanding.remove(alias);
  }

  /// Every name that would have been understood, for suggestions.
  Set<String> known() {
    Set<String> known = new LinkedHashSet<>();
    for (Names at = this; at != null; at = at.outer) {
      at.sources.forEach(source -> known.addAll(source.columns()));
      known.addAll(at.aliases.keySet());
      known.addAll(at.parameters);
    }
    return known;
  }

  /// The exact name, else the only one that differs in case alone.
  static Optional<String> match(String wanted, Iterable<String> names) {
    String found = null;
    int near = 0;
    for (String name : names) {
      if (name.equals(wanted)) {
        return Optional.of(name);
      }
      if (name.equalsIgnoreCase(wanted)) {
        found = name;
        near++;
      }
    }
    return near == 1 ? Optional.of(found) : Optional.empty();
  }
}
