// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the commit of an INSERT says of its table beside the rows, durable with them or not at all.
///
/// @param tokens by which the INSERT is known when it comes again
/// @param marks how far what is read has come, by names of whoever inserts; a mark only grows
public record CommitNotes(List<String> tokens, Map<String, Long> marks) {
  public static final CommitNotes NONE = new CommitNotes(List.of(), Map.of());

  public CommitNotes {
    tokens = List.copyOf(tokens);
    marks = Map.copyOf(marks);
  }

  public static CommitNotes token(String token) {
    return new CommitNotes(List.of(token), Map.of());
  }

  boolean isEmpty() {
    return tokens.isEmpty() && marks.isEmpty();
  }

  /// For an INSERT of no rows: one of the same token may bring some yet.
  CommitNotes withoutTokens() {
    return new CommitNotes(List.of(), marks);
  }

  CommitNotes and(CommitNotes other) {
    if (isEmpty()) {
      return other;
    }
    List<String> allTokens = new ArrayList<>(tokens);
    allTokens.addAll(other.tokens);
    Map<String, Long> allMarks = new HashMap<>(marks);
    other.marks.forEach((name, value) -> allMarks.merge(name, value, Math::max));
    return new CommitNotes(allTokens, allMarks);
  }
}
