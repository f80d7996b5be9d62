// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.schema;

import dev.varve.merge.rule.RowLayout;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartReader;
import dev.varve.storage.table.ExpressionCompiler;
import dev.varve.storage.table.ExpressionCompiler.Compiled;
import dev.varve.storage.table.TableDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.arrow.memory.BufferAllocator;

/// Shows parts of any schema version as the present definition has them: columns under their
/// present names and types, and where a part is older than a column, what the column was given when
/// it was added. Safe for threads.
///
/// What a row says so depends on when it was inserted and never on which merge wrote it anew.
public final class PartLens {
  private final TableDefinition definition;
  private final RowLayout layout;
  private final ExpressionCompiler compiler;
  private final BufferAllocator allocator;
  private final Map<String, Compiled> compiled = new ConcurrentHashMap<>();

  /// @param compiler may be null as long as no column needs an expression
  public PartLens(
      TableDefinition definition,
      RowLayout layout,
      ExpressionCompiler compiler,
      BufferAllocator allocator) {
    this.definition = definition;
    this.layout = layout;
    this.compiler = compiler;
    this.allocator = allocator;
  }

  /// The part itself where it is what the definition asks for.
  public Part seen(Part stored) {
    if (stored.info().schemaVersion() >= definition.schemaVersion()) {
      return stored;
    }
    Map<String, ColumnSource> sources = new HashMap<>();
    List<ColumnDefinition> columns = new ArrayList<>();
    boolean same = stored.info().schemaVersion() >= lastKeyChange(stored);
    for (ColumnDefinition column : layout.columns()) {
      ColumnSource source = source(column, stored);
      sources.put(column.name(), source);
      columns.add(column);
      same &= isPlain(source, column);
    }
    for (ColumnDefinition column : layout.stateColumns()) {
      String name = stateName(column.name(), stored);
      if (stored.hasColumn(name)) {
        sources.put(column.name(), new ColumnSource.Stored(name));
        columns.add(column);
        same &= name.equals(column.name());
      }
    }
    return same ? stored : new SeenPart(stored, columns, sources, layout, allocator);
  }

  /// Reads every value of a part that it shows otherwise than it is stored.
  ///
  /// @throws dev.varve.storage.error.VarveException what an expression or a conversion finds wrong
  public void check(Part stored) {
    Part seen = seen(stored);
    if (!(seen instanceof SeenPart part)) {
      return;
    }
    List<String> converted = part.converted();
    if (converted.isEmpty()) {
      return;
    }
    try (PartReader reader = part.open(converted, allocator)) {
      for (int g = 0; g < part.granules(); g++) {
        reader.seek(g);
        for (int c = 0; c < converted.size(); c++) {
          reader.read(c);
        }
      }
    }
  }

  private static boolean isPlain(ColumnSource source, ColumnDefinition column) {
    return source instanceof ColumnSource.Stored(String name) && name.equals(column.name());
  }

  /// Above every version if the part's keys lack a column of the present key.
  private int lastKeyChange(Part stored) {
    for (String key : layout.key()) {
      boolean isOlder =
          definition
              .column(key)
              .map(column -> column.nameAt(stored.info().schemaVersion()) == null)
              .orElse(false);
      if (isOlder) {
        return Integer.MAX_VALUE;
      }
    }
    return 0;
  }

  private ColumnSource source(ColumnDefinition column, Part stored) {
    Optional<ColumnDefinition> declared = definition.column(column.name());
    String name =
        declared.isPresent()
            ? declared.get().nameAt(stored.info().schemaVersion())
            : column.name(); // a hidden one
    if (name == null || !stored.hasColumn(name)) {
      return filled(column, declared.orElse(column), stored);
    }
    ColumnDefinition there =
        stored.columns().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
    if (there.type().equals(column.type())) {
      return new ColumnSource.Stored(name);
    }
    if (there.type().unwrapped().equals(column.type().unwrapped())
        && there.type().isNullable() == column.type().isNullable()) {
      return new ColumnSource.Retyped(name, column.type());
    }
    ColumnDefinition input = ColumnDefinition.of("value", there.type());
    String cast = "CAST(value AS " + column.type().name() + ")";
    Compiled compiledCast =
        compiled.computeIfAbsent(
            there.type().name() + " " + cast, _ -> compiler.compile(cast, List.of(input)));
    return new ColumnSource.Cast(name, compiledCast, column.type());
  }

  /// The hidden column of a rule under the name that the part has for it: that of the column it
  /// goes with.
  private String stateName(String name, Part stored) {
    if (!name.startsWith("_seq(")) {
      return name;
    }
    String of = name.substring(5, name.length() - 1);
    String then =
        definition.column(of).map(c -> c.nameAt(stored.info().schemaVersion())).orElse(of);
    return then == null ? name : "_seq(" + then + ")";
  }

  private ColumnSource filled(ColumnDefinition column, ColumnDefinition declared, Part stored) {
    if (!declared.fill().isEmpty() && compiler != null) {
      List<ColumnDefinition> known = named(definition, declared.fill(), declared.name());
      String text = "CAST((" + declared.fill() + ") AS " + column.type().name() + ")";
      Compiled fill =
          compiled.computeIfAbsent(column.name() + " " + text, _ -> compiler.compile(text, known));
      List<String> inputs =
          known.stream().filter(ColumnDefinition::isStored).map(ColumnDefinition::name).toList();
      return new ColumnSource.Computed(fill, inputs, column.type());
    }
    return sibling(column, stored)
        .<ColumnSource>map(sibling -> new ColumnSource.Sized(sibling, column.type()))
        .orElseGet(() -> new ColumnSource.Constant(column.type()));
  }

  /// The columns that an expression names, and those that its ALIAS columns name.
  static List<ColumnDefinition> named(TableDefinition definition, String expression, String own) {
    Set<String> names = new LinkedHashSet<>();
    List<String> open = new ArrayList<>(List.of(expression));
    while (!open.isEmpty()) {
      for (String name : RowLayout.columnsIn(definition, open.removeLast())) {
        ColumnDefinition column = definition.column(name).orElseThrow();
        if (!name.equals(own) && names.add(name) && !column.isStored()) {
          open.add(column.expression());
        }
      }
    }
    return definition.columns().stream().filter(c -> names.contains(c.name())).toList();
  }

  /// A column of the same Nested that the part has: it says how long the arrays are.
  private Optional<String> sibling(ColumnDefinition column, Part stored) {
    int dot = column.name().indexOf('.');
    if (dot < 0 || !column.type().name().startsWith("Array(")) {
      return Optional.empty();
    }
    String prefix = column.name().substring(0, dot + 1);
    return definition.columns().stream()
        .filter(c -> c.isStored() && c.name().startsWith(prefix))
        .filter(c -> c.type().name().startsWith("Array("))
        .filter(c -> {
          String name = c.nameAt(stored.info().schemaVersion());
          return name != null && stored.hasColumn(name);
        })
        .map(ColumnDefinition::name)
        .findFirst();
  }
}
