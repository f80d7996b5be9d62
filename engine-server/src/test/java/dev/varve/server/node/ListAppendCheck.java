// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Looks at a history of transactions that append values to lists and read lists, and says what no
/// serial order of them, in which each stands between its begin and its end, could have shown.
///
/// The order of the values of a list is the order in which they were written. From it follow what
/// must stand before what: the writer of a value before that of the next one (ww), the writer of a
/// value before who read it as the last (wr), who did not read a value yet before its writer (rw),
/// and whoever ended before another began (rt). A circle is an anomaly: of ww alone G0, with wr
/// G1c, with one rw G-single, with more G2.
final class ListAppendCheck {
  /// What one transaction did.
  ///
  /// @param began when it was first sent, and `ended` when its answer was there
  /// @param appended the value that it appended to each list
  /// @param read what it saw of each list
  record Transaction(
      long began, long ended, Map<Integer, Integer> appended, Map<Integer, List<Integer>> read) {}

  private enum Kind {
    WW,
    WR,
    RW,
    RT
  }

  private record Edge(int to, Kind kind) {}

  private final List<Transaction> history;
  private final List<List<Edge>> edges = new ArrayList<>();
  private final List<String> anomalies = new ArrayList<>();

  private ListAppendCheck(List<Transaction> history) {
    this.history = history.stream().sorted(Comparator.comparingLong(Transaction::began)).toList();
    this.history.forEach(_ -> edges.add(new ArrayList<>()));
  }

  /// What is wrong with a history; nothing if it could have been.
  static List<String> anomalies(List<Transaction> history) {
    ListAppendCheck check = new ListAppendCheck(history);
    check.lists();
    if (check.anomalies.isEmpty()) {
      check.realTime();
      check.circles();
    }
    return check.anomalies;
  }

  // ---- what each list says

  private void lists() {
    Map<Integer, List<Integer>> longest = new TreeMap<>();
    Map<Integer, Map<Integer, Integer>> writers = new HashMap<>();
    for (int i = 0; i < history.size(); i++) {
      int writer = i;
      history
          .get(i)
          .appended()
          .forEach((list, value) ->
              writers.computeIfAbsent(list, _ -> new HashMap<>()).put(value, writer));
      history
          .get(i)
          .read()
          .forEach(
              (list, values) -> longest.merge(list, values, (a, b) -> a.size() < b.size() ? b : a));
    }
    longest.forEach((list, order) -> {
      Map<Integer, Integer> known = writers.getOrDefault(list, Map.of());
      list(list, order, known);
      known.forEach((value, writer) -> {
        if (!order.contains(value)) {
          unread(list, writer);
        }
      });
    });
  }

  private void list(int list, List<Integer> order, Map<Integer, Integer> writers) {
    if (new HashSet<>(order).size() < order.size()) {
      anomalies.add("list " + list + " has a value twice: " + order);
    }
    for (int value : order) {
      if (!writers.containsKey(value)) {
        anomalies.add("list " + list + " has " + value + ", which nobody appended");
        return;
      }
    }
    for (int i = 1; i < order.size(); i++) {
      edge(writers.get(order.get(i - 1)), writers.get(order.get(i)), Kind.WW);
    }
    for (int reader = 0; reader < history.size(); reader++) {
      List<Integer> seen = history.get(reader).read().get(list);
      if (seen == null) {
        continue;
      }
      if (!seen.equals(order.subList(0, seen.size()))) {
        anomalies.add("list " + list + " was " + seen + " and " + order);
        continue;
      }
      if (!seen.isEmpty()) {
        edge(writers.get(seen.getLast()), reader, Kind.WR);
      }
      if (seen.size() < order.size()) {
        edge(reader, writers.get(order.get(seen.size())), Kind.RW);
      }
    }
  }

  /// A value that nobody read came after all who read the list.
  private void unread(int list, int writer) {
    for (int reader = 0; reader < history.size(); reader++) {
      if (history.get(reader).read().containsKey(list)) {
        edge(reader, writer, Kind.RW);
      }
    }
  }

