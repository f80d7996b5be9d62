// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.sql.parse.Statement;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.Map;
import java.util.Set;

/// The setting `readonly`: 0 allows everything, 1 only reading and no change of settings, 2 reading
/// and other settings. Once it is not 0, nothing of the session can take it back.
final class ReadOnly {
  static final String SETTING = "readonly";

  private ReadOnly() {}

  /// Holds the settings of a request to what its session allows.
  ///
  /// @throws VarveException READONLY
  static void checkSettings(Map<String, String> session, Map<String, String> changed) {
    int mode = mode(session);
    if (mode == 0 || changed.isEmpty()) {
      return;
    }
    for (String name : mode == 1 ? changed.keySet() : Set.of(SETTING)) {
      String value = changed.get(name);
      boolean says = value != null && !name.equals(QueryLog.COMMENT);
      if (says && !value.equals(session.getOrDefault(name, ""))) {
        throw new VarveException(
            ErrorCode.READONLY,
            "setting \"" + name + "\" cannot be changed while readonly = " + mode);
      }
    }
  }

  /// @param settings in force for the statement
  /// @throws VarveException READONLY
  static void check(Map<String, String> settings, Statement statement) {
    if (mode(settings) == 0) {
      return;
    }
    switch (statement) {
      case Statement.Query query -> checkSettings(settings, query.settings());
      case Statement.Explain explain when explain.runs().isEmpty() ->
          checkSettings(settings, explain.query().settings());
      case Statement.SetSettings set -> checkSettings(settings, set.settings());
      case Statement.Show _,
          Statement.Describe _,
          Statement.DescribeQuery _,
          Statement.ShowCreate _,
          Statement.ShowCreateDatabase _,
          Statement.ExistsTable _,
          Statement.ExistsDatabase _,
          Statement.Check _,
          Statement.Use _ -> {}
      default ->
          throw new VarveException(
              ErrorCode.READONLY,
              "the statement changes something, and readonly = "
                  + mode(settings)
                  + " allows reading alone; over HTTP send it by POST, as GET only reads");
    }
  }

  private static int mode(Map<String, String> settings) {
    return switch (settings.getOrDefault(SETTING, "0")) {
      case "0", "" -> 0;
      case "1" -> 1;
      case "2" -> 2;
      default ->
          throw new VarveException(ErrorCode.BAD_ARGUMENTS, "setting readonly takes 0, 1 or 2");
    };
  }
}
