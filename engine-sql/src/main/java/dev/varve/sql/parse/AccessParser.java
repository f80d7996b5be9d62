// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import dev.varve.sql.parse.AccessTokens.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads statements about users, roles, grants, row policies and quotas: a small language of its
/// own, told from other statements by its first words.
final class AccessParser {
  private static final Pattern FIRST =
      Pattern.compile(
          "\\A(?:\\s|--[^\\n]*\\n|/\\*.*?\\*/)*(?:GRANT|REVOKE|SHOW\\s+(?:GRANTS|USERS|ROLES)"
              + "|(?:CREATE|ALTER|DROP)\\s+(?:OR\\s+REPLACE\\s+)?(?:USER|ROLE|QUOTA|POLICY"
              + "|ROW\\s+POLICY))\\b.*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private final AccessTokens in;

  private AccessParser(String text) {
    this.in = new AccessTokens(text);
  }

  static boolean isAccess(String text) {
    return FIRST.matcher(text).matches();
  }

  static Statement parse(String text) {
    AccessParser parser = new AccessParser(text);
    AccessStatement statement = parser.statement();
    parser.in.end();
    return new Statement.Access(statement);
  }

  private AccessStatement statement() {
    if (in.take("GRANT")) {
      return grant(false);
    }
    if (in.take("REVOKE")) {
      return grant(true);
    }
    if (in.take("SHOW")) {
      return show();
    }
    boolean create = in.take("CREATE");
    boolean alter = !create && in.take("ALTER");
    if (!create && !alter) {
      in.expect("DROP");
    }
    boolean replace = in.take("OR", "REPLACE");
    if (in.take("USER")) {
      return create ? createUser(replace) : alter ? alterUser() : drop(false);
    }
    if (in.take("ROLE")) {
      return create ? createRole() : drop(true);
    }
    if (in.take("QUOTA")) {
      return create || alter ? quota(replace || alter) : dropQuota();
    }
    in.take("ROW");
    in.expect("POLICY");
    return create || alter ? policy(replace || alter) : dropPolicy();
  }

  private AccessStatement show() {
    if (in.take("USERS")) {
      return new AccessStatement.ShowUsers();
    }
    if (in.take("ROLES")) {
      return new AccessStatement.ShowRoles();
    }
    in.expect("GRANTS");
    return new AccessStatement.ShowGrants(
        in.take("FOR") ? Optional.of(in.name()) : Optional.empty());
  }

  private boolean ifNotExists() {
    return in.take("IF", "NOT", "EXISTS");
  }

  private boolean ifExists() {
    return in.take("IF", "EXISTS");
  }

  private AccessStatement createUser(boolean replace) {
    boolean ifNotExists = ifNotExists();
    return new AccessStatement.CreateUser(in.name(), ifNotExists, replace, userChange());
  }

  private AccessStatement alterUser() {
    boolean ifExists = ifExists();
    String name = in.name();
    Optional<String> rename = in.take("RENAME", "TO") ? Optional.of(in.name()) : Optional.empty();
    return new AccessStatement.AlterUser(name, ifExists, rename, userChange());
  }

  private AccessStatement.UserChange userChange() {
    Optional<String> password = Optional.empty();
    Optional<String> database = Optional.empty();
    Optional<List<AccessStatement.Setting>> settings = Optional.empty();
    List<String> roles = List.of();
    while (true) {
      if (in.take("NOT", "IDENTIFIED")) {
        password = Optional.of("");
      } else if (in.take("IDENTIFIED")) {
        password = Optional.of(password());
      } else if (in.take("DEFAULT", "DATABASE")) {
        database = Optional.of(in.take("NONE") ? "" : in.name());
      } else if (in.take("DEFAULT", "ROLE")) {
        roles = in.take("ALL") || in.take("NONE") ? List.of() : names();
      } else if (in.take("SETTINGS")) {
        settings = Optional.of(in.take("NONE") ? List.of() : settings());
      } else {
        return new AccessStatement.UserChange(password, database, settings, roles);
      }
    }
  }

  /// `[WITH method] BY 'password'`. Whatever method is named, Argon2id is what is kept.
  private String password() {
    if (in.take("WITH")) {
      String method = in.name().toLowerCase(Locale.ROOT);
      switch (method) {
        case "no_password" -> {
          return "";
        }
        case "plaintext_password",
            "sha256_password",
            "double_sha1_password",
            "bcrypt_password",
            "scram_sha256_password",
            "argon2id_password" -> {}
        default -> throw in.unexpected("argon2id_password BY 'password'");
      }
    }
    in.expect("BY");
    String password = in.string();
    if (password.isEmpty()) {
      throw in.unexpected("a password that is not empty before this");
    }
    return password;
  }

  private List<AccessStatement.Setting> settings() {
    List<AccessStatement.Setting> settings = new ArrayList<>();
    do {
      String name = in.name();
      String value = in.take("=") ? in.value() : "";
      String min = "";
      String max = "";
      boolean readOnly = false;
      while (true) {
        if (in.take("MIN")) {
          in.take("=");
          min = in.value();
        } else if (in.take("MAX")) {
          in.take("=");
          max = in.value();
        } else if (in.take("READONLY") || in.take("CONST")) {
          readOnly = true;
        } else if (!in.take("WRITABLE")) {
          break;
        }
      }
      settings.add(new AccessStatement.Setting(name, value, min, max, readOnly));
    } while (in.take(","));
    return settings;
  }

  private AccessStatement createRole() {
    boolean ifNotExists = ifNotExists();
    return new AccessStatement.CreateRole(in.name(), ifNotExists);
  }

  private AccessStatement drop(boolean roles) {
    boolean ifExists = ifExists();
    return new AccessStatement.Drop(roles, names(), ifExists);
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    do {
      names.add(in.name());
    } while (in.take(","));
    return names;
  }

  private AccessStatement grant(boolean revoke) {
    boolean optionFirst = revoke && in.take("GRANT", "OPTION", "FOR");
    int start = in.mark();
    List<AccessStatement.Right> rights = rights();
    if (!in.take("ON")) {
      in.reset(start);
      List<String> roles = names();
      in.expect(revoke ? "FROM" : "TO");
      List<String> grantees = names();
      return new AccessStatement.Roles(revoke, roles, grantees, in.take("WITH", "ADMIN", "OPTION"));
    }
    String database = "";
    String table = star();
    if (in.take(".")) {
      database = table;
      table = star();
    }
    in.expect(revoke ? "FROM" : "TO");
    List<String> grantees = names();
    boolean option = in.take("WITH", "GRANT", "OPTION") || optionFirst;
    return new AccessStatement.Rights(revoke, rights, database, table, grantees, option);
  }

  private String star() {
    return in.take("*") ? "*" : in.name();
  }

  private List<AccessStatement.Right> rights() {
    List<AccessStatement.Right> rights = new ArrayList<>();
    do {
      StringBuilder name = new StringBuilder();
      while (in.peek().kind() == Kind.WORD && !in.isNext("ON")) {
        if (in.isNext("TO") || in.isNext("FROM")) {
          break;
        }
        name.append(name.isEmpty() ? "" : " ").append(in.next().text());
      }
      if (name.isEmpty() && in.peek().kind() == Kind.QUOTED) {
        name.append(in.next().text());
      }
      List<String> columns = new ArrayList<>();
      if (in.take("(")) {
        columns.addAll(names());
        in.expect(")");
      }
      rights.add(new AccessStatement.Right(name.toString(), columns));
    } while (in.take(","));
    return rights;
  }

  private Statement.Name table() {
    String first = in.name();
    return in.take(".")
        ? new Statement.Name(Optional.of(first), in.name())
        : new Statement.Name(Optional.empty(), first);
  }

  private AccessStatement policy(boolean replace) {
    boolean ifNotExists = ifNotExists() | ifExists();
    String name = in.name();
    in.expect("ON");
    Statement.Name table = table();
    if (in.take("FOR")) {
      in.expect("SELECT");
    }
    boolean restrictive = kind();
    in.expect("USING");
    String condition = condition();
    restrictive |= kind();
    AccessStatement.Audience to =
        in.take("TO") ? audience() : new AccessStatement.Audience(false, List.of());
    return new AccessStatement.CreatePolicy(
        name, ifNotExists, replace, table, condition, restrictive, to);
  }

  private boolean kind() {
    if (!in.take("AS")) {
      return false;
    }
    if (in.take("RESTRICTIVE")) {
      return true;
    }
    in.expect("PERMISSIVE");
    return false;
  }

  /// The text up to AS PERMISSIVE, AS RESTRICTIVE, TO or the end, outside parentheses.
  private String condition() {
    int from = in.peek().from();
    int to = from;
    int depth = 0;
    while (in.peek().kind() != Kind.END) {
      if (depth == 0 && (in.isNext("TO") || in.isNext(";") || isKind())) {
        break;
      }
      AccessTokens.Token token = in.next();
      depth += token.text().equals("(") ? 1 : token.text().equals(")") ? -1 : 0;
      to = token.to();
    }
    if (to == from) {
      throw in.unexpected("a condition");
    }
    return in.source(from, to);
  }

  private boolean isKind() {
    int mark = in.mark();
    boolean is = in.take("AS", "PERMISSIVE") || in.take("AS", "RESTRICTIVE");
    in.reset(mark);
    return is;
  }

  private AccessStatement.Audience audience() {
    if (in.take("ALL")) {
      return new AccessStatement.Audience(true, in.take("EXCEPT") ? names() : List.of());
    }
    return in.take("NONE")
        ? new AccessStatement.Audience(false, List.of())
        : new AccessStatement.Audience(false, names());
  }

  private AccessStatement dropPolicy() {
    boolean ifExists = ifExists();
    String name = in.name();
    in.expect("ON");
    return new AccessStatement.DropPolicy(name, ifExists, table());
  }

  private AccessStatement quota(boolean replace) {
    boolean ifNotExists = ifNotExists() | ifExists();
    String name = in.name();
    in.take("KEYED", "BY", "user_name");
    in.expect("FOR");
    in.take("RANDOMIZED");
    in.expect("INTERVAL");
    String count = in.value();
    long seconds = Long.parseLong(count.matches("[0-9]{1,9}") ? count : "0") * unit();
    if (seconds <= 0) {
      throw in.unexpected("an interval of whole units before this");
    }
    Map<String, String> limits = new LinkedHashMap<>();
    in.take("MAX");
    do {
      in.take("MAX");
      String resource = in.name();
      in.take("=");
      limits.put(resource, in.value());
    } while (in.take(","));
    AccessStatement.Audience to =
        in.take("TO") ? audience() : new AccessStatement.Audience(false, List.of());
    return new AccessStatement.CreateQuota(name, ifNotExists, replace, seconds, limits, to);
  }

  private long unit() {
    String unit = in.name().toUpperCase(Locale.ROOT);
    return switch (unit) {
      case "SECOND", "SECONDS" -> 1;
      case "MINUTE", "MINUTES" -> 60;
      case "HOUR", "HOURS" -> 3_600;
      case "DAY", "DAYS" -> 86_400;
      case "WEEK", "WEEKS" -> 604_800;
      case "MONTH", "MONTHS" -> 2_592_000;
      case "QUARTER", "QUARTERS" -> 3 * 2_592_000;
      case "YEAR", "YEARS" -> 365 * 86_400;
      default ->
          throw in.unexpected(
              "SECOND, MINUTE, HOUR, DAY, WEEK, MONTH, QUARTER or YEAR before this");
    };
  }

  private AccessStatement dropQuota() {
    boolean ifExists = ifExists();
    return new AccessStatement.DropQuota(in.name(), ifExists);
  }
}
