// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.logic;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What came of scripts: how many queries and statements, and of those that failed the cause with
/// how often it happened and the first places.
final class LogicTally {
  private static final int PLACES = 20;

  private record Cause(int[] count, List<String> places) {}

  private final Map<String, Cause> causes = new TreeMap<>();
  private int queries;
  private int failedQueries;
  private int commands;
  private int failedCommands;

  void ran(LogicRecord record) {
    switch (record) {
      case LogicRecord.Query _ -> queries++;
      case LogicRecord.Command _ -> commands++;
    }
  }

  void failed(String file, LogicRecord record, String cause, String detail) {
    switch (record) {
      case LogicRecord.Query _ -> failedQueries++;
      case LogicRecord.Command _ -> failedCommands++;
    }
    Cause known = causes.computeIfAbsent(cause, _ -> new Cause(new int[1], new ArrayList<>()));
    known.count[0]++;
    if (known.places.size() < PLACES) {
      known.places.add(file + ":" + record.line() + "\n" + record.sql() + "\n  " + detail);
    }
  }

  int queries() {
    return queries;
  }

  double percentOfQueries() {
    return queries == 0 ? 0 : 100.0 * (queries - failedQueries) / queries;
  }

  int failedCommands() {
    return failedCommands;
  }

  String summary() {
    return String.format(
        Locale.ROOT,
        "%d of %d queries as expected, %.3f %%; %d of %d statements failed",
        queries - failedQueries,
        queries,
        percentOfQueries(),
        failedCommands,
        commands);
  }

  String report() {
    StringBuilder out = new StringBuilder(summary()).append('\n');
    causes.forEach((cause, all) -> {
      out.append("\n== ").append(all.count[0]).append(" times: ").append(cause).append("\n\n");
      all.places.forEach(place -> out.append(place).append("\n\n"));
    });
    return out.toString();
  }
}
