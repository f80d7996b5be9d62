// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.part.LogRange;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.part.SeqRange;
import dev.varve.storage.table.CatalogChange.Operation;
import dev.varve.storage.type.DataTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Changes that fit a state, for tests.
final class RandomChanges {
  private RandomChanges() {}

  static TableDefinition definition(String comment, int version) {
    TableDefinition plain = plainDefinition(comment, version);
    if (version % 2 == 0) {
      return plain;
    }
    return plain
        .change()
        .columns(
            List.of(
                plain
                    .columns()
                    .getFirst()
                    .withTtl("day + INTERVAL 1 DAY")
                    .withHistory(List.of(new ColumnDefinition.Naming(2, "k")), "7"),
                plain.columns().getLast()))
        .indexes(List.of(new SkipIndex("i", "key + 1", "set(100)", 4)))
        .ttls(
            List.of(
                TtlRule.delete("day", "key > 3"),
                new TtlRule(
                    "day",
                    TtlRule.Action.GROUP_BY,
                    "",
                    List.of("key"),
                    List.of("zähler = any(zähler)"),
                    "")))
        .constraints(List.of(new Constraint("c", true, "key > 0")))
        .projections(List.of(new Projection("p", "SELECT 1")))
        .target(Optional.of(new TableName("default", "to")))
        .done();
  }

  private static TableDefinition plainDefinition(String comment, int version) {
    return new TableDefinition(
        new TableName("default", "table \"1\""),
        List.of(
            ColumnDefinition.of("key", DataTypes.parse("Nullable(UInt64)")),
            new ColumnDefinition(
                "zähler",
                DataTypes.parse("Array(Decimal(38, 4))"),
                ColumnDefinition.Kind.MATERIALIZED,
                "key + 1",
                "ZSTD(3)",
                "a comment")),
        "ReplacingMergeTree",
        List.of("key"),
        List.of("key", "key % 7"),
        List.of("key"),
        List.of("toYYYYMM(day)"),
        Map.of("shards", "3", "index_granularity", "8192"),
        "",
        comment,
        version);
  }

  static CatalogChange change(CatalogState state, RandomGenerator random) {
    CatalogChange.Builder change = CatalogChange.builder();
    List<CatalogTable> tables = new ArrayList<>(state.tables().values());
    if (tables.isEmpty() || random.nextInt(8) == 0) {
      long id = state.nextTable();
      return change.add(new Operation.PutTable(id, definition("table " + id, 1))).build();
    }
    for (int i = 1 + random.nextInt(3); i > 0 && !tables.isEmpty(); i--) {
      CatalogTable table = tables.remove(random.nextInt(tables.size()));
      addTo(change, table, state, random, i);
    }
    return change.build();
  }

  private static void addTo(
      CatalogChange.Builder change,
      CatalogTable table,
      CatalogState state,
      RandomGenerator random,
      int salt) {
    long id = table.id();
    switch (random.nextInt(18)) {
      case 0 -> change.add(new Operation.CreateDatabase("db" + random.nextInt(5)));
      case 1 -> change.add(new Operation.DropDatabase("db" + random.nextInt(5)));
      case 2 -> change.add(new Operation.DropTable(id));
      case 3 -> table.parts().keySet().forEach(part -> change.removePart(id, part));
      case 10 ->
          table
              .parts()
              .keySet()
              .forEach(part ->
                  change.add(new Operation.PutDeletes(id, part, 1 + random.nextInt(9), salt)));
      case 11 -> change.add(new Operation.PutToken(id, "token " + salt));
      case 12 -> change.add(new Operation.PutMark(id, "mark " + salt % 3, offset(random)));
      case 13 -> change.add(new Operation.ForgetTokens(id));
      case 17 -> change.add(new Operation.PutState("state " + salt % 3, "c2FsdA" + salt));
      case 14 -> change.add(new Operation.PutPosition(new ReplicaPosition(salt, ~salt)));
      case 4 -> change.add(new Operation.RaisePartIds(state.nextPart() + 10));
      case 5 -> change.add(new Operation.PutTable(id, definition("altered", salt)));
      case 6 ->
          table
              .parts()
              .keySet()
              .forEach(part ->
                  change.add(
                      new Operation.QuarantinePart(
                          id, part, new Quarantine("byte " + salt, offset(random)))));
      case 7 ->
          table
              .quarantined()
              .keySet()
              .forEach(part -> change.add(new Operation.ReleasePart(id, part)));
      default -> {
        long offset = offset(random);
        change.addPart(part(state.nextPart() + salt, id, random));
        change.add(new Operation.RaisePartIds(state.nextPart() + 4));
        change.add(new Operation.SetOffset(id, random.nextInt(3), offset));
        change.add(
            new Operation.PutStep(
                id, new SeqStep(random.nextInt(3), random.nextLong(1000), 3 * offset)));
        change.add(new Operation.RaiseSequence(id, offset));
      }
    }
  }

  private static long offset(RandomGenerator random) {
    return random.nextLong(1000);
  }

  private static PartInfo part(long part, long table, RandomGenerator random) {
    return new PartInfo(
        part,
        table,
        1,
        random.nextInt(3),
        List.of(1L, 2L),
        "(2024,'ä')",
        1 + random.nextLong(1L << 40),
        new SeqRange(5, 5 + random.nextInt(100)),
        List.of(new LogRange(0, 3, 9), new LogRange(2, 0, 1)),
        random.nextLong(1L << 50),
        1_700_000_000_000L);
  }
}
