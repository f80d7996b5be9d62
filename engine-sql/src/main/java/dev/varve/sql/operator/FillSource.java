// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.merge.aggregate.ValueOrder;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/// A running [Fill]. The last row given is kept, for groups and for what is computed of it.
final class FillSource implements BatchSource {
  private final Fill plan;
  private final ParallelSource source;
  private final QueryContext context;
  private final Scratch scratch;
  private final Scratch flat;
  private final Scratch kept;
  private final List<DataType> types;
  private final FillCursor cursor;
  private final BigDecimal[] goal;
  private BatchSource share;
  private int nextShare = 1;
  private Batch batch;
  private int row;
  private boolean started;
  private boolean ended;
  private List<VectorBuilder> builders;
  private final Scratch ofGroup;
  private Batch group;
  private Batch previous;

  // Rows between two others may be more than a batch: the work stops and goes on here.
  private boolean pending;
  private boolean pendingRow;
  private boolean suffixDone;

  FillSource(Fill plan, ParallelSource source, QueryContext context) {
    this.plan = plan;
    this.source = source;
    this.context = context;
    this.scratch = context.newScratch();
    this.flat = context.newScratch();
    this.kept = context.newScratch();
    this.ofGroup = context.newScratch();
    this.types = plan.types();
    this.cursor = new FillCursor(plan.keys());
    this.goal = new BigDecimal[plan.keys().size()];
    this.share = source.worker(0);
  }

  @Override
  public Batch next() {
    if (ended) {
      return null;
    }
    scratch.reset();
    builders = types.stream().map(type -> new VectorBuilder(type, scratch)).toList();
    while (!ended && builders.getFirst().rows() < Batch.MAX_ROWS - 1) {
      context.check();
      step();
    }
    int rows = builders.getFirst().rows();
    if (rows == 0) {
      return null;
    }
    return new Batch(rows, builders.stream().map(VectorBuilder::build).toList());
  }

  /// Gives one row at least, or finds the end.
  private void step() {
    if (pending) {
      resume();
      return;
    }
    if (batch == null || row == batch.rows()) {
      advance();
      if (batch == null) {
        finishGroup(true);
        return;
      }
    }
    if (!started || isNewGroup()) {
      if (started && !suffixDone) {
        finishGroup(false);
        return;
      }
      startGroup();
    } else {
      goTo(true);
    }
  }

  private void resume() {
    while (builders.getFirst().rows() < Batch.MAX_ROWS - 1) {
      if (!cursor.next(goal)) {
        pending = false;
        if (pendingRow) {
          copyRow();
        } else if (batch == null) {
          ended = true;
        }
        return;
      }
      insert();
    }
  }

  private void advance() {
    flat.reset();
    for (batch = share.next(); batch == null && nextShare < source.parallelism(); ) {
      share.close();
      share = source.worker(nextShare++);
      batch = share.next();
    }
    if (batch != null) {
      List<Vector> columns = new ArrayList<>();
      batch.columns().forEach(column -> columns.add(VectorOps.flatten(column, flat)));
      batch = new Batch(batch.rows(), columns);
    }
    row = 0;
  }

  private boolean isNewGroup() {
    for (int column : plan.prefix()) {
      Vector now = batch.column(column);
      Vector before = group.column(column);
      boolean bothNull = now.isNull(row) && before.isNull(0);
      boolean oneNull = now.isNull(row) != before.isNull(0);
      if (oneNull || (!bothNull && ValueOrder.compare(now, row, before, 0) != 0)) {
        return true;
      }
    }
    return false;
  }

  private BigDecimal[] values() {
    BigDecimal[] values = new BigDecimal[goal.length];
    for (int k = 0; k < goal.length; k++) {
      values[k] = FillStep.stored(batch.column(plan.keys().get(k).columns().getFirst()), row);
    }
    return values;
  }

  private void startGroup() {
    started = true;
    suffixDone = false;
    BigDecimal[] values = values();
    BigDecimal[] at = cursor.at();
    if (!plan.prefix().isEmpty()) {
      ofGroup.reset();
      group = oneRow(batch, row, ofGroup);
    }
    previous = null;
    for (int k = 0; k < goal.length; k++) {
      BigDecimal from = plan.keys().get(k).from();
      if (from != null && values[k] != null && from.compareTo(values[k]) != 0) {
        cursor.start(k);
        if (cursor.isBefore(k, from, values[k])) {
          insert();
        }
        break;
      }
      at[k] = values[k];
    }
    goTo(false);
  }

