// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.skip;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.file.FileErrors;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartReader;
import dev.varve.storage.table.ExpressionCompiler;
import dev.varve.storage.table.ExpressionCompiler.Compiled;
import dev.varve.storage.table.SkipIndex;
import dev.varve.storage.table.TableName;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;

/// The skip indexes that a table declares: makes them for parts, and finds those that parts have.
/// Safe for threads.
public final class SkipIndexes {
  private static final int KEPT_FILES = 10_000;

  private final List<Index> indexes;
  private final Map<Path, SoftReference<Optional<SkipIndexData>>> loaded =
      new ConcurrentHashMap<>();

  private SkipIndexes(List<Index> indexes) {
    this.indexes = List.copyOf(indexes);
  }

  /// An index ready to be made and used.
  ///
  /// @param inputs the stored columns that its expressions read
  public record Index(
      SkipIndex definition,
      SkipIndexType type,
      List<Compiled> expressions,
      List<ColumnDefinition> inputs) {
    public Index {
      expressions = List.copyOf(expressions);
      inputs = List.copyOf(inputs);
    }

    public List<DataType> types() {
      return expressions.stream().map(Compiled::type).toList();
    }

    /// What a file must say for the index to be that of these columns of this part: expressions,
    /// types, and the names under which the part stores the columns.
    String meaning(Part part) {
      return expressions.stream()
              .map(e -> e.canonical() + " " + e.type().name())
              .collect(Collectors.joining(", "))
          + " of "
          + storedNames(part);
    }

    private List<String> storedNames(Part part) {
      return inputs.stream()
          .map(column -> String.valueOf(column.nameAt(part.info().schemaVersion())))
          .toList();
    }

    /// Whether the part stores all columns of the index in their types.
    boolean isMadeOf(Part part) {
      for (ColumnDefinition column : inputs) {
        String name = column.nameAt(part.info().schemaVersion());
        boolean found =
            part.columns().stream()
                .anyMatch(c ->
                    c.name().equals(name)
                        && c.type().unwrapped().equals(column.type().unwrapped()));
        if (!found) {
          return false;
        }
      }
      return true;
    }

    public int entries(Part part) {
      return Math.ceilDiv(part.granules(), definition.granularity());
    }
  }

  /// @param stored the stored columns of the table
  /// @param compiler may be null where there is no index
  /// @throws VarveException what is wrong with a declaration, naming the index
  public static SkipIndexes of(
      List<SkipIndex> declared, List<ColumnDefinition> stored, ExpressionCompiler compiler) {
    List<Index> indexes = new ArrayList<>();
    for (SkipIndex definition : declared) {
      indexes.add(index(definition, stored, compiler));
    }
    return new SkipIndexes(indexes);
  }

  private static Index index(
      SkipIndex definition, List<ColumnDefinition> stored, ExpressionCompiler compiler) {
    SkipIndexType type = SkipIndexType.parse(definition.type());
    if (definition.granularity() < 1) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "index \"" + definition.name() + "\": GRANULARITY is 1 or more");
    }
    List<ColumnDefinition> inputs =
        stored.stream().filter(c -> definition.expression().contains(c.name())).toList();
    List<Compiled> expressions =
        ExpressionList.split(definition.expression()).stream()
            .map(text -> compiler.compile(text, inputs))
            .toList();
    Index index = new Index(definition, type, expressions, inputs);
    type.check(definition.name(), index.types());
    return index;
  }

  public List<Index> all() {
    return indexes;
  }

  /// @param table named in the error
  /// @throws VarveException UNKNOWN_IDENTIFIER with a near name
  public Index named(String name, TableName table) {
    for (Index index : indexes) {
      if (index.definition().name().equals(name)) {
        return index;
      }
    }
    List<String> known = indexes.stream().map(index -> index.definition().name()).toList();
    throw new VarveException(
        ErrorCode.UNKNOWN_IDENTIFIER,
        "table " + table + " has no skip index \"" + name + "\"" + NearNames.suggest(name, known));
  }

  /// Makes all indexes of a part whose columns they need are there.
  public void build(DiskPart part, BufferAllocator allocator) {
    indexes.forEach(index -> build(part, index, allocator));
  }

  /// Makes one index of a part; does nothing if the part lacks one of its columns.
  public void build(DiskPart part, Index index, BufferAllocator allocator) {
    if (!index.isMadeOf(part)) {
      return;
    }
    List<String> names = index.storedNames(part);
    try (PartReader reader = part.open(names, allocator);
        Scratch kept = new Scratch(allocator);
        Scratch scratch = new Scratch(allocator)) {
      EntryBuilder builder = EntryBuilder.of(index.type(), index.types(), kept);
      for (int granule = 0; granule < part.granules(); granule++) {
        reader.seek(granule);
        int rows = part.granuleRows(granule);
        builder.add(values(index, reader, rows, scratch), rows);
        scratch.reset();
        boolean isLast = granule == part.granules() - 1;
        if (isLast || (granule + 1) % index.definition().granularity() == 0) {
          builder.endEntry();
        }
      }
      SkipIndexFile.write(part, index, builder.finish());
      loaded.remove(SkipIndexFile.path(part, index.definition().name()));
    }
  }

  private static List<Vector> values(Index index, PartReader reader, int rows, Scratch scratch) {
    List<Vector> columns = new ArrayList<>();
    for (int c = 0; c < index.inputs().size(); c++) {
      columns.add(reader.read(c).as(index.inputs().get(c).type()));
    }
    Batch batch = new Batch(rows, columns);
    return index.expressions().stream().map(e -> e.evaluate(batch, scratch)).toList();
  }

  /// What a part's index says, or nothing where the part has none that can be used.
  public Optional<SkipIndexData> find(Part part, Index index) {
    if (!(part instanceof DiskPart disk)) {
      return Optional.empty();
    }
    Path path = SkipIndexFile.path(disk, index.definition().name());
    SoftReference<Optional<SkipIndexData>> known = loaded.get(path);
    Optional<SkipIndexData> data = known == null ? null : known.get();
    if (data == null) {
      data = SkipIndexFile.read(disk, index);
      if (loaded.size() >= KEPT_FILES) {
        loaded.clear(); // files of parts that are gone
      }
      loaded.put(path, new SoftReference<>(data));
    }
    return data;
  }

  /// Removes an index from a part.
  public void clear(DiskPart part, String name) {
    Path path = SkipIndexFile.path(part, name);
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw FileErrors.of("delete", path, e);
    }
    loaded.remove(path);
  }

  /// Bytes of a part's index on disk, 0 where it has none.
  public static long bytes(DiskPart part, String name) {
    Path path = SkipIndexFile.path(part, name);
    try {
      return Files.exists(path) ? Files.size(path) : 0;
    } catch (IOException e) {
      throw FileErrors.of("read", path, e);
    }
  }
}
