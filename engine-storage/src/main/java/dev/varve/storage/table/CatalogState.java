// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.table.CatalogChange.Operation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// All that a catalog says at one moment. Immutable: [#apply] makes the next one, and applying the
/// records of a manifest again is how a catalog recovers.
///
/// @param version number of the change that made it, growing by one
/// @param nextPart part ids below this may have been given
/// @param nextTable table ids below this may have been given
/// @param states small states beside the tables by name, their bytes in Base64
/// @param position how far it has come in the changes that it shares with other catalogs
public record CatalogState(
    long version,
    SortedSet<String> databases,
    SortedMap<Long, CatalogTable> tables,
    long nextPart,
    long nextTable,
    SortedMap<String, String> states,
    ReplicaPosition position) {

  /// Before the first change.
  public static CatalogState empty() {
    return new CatalogState(
        0,
        Collections.emptySortedSet(),
        Collections.emptySortedMap(),
        1,
        1,
        Collections.emptySortedMap(),
        ReplicaPosition.START);
  }

  public Optional<CatalogTable> table(TableName name) {
    return tables.values().stream().filter(t -> t.definition().name().equals(name)).findFirst();
  }

  /// The state after a change; nothing of this one changes.
  ///
  /// @throws VarveException UNKNOWN_TABLE if a table of the change is not there
  /// @throws IllegalStateException if the change contradicts this state
  public CatalogState apply(CatalogChange change) {
    Draft draft = new Draft(this);
    change.operations().forEach(draft::apply);
    return draft.finish(version + 1);
  }

  /// The operations that make this state out of the empty one.
  public CatalogChange asChange() {
    List<Operation> operations = new ArrayList<>();
    databases.forEach(name -> operations.add(new Operation.CreateDatabase(name)));
    for (CatalogTable table : tables.values()) {
      long id = table.id();
      operations.add(new Operation.PutTable(id, table.definition()));
      table.parts().values().forEach(part -> operations.add(new Operation.AddPart(part)));
      table
          .deletes()
          .forEach((part, rows) ->
              operations.add(new Operation.PutDeletes(id, part, rows.number(), rows.rows())));
      table
          .offsets()
          .forEach((partition, at) -> operations.add(new Operation.SetOffset(id, partition, at)));
      table.steps().forEach(step -> operations.add(new Operation.PutStep(id, step)));
      operations.add(new Operation.RaiseSequence(id, table.sequence()));
      table
          .quarantined()
          .forEach((part, why) -> operations.add(new Operation.QuarantinePart(id, part, why)));
      table.tokens().forEach(token -> operations.add(new Operation.PutToken(id, token)));
      table.marks().forEach((name, at) -> operations.add(new Operation.PutMark(id, name, at)));
    }
    operations.add(new Operation.RaisePartIds(nextPart));
    operations.add(new Operation.RaiseTableIds(nextTable));
    states.forEach((name, content) -> operations.add(new Operation.PutState(name, content)));
    if (!position.equals(ReplicaPosition.START)) {
      operations.add(new Operation.PutPosition(position));
    }
    return new CatalogChange(operations);
  }

  /// The state as the first record of a manifest holds it.
  public byte[] toBytes() {
    return ChangeCodec.encode(asChange());
  }

  /// Reads what [#toBytes] gave.
  ///
  /// @throws RuntimeException if the bytes are no state; the caller knows file and offset
  public static CatalogState ofBytes(byte[] bytes) {
    return empty().apply(ChangeCodec.decode(ByteBuffer.wrap(bytes)));
  }

  /// The same with these tables and databases alone.
  public CatalogState only(Set<String> keptDatabases, Set<Long> keptTables) {
    TreeSet<String> fewer = new TreeSet<>(databases);
    fewer.retainAll(keptDatabases);
    TreeMap<Long, CatalogTable> left = new TreeMap<>(tables);
    left.keySet().retainAll(keptTables);
    return new CatalogState(
        version,
        Collections.unmodifiableSortedSet(fewer),
        Collections.unmodifiableSortedMap(left),
        nextPart,
        nextTable,
        Collections.emptySortedMap(),
        ReplicaPosition.START);
  }

  /// A state under change. Only the tables that a change touches are copied.
  private static final class Draft {
    private final TreeSet<String> databases;
    private final TreeMap<Long, CatalogTable> tables;
    private final Map<Long, TableDraft> touched = new TreeMap<>();
    private final TreeMap<String, String> states;
    private long nextPart;
    private long nextTable;
    private ReplicaPosition position;

    Draft(CatalogState from) {
      databases = new TreeSet<>(from.databases);
      tables = new TreeMap<>(from.tables);
      states = new TreeMap<>(from.states);
      nextPart = from.nextPart;
      nextTable = from.nextTable;
      position = from.position;
    }

    void apply(Operation operation) {
      switch (operation) {
        case Operation.CreateDatabase(String name) -> databases.add(name);
        case Operation.DropDatabase(String name) -> databases.remove(name);
        case Operation.PutTable(long id, TableDefinition definition) -> put(id, definition);
        case Operation.DropTable(long id) -> drop(id);
        case Operation.AddPart(PartInfo part) -> table(part.table()).add(part);
        case Operation.RemovePart(long id, long part) -> table(id).remove(part);
        case Operation.PutDeletes(long id, long part, int number, long rows) ->
            table(id).delete(part, new CatalogTable.Deletes(number, rows));
        case Operation.SetOffset(long id, int partition, long offset) ->
            table(id).offsets.merge(partition, offset, Math::max);
        case Operation.PutStep(long id, SeqStep step) -> table(id).steps.add(step);
        case Operation.RaiseSequence(long id, long sequence) -> table(id).raise(sequence);
        case Operation.RaisePartIds(long next) -> nextPart = Math.max(nextPart, next);
        case Operation.RaiseTableIds(long next) -> nextTable = Math.max(nextTable, next);
        case Operation.QuarantinePart(long id, long part, Quarantine why) ->
            table(id).quarantine(part, why);
        case Operation.ReleasePart(long id, long part) -> table(id).quarantined.remove(part);
        case Operation.PutToken(long id, String token) -> table(id).remember(token);
        case Operation.ForgetTokens(long id) -> table(id).tokens.clear();
        case Operation.PutMark(long id, String name, long value) ->
            table(id).marks.merge(name, value, Math::max);
        case Operation.PutState(String name, String content) -> states.put(name, content);
        case Operation.PutPosition(ReplicaPosition reached) -> position = reached;
      }
    }

    private void put(long id, TableDefinition definition) {
      nextTable = Math.max(nextTable, id + 1);
      if (tables.containsKey(id) || touched.containsKey(id)) {
        table(id).definition = definition;
      } else {
        touched.put(id, new TableDraft(id, definition));
      }
    }

    private void drop(long id) {
      table(id);
      touched.remove(id);
      tables.remove(id);
    }

    private TableDraft table(long id) {
      TableDraft draft = touched.get(id);
      if (draft == null) {
        CatalogTable table = tables.get(id);
        if (table == null) {
          throw new VarveException(
              ErrorCode.UNKNOWN_TABLE, "the table (number " + id + ") was dropped meanwhile");
        }
        draft = new TableDraft(table);
        touched.put(id, draft);
      }
      return draft;
    }

    CatalogState finish(long version) {
      touched.forEach((id, draft) -> tables.put(id, draft.finish()));
      return new CatalogState(
          version,
          Collections.unmodifiableSortedSet(databases),
          Collections.unmodifiableSortedMap(tables),
          nextPart,
          nextTable,
          Collections.unmodifiableSortedMap(states),
          position);
    }
  }

  private static final class TableDraft {
    private final long id;
    private TableDefinition definition;
    private final TreeMap<Long, PartInfo> parts = new TreeMap<>();
    private final TreeMap<Long, CatalogTable.Deletes> deletes = new TreeMap<>();
    private final TreeMap<Integer, Long> offsets = new TreeMap<>();
    private final List<SeqStep> steps = new ArrayList<>();
    private final TreeMap<Long, Quarantine> quarantined = new TreeMap<>();
    private final List<String> tokens = new ArrayList<>();
    private final TreeMap<String, Long> marks = new TreeMap<>();
    private long sequence;

    TableDraft(long id, TableDefinition definition) {
      this.id = id;
      this.definition = definition;
    }

    TableDraft(CatalogTable from) {
      this(from.id(), from.definition());
      parts.putAll(from.parts());
      deletes.putAll(from.deletes());
      offsets.putAll(from.offsets());
      steps.addAll(from.steps());
      sequence = from.sequence();
      quarantined.putAll(from.quarantined());
      tokens.addAll(from.tokens());
      marks.putAll(from.marks());
    }

    void add(PartInfo part) {
      if (parts.putIfAbsent(part.id(), part) != null) {
        throw new IllegalStateException(part.name() + " is active already");
      }
    }

    void remove(long part) {
      if (parts.remove(part) == null) {
        throw new IllegalStateException("part-" + part + " is not active");
      }
      quarantined.remove(part);
      deletes.remove(part);
    }

    void quarantine(long part, Quarantine why) {
      if (!parts.containsKey(part)) {
        throw new IllegalStateException("part-" + part + " is not active");
      }
      quarantined.put(part, why);
    }

    void delete(long part, CatalogTable.Deletes rows) {
      if (!parts.containsKey(part)) {
        throw new IllegalStateException("part-" + part + " is not active");
      }
      deletes.merge(part, rows, (a, b) -> a.number() > b.number() ? a : b);
    }

    void remember(String token) {
      tokens.remove(token);
      tokens.add(token);
      if (tokens.size() > CatalogTable.TOKENS) {
        tokens.removeFirst();
      }
    }

    void raise(long given) {
      sequence = Math.max(sequence, given);
    }

    CatalogTable finish() {
      return new CatalogTable(
          id,
          definition,
          Collections.unmodifiableMap(parts),
          Collections.unmodifiableMap(deletes),
          Collections.unmodifiableMap(offsets),
          SeqSteps.pruned(steps, offsets),
          sequence,
          Collections.unmodifiableMap(quarantined),
          Collections.unmodifiableList(tokens),
          Collections.unmodifiableMap(marks));
    }
  }
}
