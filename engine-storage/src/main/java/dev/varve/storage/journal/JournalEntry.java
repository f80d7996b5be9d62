// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.journal;

import dev.varve.storage.file.FieldReader;
import dev.varve.storage.file.FieldWriter;
import dev.varve.storage.table.SeqStep;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What one commit by the journal says: the rows it brings into tables, all of them or none.
///
/// | field  | meaning                                                                    |
/// |--------|----------------------------------------------------------------------------|
/// | tables | `u32` tables; of each                                                      |
/// | table  | `u64`, the catalog's number of the table                                   |
/// | tokens | `u32` tokens, a text each                                                  |
/// | steps  | `u32` steps of the table's log: `u32` partition, `u64` offset, `u64` base  |
/// | runs   | `u32` runs, each a `u32` of its length and [dev.varve.storage.part.RunBytes] |
public record JournalEntry(List<Rows> rows) {
  public JournalEntry {
    rows = List.copyOf(rows);
  }

  /// The rows for one table.
  ///
  /// @param tokens of INSERTs that are in it
  /// @param steps how offsets of the table's log become sequences behind these rows
  /// @param runs the rows, see [dev.varve.storage.part.RunBytes]
  public record Rows(long table, List<String> tokens, List<SeqStep> steps, List<byte[]> runs) {
    public Rows {
      tokens = List.copyOf(tokens);
      steps = List.copyOf(steps);
      runs = List.copyOf(runs);
    }
  }

  byte[] encode() {
    FieldWriter out = new FieldWriter();
    out.putInt(rows.size());
    for (Rows one : rows) {
      out.putLong(one.table());
      out.putInt(one.tokens().size());
      one.tokens().forEach(out::putText);
      out.putInt(one.steps().size());
      for (SeqStep step : one.steps()) {
        out.putInt(step.partition());
        out.putLong(step.from());
        out.putLong(step.base());
      }
      out.putInt(one.runs().size());
      one.runs().forEach(out::putBytes);
    }
    return out.toByteArray();
  }

  /// @param path named in errors
  static JournalEntry decode(Path path, byte[] bytes) {
    FieldReader in = new FieldReader(path, bytes, 0, bytes.length);
    List<Rows> rows = new ArrayList<>();
    for (int n = in.getCount(20); n > 0; n--) {
      rows.add(rows(in));
    }
    return new JournalEntry(rows);
  }

  private static Rows rows(FieldReader in) {
    long table = in.getLong();
    List<String> tokens = new ArrayList<>();
    for (int n = in.getCount(4); n > 0; n--) {
      tokens.add(in.getText());
    }
    List<SeqStep> steps = new ArrayList<>();
    for (int n = in.getCount(20); n > 0; n--) {
      steps.add(new SeqStep(in.getInt(), in.getLong(), in.getLong()));
    }
    List<byte[]> runs = new ArrayList<>();
    for (int n = in.getCount(4); n > 0; n--) {
      runs.add(in.getBytes());
    }
    return new Rows(table, tokens, steps, runs);
  }
}
