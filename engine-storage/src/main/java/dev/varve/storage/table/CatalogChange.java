// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import dev.varve.storage.part.PartInfo;
import java.util.ArrayList;
import java.util.List;

/// Operations that become true together. The same operations, from the empty state on, also spell a
/// snapshot of a whole catalog.
public record CatalogChange(List<Operation> operations) {
  public CatalogChange {
    operations = List.copyOf(operations);
  }

  public static CatalogChange of(Operation... operations) {
    return new CatalogChange(List.of(operations));
  }

  public static Builder builder() {
    return new Builder();
  }

  /// One thing that becomes true. All but DDL are sets and maxima, so that the order in which
  /// concurrent changes of a table reach the catalog does not matter.
  public sealed interface Operation {
    /// A database is there.
    record CreateDatabase(String name) implements Operation {}

    /// A database is gone; its tables are dropped by operations of their own.
    record DropDatabase(String name) implements Operation {}

    /// A table has this definition: CREATE and ALTER.
    record PutTable(long table, TableDefinition definition) implements Operation {}

    /// A table is gone with all its parts, offsets and sequences.
    record DropTable(long table) implements Operation {}

    /// A part is active.
    record AddPart(PartInfo part) implements Operation {}

    /// A part is outdated.
    record RemovePart(long table, long part) implements Operation {}

    /// Rows of an active part are deleted: those in its deleted-rows file of this number, and no
    /// others. The number only grows.
    record PutDeletes(long table, long part, int number, long rows) implements Operation {}

    /// Records of a log partition below this offset are in parts.
    record SetOffset(long table, int partition, long offset) implements Operation {}

    /// Rows of a log partition from an offset on have sequences above `base`.
    record PutStep(long table, SeqStep step) implements Operation {}

    /// No sequence above this was given to an INSERT.
    record RaiseSequence(long table, long sequence) implements Operation {}

    /// An INSERT of this token is in the table; of the latest [CatalogTable#TOKENS] of them that is
    /// remembered.
    record PutToken(long table, String token) implements Operation {}

    /// No token is remembered any more.
    record ForgetTokens(long table) implements Operation {}

    /// Whoever feeds the table has come so far in what it reads; a mark only grows.
    record PutMark(long table, String name, long value) implements Operation {}

    /// Part ids below this may have been given.
    record RaisePartIds(long next) implements Operation {}

    /// Table ids below this may have been given.
    record RaiseTableIds(long next) implements Operation {}

    /// A part is damaged: it stays a part of its table, but nobody reads it until it was repaired.
    record QuarantinePart(long table, long part, Quarantine quarantine) implements Operation {}

    /// A part in quarantine was repaired.
    record ReleasePart(long table, long part) implements Operation {}

    /// A small state beside the tables, kept whole under a name: users, functions.
    ///
    /// @param content its bytes in Base64
    record PutState(String name, String content) implements Operation {}

    /// The catalog has come so far in the changes that it shares with others.
    record PutPosition(ReplicaPosition position) implements Operation {}
  }

  /// Collects operations.
  public static final class Builder {
    private final List<Operation> operations = new ArrayList<>();

    private Builder() {}

    public Builder add(Operation operation) {
      operations.add(operation);
      return this;
    }

    public Builder addPart(PartInfo part) {
      return add(new Operation.AddPart(part));
    }

    public Builder removePart(long table, long part) {
      return add(new Operation.RemovePart(table, part));
    }

    public boolean isEmpty() {
      return operations.isEmpty();
    }

    public CatalogChange build() {
      return new CatalogChange(operations);
    }
  }
}