  /// Fills up to the current row, and gives it.
  ///
  /// @param again whether a row of the group was met before
  private void goTo(boolean again) {
    boolean insertsFirst = again && (cursor.isNull() || cursor.isBefore(goal, cursor.at()));
    BigDecimal[] values = values();
    for (int k = 0; k < goal.length; k++) {
      BigDecimal to = plan.keys().get(k).to();
      goal[k] =
          to == null || values[k] == null || cursor.isBefore(k, values[k], to) ? values[k] : to;
    }
    if (insertsFirst && cursor.isBefore(cursor.at(), goal)) {
      insert();
    }
    pending = true;
    pendingRow = true;
    resume();
  }

  private void copyRow() {
    for (int c = 0; c < types.size(); c++) {
      builders.get(c).append(batch.column(c), row);
    }
    cursor.met(values());
    keep(batch, row);
    row++;
    pendingRow = false;
  }

  private void finishGroup(boolean atEnd) {
    suffixDone = true;
    boolean insertsFirst;
    if (started) {
      insertsFirst = cursor.isBefore(goal, cursor.at());
    } else {
      cursor.start(0);
      insertsFirst = true;
    }
    for (int k = 0; k < goal.length; k++) {
      BigDecimal to = plan.keys().get(k).to();
      goal[k] = to == null ? cursor.limit(k) : to;
    }
    if (insertsFirst && !cursor.isNull() && cursor.isBefore(cursor.at(), goal)) {
      insert();
    }
    pending = true;
    pendingRow = false;
    if (!atEnd) {
      started = true;
    }
    resume();
  }

  private void keep(Batch from, int at) {
    if (!plan.interpolations().isEmpty()) {
      kept.reset();
      previous = oneRow(from, at, kept);
    }
  }

  private Batch oneRow(Batch from, int at, Scratch target) {
    List<Vector> columns = new ArrayList<>();
    for (int c = 0; c < types.size(); c++) {
      VectorBuilder one = new VectorBuilder(types.get(c), target);
      if (from == null) {
        one.appendDefault();
      } else {
        one.append(from.column(c), at);
      }
      columns.add(one.build());
    }
    return new Batch(1, columns);
  }

  private Vector defaultOf(DataType type) {
    VectorBuilder one = new VectorBuilder(type, scratch);
    one.appendDefault();
    return one.build();
  }

  /// A new row where the cursor stands.
  private void insert() {
    Vector[] values = new Vector[types.size()];
    for (int k = 0; k < goal.length; k++) {
      for (int column : plan.keys().get(k).columns()) {
        VectorBuilder one = new VectorBuilder(types.get(column), scratch);
        if (cursor.at()[k] == null) {
          one.appendDefault();
        } else {
          FillStep.append(cursor.at()[k], one);
        }
        values[column] = one.build();
      }
    }
    for (int column : plan.prefix()) {
      values[column] = group.column(column);
    }
    if (!plan.interpolations().isEmpty() && previous == null) {
      kept.reset();
      previous = oneRow(null, 0, kept);
    }
    for (Fill.Interpolation interpolation : plan.interpolations()) {
      values[interpolation.column()] =
          VectorOps.flatten(interpolation.expression().evaluate(previous, scratch), scratch);
    }
    for (int c = 0; c < types.size(); c++) {
      if (values[c] == null) {
        builders.get(c).appendDefault();
      } else {
        builders.get(c).append(values[c], 0);
      }
    }
    if (!plan.interpolations().isEmpty()) {
      List<Vector> columns = new ArrayList<>();
      for (int c = 0; c < types.size(); c++) {
        columns.add(values[c] == null ? defaultOf(types.get(c)) : values[c]);
      }
      keep(new Batch(1, columns), 0);
    }
  }

  @Override
  public void close() {
    share.close();
    scratch.close();
    flat.close();
    kept.close();
    ofGroup.close();
  }
}
