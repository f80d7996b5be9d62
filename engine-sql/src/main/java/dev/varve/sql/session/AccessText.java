// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.access.AccessState;
import dev.varve.merge.access.Grant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Grants as SQL, and statements without what must not be seen.
final class AccessText {
  private static final Pattern SECRET =
      Pattern.compile(
          "(\\bIDENTIFIED\\b(?:\\s+WITH\\s+\\w+)?\\s+BY\\s+|\\bkafka_\\w+_password\\s*=\\s*)'(?:[^'\\\\]|\\\\.|'')*'?",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private AccessText() {}

  /// What was granted to a user or role itself, a statement each.
  static List<String> grants(AccessState state, String grantee) {
    List<String> lines = new ArrayList<>();
    for (Grant grant : state.grants()) {
      if (grant.grantee().equals(grantee)) {
        String columns =
            grant.columns().isEmpty() ? "" : "(" + String.join(", ", grant.columns()) + ")";
        lines.add(
            "GRANT "
                + grant.privilege().text()
                + columns
                + " ON "
                + (grant.database().isEmpty() ? "*" : grant.database())
                + "."
                + (grant.table().isEmpty() ? "*" : grant.table())
                + " TO "
                + grantee
                + (grant.withGrantOption() ? " WITH GRANT OPTION" : ""));
      }
    }
    for (AccessState.Membership membership : state.memberships()) {
      if (membership.grantee().equals(grantee)) {
        lines.add(
            "GRANT "
                + membership.role()
                + " TO "
                + grantee
                + (membership.admin() ? " WITH ADMIN OPTION" : ""));
      }
    }
    return lines;
  }

  /// The statement with passwords left out, for logs and lists of running queries.
  static String withoutSecrets(String sql) {
    return sql.regionMatches(true, 0, "SELECT", 0, 6)
        ? sql
        : SECRET.matcher(sql).replaceAll("$1'[HIDDEN]'");
  }
}