  private void edge(int from, int to, Kind kind) {
    if (from != to) {
      edges.get(from).add(new Edge(to, kind));
    }
  }

  // ---- what the clock says

  /// Whoever ended before one began stands before it; those that stand before others which do so
  /// too need no edge of their own.
  private void realTime() {
    List<Integer> ended = new ArrayList<>();
    List<Integer> byEnd = new ArrayList<>();
    for (int i = 0; i < history.size(); i++) {
      byEnd.add(i);
    }
    byEnd.sort(Comparator.comparingLong(i -> history.get(i).ended()));
    int next = 0;
    for (int i = 0; i < history.size(); i++) {
      while (next < byEnd.size() && history.get(byEnd.get(next)).ended() < history.get(i).began()) {
        Transaction last = history.get(byEnd.get(next));
        ended.removeIf(before -> history.get(before).ended() < last.began());
        ended.add(byEnd.get(next++));
      }
      for (int before : ended) {
        edge(before, i, Kind.RT);
      }
    }
  }

  // ---- circles

  private void circles() {
    for (int from = 0; from < history.size() && anomalies.isEmpty(); from++) {
      for (Edge edge : edges.get(from)) {
        if (edge.kind() != Kind.RT && edge.to() < from) {
          circle(from, edge);
        }
      }
    }
  }

  /// The way back of an edge, if there is one: the one of the mildest kinds.
  private void circle(int from, Edge edge) {
    List<Set<Kind>> kinds =
        List.of(
            Set.of(Kind.WW),
            Set.of(Kind.WW, Kind.WR),
            Set.of(Kind.WW, Kind.WR, Kind.RT),
            Set.of(Kind.WW, Kind.WR, Kind.RW),
            Set.of(Kind.values()));
    if (way(edge.to(), from, kinds.getLast()) == null) {
      return;
    }
    for (Set<Kind> allowed : kinds) {
      List<Edge> back = way(edge.to(), from, allowed);
      if (back != null) {
        List<Edge> all = new ArrayList<>(List.of(edge));
        all.addAll(back);
        anomalies.add(name(all) + ": " + text(from, all));
        return;
      }
    }
  }

  /// A way, if there is one. Whoever began after the goal ended need not be on it: between the two
  /// there is a smaller circle then.
  private List<Edge> way(int from, int to, Set<Kind> allowed) {
    Map<Integer, Integer> before = new HashMap<>();
    Map<Integer, Edge> by = new HashMap<>();
    Deque<Integer> open = new ArrayDeque<>(List.of(from));
    before.put(from, from);
    while (!open.isEmpty()) {
      int at = open.poll();
      if (at == to) {
        List<Edge> way = new ArrayList<>();
        for (int step = to; step != from; step = before.get(step)) {
          way.addFirst(by.get(step));
        }
        return way;
      }
      for (Edge edge : edges.get(at)) {
        boolean isLate = history.get(edge.to()).began() > history.get(to).ended();
        if (!isLate && allowed.contains(edge.kind()) && before.putIfAbsent(edge.to(), at) == null) {
          by.put(edge.to(), edge);
          open.add(edge.to());
        }
      }
    }
    return null;
  }

  private static String name(List<Edge> circle) {
    long unread = circle.stream().filter(edge -> edge.kind() == Kind.RW).count();
    boolean reads = circle.stream().anyMatch(edge -> edge.kind() == Kind.WR);
    boolean clock = circle.stream().anyMatch(edge -> edge.kind() == Kind.RT);
    String name = unread == 0 ? reads ? "G1c" : "G0" : unread == 1 ? "G-single" : "G2";
    return clock ? name + " in real time" : name;
  }

  private String text(int from, List<Edge> circle) {
    StringBuilder text = new StringBuilder(history.get(from).toString());
    circle.forEach(
        edge -> text.append(" -").append(edge.kind()).append("-> ").append(history.get(edge.to())));
    return text.toString();
  }
}
