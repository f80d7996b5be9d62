// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.table.CatalogChange;
import dev.varve.storage.table.CatalogChange.Operation;
import dev.varve.storage.table.CatalogTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What of a table's runs in memory came by the journal: up to which entry rows are visible, up to
/// which they are in parts, and the tokens that no catalog knows yet. Not safe for threads: the
/// tail's lock is held.
final class JournaledRows {
  /// How far parts have come in the journal, among the marks that the catalog has of a table.
  private static final String MARK = "journal";

  private final List<String> tokens = new ArrayList<>();
  private long shown;
  private long durable;

  JournaledRows(CatalogTable table) {
    durable = durable(table);
    shown = durable;
  }

  /// The number below which entries of the journal are in parts of the table.
  static long durable(CatalogTable table) {
    return table.marks().getOrDefault(MARK, 0L);
  }

  /// The marks that mean something in another data directory: its journal is another one.
  static Map<String, Long> marksOfOthers(CatalogTable table) {
    Map<String, Long> marks = new HashMap<>(table.marks());
    marks.remove(MARK);
    return marks;
  }

  /// What [dev.varve.storage.journal.Journal#trim] asks.
  static long durable(EngineContext context, long table) {
    CatalogTable known = context.catalog().state().tables().get(table);
    return known == null ? Long.MAX_VALUE : durable(known);
  }

  void show(long number, List<String> ofInserts) {
    shown = Math.max(shown, number + 1);
    tokens.addAll(ofInserts);
  }

  long durable() {
    return durable;
  }

  boolean knows(String token) {
    return tokens.contains(token);
  }

  /// What a flush that takes all runs of this moment says with its commit.
  Taken take() {
    return new Taken(shown, List.copyOf(tokens));
  }

  /// @param upTo entries below this have no rows but in the runs that are flushed
  record Taken(long upTo, List<String> tokens) {
    void describe(long table, CatalogChange.Builder change) {
      change.add(new Operation.PutMark(table, MARK, upTo));
      tokens.forEach(token -> change.add(new Operation.PutToken(table, token)));
    }
  }

  boolean isNews(Taken taken) {
    return taken.upTo() > durable;
  }

  void committed(Taken taken) {
    durable = taken.upTo();
    tokens.subList(0, taken.tokens().size()).clear();
  }
}
