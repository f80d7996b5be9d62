// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan;

import dev.varve.merge.read.VisiblePart;
import dev.varve.sql.operator.GranuleFilter;
import dev.varve.sql.operator.GranuleFilter.Step;
import dev.varve.sql.operator.TableScan;
import dev.varve.storage.part.Part;
import dev.varve.storage.table.TableName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What bounds and indexes leave of the parts and granules of a scan.
public final class ScanReport {
  private final TableScan scan;
  private final List<Part> parts = new ArrayList<>();
  private final List<long[]> wanted = new ArrayList<>();

  private ScanReport(TableScan scan) {
    this.scan = scan;
    for (VisiblePart visible : scan.view().parts()) {
      parts.add(visible.part());
      wanted.add(all(visible.part()));
    }
  }

  private static long[] all(Part part) {
    long[] mask = new long[(part.granules() + 63) >>> 6];
    Arrays.fill(mask, -1L);
    int tail = part.granules() & 63;
    if (tail != 0) {
      mask[mask.length - 1] = (1L << tail) - 1;
    }
    return mask;
  }

  /// What a scan would read.
  public record Estimate(TableName table, long parts, long rows, long marks) {}

  static Estimate estimate(TableScan scan) {
    ScanReport report = new ScanReport(scan);
    report.ask(scan.granules());
    long rows = 0;
    for (int p = 0; p < report.parts.size(); p++) {
      for (int g = 0; g < report.parts.get(p).granules(); g++) {
        boolean isWanted = (report.wanted.get(p)[g >>> 6] >>> g & 1) != 0;
        rows += isWanted ? report.parts.get(p).granuleRows(g) : 0;
      }
    }
    TableName table = scan.view().definition().name();
    return new Estimate(table, report.partsLeft(), rows, report.granulesLeft());
  }

  /// ` parts 2/3 granules 5/120`.
  static String summary(TableScan scan) {
    ScanReport report = new ScanReport(scan);
    String all = "/" + report.granulesLeft();
    report.ask(scan.granules());
    return " parts "
        + report.partsLeft()
        + "/"
        + report.parts.size()
        + " granules "
        + report.granulesLeft()
        + all;
  }

  /// Each filter in the order in which it is asked, with what it leaves of what came to it.
  static void indexes(TableScan scan, String indent, StringBuilder text) {
    ScanReport report = new ScanReport(scan);
    List<Step> steps = scan.granules().steps();
    List<String> primaryKey = scan.view().definition().primaryKey();
    text.append(indent).append("Indexes:\n");
    boolean keyShown = primaryKey.isEmpty();
    for (Step step : steps) {
      if (!keyShown && step.kind().compareTo(GranuleFilter.Kind.PRIMARY_KEY) > 0) {
        report.unusedKey(primaryKey, indent + "  ", text);
        keyShown = true;
      }
      keyShown |= step.kind() == GranuleFilter.Kind.PRIMARY_KEY;
      report.step(step, indent + "  ", text);
    }
    if (!keyShown) {
      report.unusedKey(primaryKey, indent + "  ", text);
    }
  }

  private void unusedKey(List<String> keys, String indent, StringBuilder text) {
    text.append(indent).append("PrimaryKey\n");
    text.append(indent).append("  Condition: true\n");
    counts(parts.size(), granulesLeft(), indent, text);
  }

  private void step(Step step, String indent, StringBuilder text) {
    text.append(indent).append(title(step.kind())).append('\n');
    if (!step.name().isEmpty()) {
      text.append(indent).append("  Name: ").append(step.name()).append('\n');
      text.append(indent).append("  Description: ").append(step.description()).append('\n');
    }
    if (!step.keys().isEmpty()) {
      text.append(indent).append("  Keys:\n");
      step.keys().forEach(key -> text.append(indent).append("    ").append(key).append('\n'));
      text.append(indent).append("  Condition: ").append(step.condition()).append('\n');
    }
    long partsBefore = partsLeft();
    long granulesBefore = granulesLeft();
    ask(step.filter());
    counts(partsBefore, granulesBefore, indent, text);
  }

  private void counts(long partsBefore, long granulesBefore, String indent, StringBuilder text) {
    text.append(indent).append("  Parts: ").append(partsLeft()).append('/').append(partsBefore);
    text.append('\n');
    text.append(indent)
        .append("  Granules: ")
        .append(granulesLeft())
        .append('/')
        .append(granulesBefore)
        .append('\n');
  }

  private static String title(GranuleFilter.Kind kind) {
    return switch (kind) {
      case PARTITION -> "MinMax";
      case PRIMARY_KEY -> "PrimaryKey";
      case STATISTICS -> "Statistics";
      case SKIP -> "Skip";
    };
  }

  private void ask(GranuleFilter filter) {
    for (int p = 0; p < parts.size(); p++) {
      if (!filter.mayMatch(parts.get(p))) {
        Arrays.fill(wanted.get(p), 0);
        continue;
      }
      long[] own = filter.granules(parts.get(p));
      for (int i = 0; own != null && i < own.length; i++) {
        wanted.get(p)[i] &= own[i];
      }
    }
  }

  private long partsLeft() {
    return wanted.stream().filter(mask -> Arrays.stream(mask).anyMatch(w -> w != 0)).count();
  }

  private long granulesLeft() {
    return wanted.stream().flatMapToLong(Arrays::stream).map(Long::bitCount).sum();
  }
}
