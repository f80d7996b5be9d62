// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.engine.MergeTable;
import dev.varve.sql.plan.PhysicalPlan;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The setting `after_offset`: records of the log that a query must see, whoever wrote them.
///
/// @param records none where the setting is not given
/// @param patienceNanos how long the query waits for them
record AfterOffset(List<Wanted> records, long patienceNanos) {
  static final String NAME = "after_offset";
  static final String PATIENCE = "after_offset_timeout";
  static final double PATIENCE_SECONDS = 10;

  private static final Pattern ENTRY =
      Pattern.compile(
          "\\s*(?:(?:(?<table>[^:]+):)?(?<partition>\\d{1,9}):)?(?<offset>\\d{1,18})\\s*");

  /// A record of a log partition; without a table, of the one that the query reads.
  record Wanted(Optional<String> table, int partition, long offset) {}

  /// @throws VarveException BAD_ARGUMENTS
  static AfterOffset of(String text, double seconds) {
    List<Wanted> records = new ArrayList<>();
    for (String entry : text.isBlank() ? new String[0] : text.split(",", -1)) {
      Matcher parts = ENTRY.matcher(entry);
      if (!parts.matches()) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS,
            "setting "
                + NAME
                + " takes offsets, parted by commas, as offset, partition:offset or"
                + " table:partition:offset, found \""
                + entry.strip()
                + "\"");
      }
      String partition = parts.group("partition");
      records.add(
          new Wanted(
              Optional.ofNullable(parts.group("table")).map(String::strip),
              partition == null ? 0 : Integer.parseInt(partition),
              Long.parseLong(parts.group("offset"))));
    }
    return new AfterOffset(records, (long) (seconds * TimeUnit.SECONDS.toNanos(1)));
  }

  /// A plan that sees the records: this one, or where that must wait for them another of the same.
  ///
  /// @param plan closed where it is not the one
  /// @param values for its open literals
  /// @throws VarveException TIMEOUT_EXCEEDED
  PhysicalPlan seenBy(
      PhysicalPlan plan,
      EngineParts parts,
      SessionState state,
      List<Object> values,
      Running running) {
    if (records.isEmpty()) {
      return plan;
    }
    try (plan) {
      long deadline = System.nanoTime() + patienceNanos;
      for (Wanted record : records) {
        MergeTable table = table(record, plan.prepared().tables(), parts, state);
        await(table, record, deadline, running);
      }
    }
    return RowQuery.plan(parts, state, plan.prepared(), state.querySettings(), values);
  }

  private static MergeTable table(
      Wanted record, List<MergeTable> read, EngineParts parts, SessionState state) {
    if (record.table().isPresent()) {
      String[] name = record.table().get().split("\\.", 2);
      TableName full =
          name.length == 2
              ? new TableName(name[0], name[1])
              : new TableName(state.database(), name[0]);
      new SessionCatalog(parts.catalog(), state).find(full); // refuses who may not read it
      return parts
          .tables()
          .table(full)
          .filter(table -> !table.definition().isView())
          .orElseThrow(() ->
              new VarveException(
                  ErrorCode.UNKNOWN_TABLE, "setting " + NAME + ": there is no table " + full));
    }
    if (read.size() != 1) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "setting "
              + NAME
              + ": the query reads "
              + read.stream().map(table -> table.definition().name()).toList()
              + "; say whose offset it is, as table:partition:offset");
    }
    return read.getFirst();
  }

  private void await(MergeTable table, Wanted record, long deadline, Running running) {
    while (!table.hasApplied(record.partition(), record.offset())) {
      running.check();
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new VarveException(
            ErrorCode.TIMEOUT_EXCEEDED,
            "waited "
                + TimeUnit.NANOSECONDS.toMillis(patienceNanos)
                + " ms for offset "
                + record.offset()
                + " of partition "
                + record.partition()
                + " of table "
                + table.definition().name()
                + ", which shows records up to "
                + table.appliedOffsets().getOrDefault(record.partition(), 0L)
                + "; system.ingest says what its log does, "
                + PATIENCE
                + " sets the seconds to wait");
      }
      table.awaitRows(TimeUnit.NANOSECONDS.toMillis(left));
    }
  }
}
