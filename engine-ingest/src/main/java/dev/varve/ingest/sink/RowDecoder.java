// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.sink;

import dev.varve.ingest.format.RecordFormat;
import dev.varve.ingest.record.Decompressor;
import dev.varve.ingest.record.RecordCursor;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.ingest.record.RefusedException.BadRecord;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.RowBuilders;
import dev.varve.storage.format.RowConstraints;
import dev.varve.storage.format.RowDefaults;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Turns the records of a batch into rows of a table, or says which records do not fit and why. One
/// thread at a time.
final class RowDecoder {
  private static final int MAX_RECORD_BYTES = 256 << 20;
  private static final int MAX_REASONS = 100;

  private final String table;
  private final List<ColumnDefinition> columns;
  private final RowDefaults defaults;
  private final RowConstraints constraints;
  private final RecordFormat format;
  private final RecordCursor cursor;
  private int[] records = new int[256];

  /// @param constraints what the rows are held to, or null where they are known to be taken
  RowDecoder(
      String table,
      List<ColumnDefinition> columns,
      RowDefaults defaults,
      RowConstraints constraints,
      RecordFormat format,
      Decompressor decompressor) {
    this.table = table;
    this.columns = columns;
    this.defaults = defaults;
    this.constraints = constraints;
    this.format = format;
    this.cursor = new RecordCursor(decompressor, MAX_RECORD_BYTES);
  }

  /// @throws RefusedException INVALID_RECORD with the records at fault, or what is wrong with the
  ///   batch itself
  DecodedRows decode(byte[] batch, int from, ScratchPool pool) {
    Scratch scratch = pool.take();
    try {
      cursor.open(batch, from);
      RowBuilders rows = new RowBuilders(columns, scratch);
      List<BadRecord> bad = new ArrayList<>();
      while (cursor.next()) {
        record(rows, bad);
      }
      if (!bad.isEmpty()) {
        throw refused(bad);
      }
      int[] indexes = Arrays.copyOf(records, rows.rows());
      return new DecodedRows(whole(rows, scratch), indexes, scratch, pool);
    } catch (RuntimeException e) {
      pool.giveBack(scratch);
      throw e;
    }
  }

  private Batch whole(RowBuilders rows, Scratch scratch) {
    try {
      Batch whole = defaults.fill(rows, scratch);
      if (constraints != null) {
        check(whole, scratch);
      }
      return whole;
    } catch (VarveException e) {
      throw new RefusedException(
          Refusal.INVALID_RECORD,
          "a default or a constraint of table "
              + table
              + " cannot be computed for the records of the batch: "
              + e.getMessage());
    }
  }

  private void check(Batch whole, Scratch scratch) {
    List<BadRecord> bad = new ArrayList<>();
    int last = -1;
    for (RowConstraints.Violation violation : constraints.violations(whole, scratch, MAX_REASONS)) {
      int index = records[violation.row()];
      if (index != last) {
        bad(bad, index, "its row " + constraints.text(violation));
      }
      last = index;
    }
    if (!bad.isEmpty()) {
      throw refused(bad);
    }
  }

  private void record(RowBuilders rows, List<BadRecord> bad) {
    int index = cursor.index();
    if (cursor.valueLength() < 0) {
      bad(bad, index, "a record without a value is no row of table " + table);
      return;
    }
    int from = cursor.valueFrom();
    int before = rows.rows();
    try {
      format.read(rows, cursor.bytes(), from, from + cursor.valueLength());
    } catch (VarveException e) {
      rows.truncate(before);
      bad(bad, index, e.getMessage());
      return;
    }
    if (rows.rows() == before) {
      bad(bad, index, "the record holds no row");
    }
    for (int row = before; row < rows.rows(); row++) {
      remember(row, index);
    }
  }

  private void remember(int row, int record) {
    if (row >= records.length) {
      records = Arrays.copyOf(records, records.length * 2);
    }
    records[row] = record;
  }

  private static void bad(List<BadRecord> bad, int index, String reason) {
    if (bad.size() < MAX_REASONS) {
      bad.add(new BadRecord(index, reason));
    }
  }

  private RefusedException refused(List<BadRecord> bad) {
    BadRecord first = bad.getFirst();
    return new RefusedException(
        Refusal.INVALID_RECORD,
        "record "
            + first.index()
            + " of the batch does not fit table "
            + table
            + ": "
            + first.reason(),
        bad);
  }
}
